-- One row: how many people took part in the events of the whole network in the 30, 90 and 365 days
-- before A, and in those before A - 365 d (..._year_before); how many of them in 2 or more events, and
-- in 2 or more groups, of the last 365 days; and for how many the first time anywhere was in the last
-- 90 days, in the 90 before A - 365 d, and in the week before A's date. A person counts once. Events, joint ones
-- above all, are those of network_visit.sql.
--
-- gatherd counts these in its pass over the visits (src/metrics/crowd.rs); this is the definition,
-- and a test holds the two equal.
WITH person AS (
  SELECT SUM(in_30) AS in_30, SUM(in_90) AS in_90, SUM(in_365) AS in_365,
         SUM(before_30) AS before_30, SUM(before_90) AS before_90, SUM(before_365) AS before_365,
         SUM(older) AS older, SUM(older_before) AS older_before,
         SUM(in_week) AS in_week, SUM(older_week) AS older_week
  FROM temp.network_visit GROUP BY member
)
SELECT COUNT(*) FILTER (WHERE p.in_30) AS people_30, COUNT(*) FILTER (WHERE p.in_90) AS people_90,
       COUNT(*) FILTER (WHERE p.in_365) AS people_365,
       COUNT(*) FILTER (WHERE p.before_30) AS people_30_year_before,
       COUNT(*) FILTER (WHERE p.before_90) AS people_90_year_before,
       COUNT(*) FILTER (WHERE p.before_365) AS people_365_year_before,
       COUNT(*) FILTER (WHERE p.in_365 >= 2) AS repeaters_365,
       COUNT(*) FILTER (WHERE p.in_90 AND NOT p.older) AS first_timers_90,
       COUNT(*) FILTER (WHERE p.before_90 AND NOT p.older_before) AS first_timers_90_year_before,
       COUNT(*) FILTER (WHERE p.in_week AND NOT p.older_week) AS first_timers_week,
       (SELECT COUNT(*) FROM (SELECT member FROM temp.network_guest GROUP BY member HAVING COUNT(*) >= 2)) AS crossers_365
FROM person p;
