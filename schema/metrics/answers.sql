-- One row: an answer to one event, those that went before its end left out, in the order of their ids.
--
-- :event    event_row.key
-- :ends_at  when it was over, in seconds since 1970
SELECT member, updated_at, status, guest_count, is_host FROM rsvp_row
WHERE event = :event AND (gone_at IS NULL OR gone_at > :ends_at) ORDER BY id;
