-- One row: how an answer to such an event (past_events.sql) changed, once its answers were being watched,
-- in order. Yes is 1 YES, and what is marked on one afterwards: 2 ATTENDED, 5 NO_SHOW.
--
-- :as_of  A, in seconds since 1970
SELECT c.event, c.member, COALESCE(c.old_status, 0) IN (1, 2, 5) AS was_yes, COALESCE(c.new_status, 0) IN (1, 2, 5) AS is_yes,
       c.changed_at
FROM temp.given_group g
JOIN temp.counted_event e ON e.grp = g.grp AND e.state = 'held'
CROSS JOIN rsvp_change_row c ON c.event = e.event
WHERE g.is_complete AND e.starts_at > :as_of - 1095 * 86400
ORDER BY c.event, c.member, c.changed_at, c.key;
