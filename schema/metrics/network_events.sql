-- One row: the whole network in the 30, 90 and 365 days before A (met_30 ...), and in those before
-- A - 365 d (met_30_year_before ...): groups that met and events held. Only groups whose history is
-- complete count, and a year before only those founded by then. A joint event counts once as an
-- event, and for each group that has a copy.
--
-- :as_of  A, in seconds since 1970
WITH counting AS (
  SELECT e.event, e.grp, e.starts_at, e.network_event_id,
         COALESCE(e.network_event_id, e.event) AS joint,   -- text or a number: these never meet
         (r.founded_at IS NULL OR r.founded_at <= :as_of - 365 * 86400)
           AND e.ends_at <= :as_of - 365 * 86400 AND e.starts_at <= :as_of - 365 * 86400 AS is_before
  FROM temp.given_group g JOIN group_row r ON r.key = g.grp CROSS JOIN temp.counted_event e ON e.grp = g.grp
  WHERE g.is_complete AND e.state = 'held' AND e.starts_at > :as_of - (365 + 365) * 86400 AND e.starts_at <= :as_of
),
inside AS (
  SELECT event, grp, network_event_id, joint,
         starts_at > :as_of - 30 * 86400 AS in_30,
         starts_at > :as_of - 90 * 86400 AS in_90,
         starts_at > :as_of - 365 * 86400 AS in_365,
         is_before AND starts_at > :as_of - (365 + 30) * 86400 AS before_30,
         is_before AND starts_at > :as_of - (365 + 90) * 86400 AS before_90,
         is_before AS before_365
  FROM counting
)
SELECT COUNT(DISTINCT grp) FILTER (WHERE in_30) AS met_30,
       COUNT(DISTINCT grp) FILTER (WHERE in_90) AS met_90,
       COUNT(DISTINCT grp) FILTER (WHERE in_365) AS met_365,
       COUNT(DISTINCT grp) FILTER (WHERE before_30) AS met_30_year_before,
       COUNT(DISTINCT grp) FILTER (WHERE before_90) AS met_90_year_before,
       COUNT(DISTINCT grp) FILTER (WHERE before_365) AS met_365_year_before,
       COUNT(DISTINCT joint) FILTER (WHERE in_30) AS events_30,
       COUNT(DISTINCT joint) FILTER (WHERE in_90) AS events_90,
       COUNT(DISTINCT joint) FILTER (WHERE in_365) AS events_365,
       COUNT(DISTINCT joint) FILTER (WHERE before_30) AS events_30_year_before,
       COUNT(DISTINCT joint) FILTER (WHERE before_90) AS events_90_year_before,
       COUNT(DISTINCT joint) FILTER (WHERE before_365) AS events_365_year_before
FROM inside;
