-- One row: a held event of the last 1,095 days that the forecast may learn from or be judged by, of a group
-- whose history is complete, in the order of its key. `watched_at`: its answers were first read then; what
-- changed before is known only by the last change of each answer.
--
-- :as_of  A, in seconds since 1970
SELECT e.event, e.grp, e.place, e.starts_at, e.ends_at, r.created_at, r.first_walked_at AS watched_at, t.is_taken
FROM temp.given_group g
JOIN temp.counted_event e ON e.grp = g.grp AND e.state = 'held'
JOIN event_row r ON r.key = e.event
JOIN temp.turnout t ON t.event = e.event
WHERE g.is_complete AND e.starts_at > :as_of - 1095 * 86400
ORDER BY e.event;
