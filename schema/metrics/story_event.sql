-- One row: what names one event, and by which clock it starts (seconds east of UTC; null: unknown).
--
-- :event  event_row.key
SELECT token, starts_offset FROM event_row WHERE key = :event;
