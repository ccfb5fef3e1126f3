-- One row: a group that has met, with its held events of the 365 days up to the latest of them: those behind
-- its stake.
WITH latest AS (
  SELECT grp, MAX(starts_at) AS starts_at FROM temp.counted_event WHERE state = 'held' GROUP BY grp
)
SELECT e.grp, COUNT(*) AS events
FROM latest l JOIN temp.counted_event e ON e.grp = l.grp AND e.state = 'held' AND e.starts_at > l.starts_at - 365 * 86400
GROUP BY e.grp;
