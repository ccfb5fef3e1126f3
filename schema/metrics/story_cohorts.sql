-- One row: a quarter of a year (local, as year * 4 + quarter - 1) in which people took part in one group for the
-- first time: how many there were; of how many so many days have passed since (had), and how many of these took part
-- in another event that starts after the first and within those days (back).
--
-- Built on took_part.sql.
--
-- :group  group_row.key
-- :as_of  A, in seconds since 1970
WITH first AS MATERIALIZED (
  SELECT t.member, MIN(t.place) AS place, MIN(t.starts_at) AS starts_at
  FROM temp.took_part t WHERE t.grp = :group GROUP BY t.member
),
again AS MATERIALIZED (
  SELECT f.member, f.place, f.starts_at,
         (SELECT MIN(t.starts_at) FROM temp.took_part t
           WHERE t.grp = :group AND t.member = f.member AND t.starts_at > f.starts_at) - f.starts_at AS seconds
  FROM first f
)
SELECT e.month / 3 AS quarter, COUNT(*) AS people,
       SUM(a.starts_at <= :as_of - 90 * 86400) AS had_90,
       COALESCE(SUM(a.starts_at <= :as_of - 90 * 86400 AND a.seconds <= 90 * 86400), 0) AS back_90,
       SUM(a.starts_at <= :as_of - 180 * 86400) AS had_180,
       COALESCE(SUM(a.starts_at <= :as_of - 180 * 86400 AND a.seconds <= 180 * 86400), 0) AS back_180,
       SUM(a.starts_at <= :as_of - 365 * 86400) AS had_365,
       COALESCE(SUM(a.starts_at <= :as_of - 365 * 86400 AND a.seconds <= 365 * 86400), 0) AS back_365
FROM again a
JOIN temp.counted_event e ON e.grp = :group AND e.state = 'held' AND e.place = a.place
GROUP BY quarter ORDER BY quarter;
