-- One row: a length of silence (6, 12, 24 or 36 months, as 180, 365, 730 and 1,095 days) and what became of
-- the groups that were once silent for so long. A case is a pause: no event started within so many days
-- of a held one's start. Only those count that have had another year to end, whatever came of them;
-- `met_again` did within it. Groups whose history is complete.
--
-- :as_of  A, in seconds since 1970
WITH length (months, days) AS (VALUES (6, 180), (12, 365), (24, 730), (36, 1095)),
pause AS (
  SELECT e.starts_at AS since,
         LEAD(e.starts_at) OVER (PARTITION BY e.grp ORDER BY e.place) AS until
  FROM temp.given_group g JOIN temp.counted_event e ON e.grp = g.grp
  WHERE g.is_complete AND e.state = 'held'
)
SELECT l.months, COUNT(p.since) AS cases,
       COUNT(p.since) FILTER (WHERE p.until <= p.since + (l.days + 365) * 86400) AS met_again
FROM length l LEFT JOIN pause p
  ON (p.until IS NULL OR p.until > p.since + l.days * 86400)
 AND p.since + (l.days + 365) * 86400 <= :as_of
GROUP BY l.months ORDER BY l.months;
