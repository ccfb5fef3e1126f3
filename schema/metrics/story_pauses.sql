-- One row: a pause of one group that has ended: from an instant at which a live event started to the next later such
-- one, neither after A, in whole days of 86,400 seconds; oldest first.
--
-- :group  group_row.key
-- :as_of  A, in seconds since 1970
SELECT began_on, days FROM (
  SELECT starts_on AS began_on, starts_at, (LEAD(starts_at) OVER (ORDER BY starts_at) - starts_at) / 86400 AS days
  FROM (
    SELECT starts_at, MIN(starts_on) AS starts_on FROM temp.counted_event
    WHERE grp = :group AND state IN ('held', 'running') AND starts_at <= :as_of GROUP BY starts_at
  )
)
WHERE days IS NOT NULL ORDER BY starts_at;
