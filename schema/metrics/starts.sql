-- One row: an event of a measured group that has started, or was announced, by A (counted_event.sql), group by group.
-- What pauses, their cases and the months off are told from (src/metrics/pauses).
SELECT grp, state, starts_at, starts_on, month, created FROM temp.counted_event
WHERE state IN ('held', 'running', 'scheduled') ORDER BY grp, state, place;
