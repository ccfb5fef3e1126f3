-- One row: how an answer to one event changed, in order (past_changes.sql).
--
-- :event  event_row.key
SELECT member, COALESCE(old_status, 0) IN (1, 2, 5) AS was_yes, COALESCE(new_status, 0) IN (1, 2, 5) AS is_yes,
       changed_at
FROM rsvp_change_row WHERE event = :event ORDER BY member, changed_at, key;
