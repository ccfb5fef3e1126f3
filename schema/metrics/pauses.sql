-- One row: one of the three longest pauses of a measured group, in whole days, between consecutive held
-- events that both started in the last 1,095 days, with the local date on which it ended.
--
-- :as_of  A, in seconds since 1970
SELECT grp, days, ended_on FROM (
  SELECT grp, (starts_at - previous_at) / 86400 AS days, starts_on AS ended_on,
         ROW_NUMBER() OVER (PARTITION BY grp ORDER BY starts_at - previous_at DESC, place DESC) AS n
  FROM temp.counted_event
  WHERE state = 'held' AND previous_at > :as_of - 1095 * 86400)
WHERE n <= 3 ORDER BY grp, n;
