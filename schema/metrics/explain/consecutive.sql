-- One row: a held event of the last 365 days and the one before it: who took part there, and in both.
SELECT f.starts_at AS at, f.starts_on AS on_date, r.title, 'after ' || e.starts_on AS note, 1 AS one,
       (SELECT COUNT(*) FROM temp.took_part p WHERE p.grp = e.grp AND p.place = e.place) AS before,
       (SELECT COUNT(*) FROM temp.took_part p JOIN temp.took_part q ON q.grp = p.grp AND q.member = p.member AND q.place = f.place
         WHERE p.grp = e.grp AND p.place = e.place) AS in_both
FROM temp.counted_event f JOIN temp.counted_event e ON e.grp = f.grp AND e.state = 'held' AND e.place = f.place - 1
JOIN event_row r ON r.key = f.event
WHERE f.grp = :group AND f.state = 'held' AND f.starts_at > :as_of - 365 * 86400 AND f.starts_at <= :as_of
ORDER BY f.place DESC;
