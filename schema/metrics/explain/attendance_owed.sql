-- One row: an event of the network whose attendance is owed (attendance_owed.sql), with the groups that have a copy.
SELECT MAX(e.starts_at) AS at, e.starts_on AS on_date, r.title, group_concat(DISTINCT o.urlname) AS urlname,
       SUM(t.said_yes) || ' said yes' AS note, 1 AS one
FROM temp.network_event i JOIN temp.counted_event e ON e.event = i.event JOIN temp.turnout t ON t.event = i.event
JOIN event_row r ON r.key = i.event JOIN group_row o ON o.key = i.grp
GROUP BY i.joint
HAVING MAX(i.in_30 AND NOT e.is_online AND e.ends_at < :as_of - 86400) AND NOT MAX(t.is_taken)
ORDER BY at DESC, r.token;
