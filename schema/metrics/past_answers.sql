-- One row: somebody's answer to such an event (past_events.sql), in the order of the event's key: its last
-- state, and when that was given. 1 YES, 2 ATTENDED, 5 NO_SHOW; others only matter where changes are known.
--
-- :as_of  A, in seconds since 1970
SELECT p.event, p.member, p.status, p.updated_at
FROM temp.given_group g
JOIN temp.counted_event e ON e.grp = g.grp AND e.state = 'held'
CROSS JOIN temp.at_event p ON p.event = e.event
WHERE g.is_complete AND e.starts_at > :as_of - 1095 * 86400 AND p.status IN (1, 2, 5)
ORDER BY p.event;
