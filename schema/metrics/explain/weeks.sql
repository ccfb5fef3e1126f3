-- One row: a copy of an event of the week before A's date, or of the one that begins with it (weeks.sql).
SELECT e.starts_at AS at, e.starts_on AS on_date, r.title, o.urlname, t.said_yes || ' said yes' AS note,
       e.starts_at < :today AS is_over, e.starts_at >= :today AS is_to_come
FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp
JOIN event_row r ON r.key = e.event JOIN group_row o ON o.key = e.grp JOIN temp.turnout t ON t.event = e.event
WHERE g.is_complete AND e.starts_at >= :week_before AND e.starts_at < :week_after
  AND (e.state = 'held' OR (e.starts_at >= :today AND e.state IN ('running', 'scheduled')))
ORDER BY e.starts_at, r.token;
