-- One row: a held event of the group.
WITH hosting AS (SELECT event, MIN(is_staff) AS by_staff, MAX(is_staff) AS has_staff FROM temp.hosted WHERE grp = :group GROUP BY event)
SELECT e.starts_at AS at, e.starts_on AS on_date, r.title,
       t.said_yes || ' said yes' || CASE WHEN t.is_taken THEN ', ' || t.no_show || ' of those marked as not come' ELSE '' END
         || CASE WHEN h.event IS NULL THEN ', no host known' WHEN h.by_staff THEN ', hosted by staff'
                 WHEN h.has_staff THEN ', hosted with staff' ELSE '' END AS note,
       1 AS one, e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of AS in_365,
       e.place = MAX(e.place) OVER () AS is_latest,
       NOT e.is_online AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of AS in_person,
       e.is_online AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of AS online,
       t.said_yes, t.guests, t.is_taken,
       t.is_taken * t.said_yes AS came, t.is_taken * (t.said_yes + t.no_show) AS could_come,
       COALESCE(h.by_staff, 0) AS by_staff, h.event IS NOT NULL AS has_host,
       h.event IS NOT NULL AND NOT h.has_staff AS organic,
       (SELECT COUNT(*) FROM temp.at_event p JOIN temp.took_part q ON q.grp = e.grp AND q.member = p.member AND q.place = e.place
         WHERE p.event = e.event) AS participants,
       (SELECT COUNT(*) FROM temp.at_event p JOIN temp.took_part q ON q.grp = e.grp AND q.member = p.member AND q.place = e.place
         WHERE p.event = e.event AND EXISTS (SELECT 1 FROM temp.took_part b
                                              WHERE b.grp = e.grp AND b.member = p.member AND b.place < e.place)) AS returning_ones
FROM temp.counted_event e JOIN event_row r ON r.key = e.event JOIN temp.turnout t ON t.event = e.event
LEFT JOIN hosting h ON h.event = e.event
WHERE e.grp = :group AND e.state = 'held'
ORDER BY e.place DESC;
