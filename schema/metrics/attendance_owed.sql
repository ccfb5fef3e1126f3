-- One row: how many held events of the last 30 days, in person and over for more than 24 hours, are without
-- attendance taken (at_event.sql), over groups whose history is complete. A joint event counts once, and is
-- taken where that of any of its copies is.
--
-- :as_of  A, in seconds since 1970
WITH taken AS MATERIALIZED (
  SELECT DISTINCT e.network_event_id
  FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp JOIN temp.turnout t ON t.event = e.event
  WHERE g.is_complete AND e.state = 'held' AND e.network_event_id IS NOT NULL AND t.is_taken
)
SELECT COUNT(DISTINCT COALESCE(e.network_event_id, e.event)) AS owed
FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp JOIN temp.turnout t ON t.event = e.event
WHERE g.is_complete AND e.state = 'held' AND e.starts_at > :as_of - 30 * 86400 AND e.starts_at <= :as_of
  AND NOT e.is_online AND e.ends_at < :as_of - 86400 AND NOT t.is_taken
  AND (e.network_event_id IS NULL OR e.network_event_id NOT IN (SELECT network_event_id FROM taken));
