-- One row: the whole network in the 30, 90 and 365 days before A (met_30 ...), and in those before
-- A - 365 d (met_30_year_before ...): groups that met and events held. Only groups whose history is
-- complete count, and a year before only those founded by then (network_event.sql). A joint event counts
-- once as an event, and for each group that has a copy.
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
FROM temp.network_event;
