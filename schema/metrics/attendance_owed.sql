-- One row: how many held events of the last 30 days, in person and over for more than 24 hours, are without
-- attendance taken (at_event.sql), over groups whose history is complete. A joint event counts once, and is
-- taken where that of any of its copies is.
--
-- :as_of  A, in seconds since 1970
SELECT COUNT(*) AS owed FROM (
  SELECT i.joint
  FROM temp.network_event i JOIN temp.counted_event e ON e.event = i.event JOIN temp.turnout t ON t.event = i.event
  GROUP BY i.joint
  HAVING MAX(i.in_30 AND NOT e.is_online AND e.ends_at < :as_of - 86400) AND NOT MAX(t.is_taken));
