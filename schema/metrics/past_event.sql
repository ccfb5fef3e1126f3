-- One row: what else forecasts need to know of one event (past_events.sql).
--
-- :event  event_row.key
SELECT created_at, first_walked_at AS watched_at FROM event_row WHERE key = :event;
