-- One row: a measured group with the pauses between its events, in days of 86,400 seconds.
--
-- A gap is the time between the starts of consecutive held events. The median is over those of
-- which both ends lie in the last 365 days (3 events at least). Whole days are floors.
--
-- :as_of  A, in seconds since 1970

INSERT INTO temp.gaps
WITH gap AS (
  SELECT grp, place, starts_at, starts_on, previous_at, starts_at - previous_at AS seconds
  FROM temp.counted_event WHERE state = 'held' AND previous_at IS NOT NULL
),
of_the_year AS (
  SELECT grp, seconds, ROW_NUMBER() OVER (PARTITION BY grp ORDER BY seconds) AS n,
         COUNT(*) OVER (PARTITION BY grp) AS gaps
  FROM gap WHERE previous_at > :as_of - 365 * 86400
),
median AS (
  SELECT grp, AVG(seconds) / 86400.0 AS days FROM of_the_year
  WHERE gaps >= 2 AND n IN ((gaps + 1) / 2, (gaps + 2) / 2) GROUP BY grp
),
last_held AS (
  SELECT grp, MAX(starts_at) AS starts_at FROM temp.counted_event WHERE state = 'held' GROUP BY grp
),
counts AS (
  SELECT grp, COUNT(*) FILTER (WHERE state = 'held') AS held,
         COUNT(*) FILTER (WHERE state = 'held' AND starts_at > :as_of - 365 * 86400 AND starts_at <= :as_of) AS held_365,
         COUNT(*) FILTER (WHERE state = 'cancelled' AND starts_at > :as_of - 365 * 86400 AND starts_at <= :as_of) AS cancelled_365,
         MAX(state IN ('running', 'scheduled')) AS is_announced,
         MIN(starts_at) FILTER (WHERE state = 'scheduled') AS next_at
  FROM temp.counted_event GROUP BY grp
),
restart AS (   -- the latest, where there are several
  SELECT grp, MAX(starts_at) AS starts_at, starts_on, seconds / 86400 AS days FROM gap
  WHERE starts_at > :as_of - 90 * 86400 AND seconds > 180 * 86400 GROUP BY grp
)
SELECT g.grp, COALESCE(c.held, 0), COALESCE(c.held_365, 0), COALESCE(c.cancelled_365, 0), COALESCE(c.is_announced, 0),
       m.days, h.starts_at, (:as_of - h.starts_at) / 86400, (c.next_at - :as_of) / 86400,
       r.starts_on, r.days
FROM temp.given_group g
LEFT JOIN counts c ON c.grp = g.grp LEFT JOIN last_held h ON h.grp = g.grp
LEFT JOIN median m ON m.grp = g.grp
LEFT JOIN restart r ON r.grp = g.grp;
