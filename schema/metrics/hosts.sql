-- One row: a measured group and who hosts it. Hosts are defined in at_event.sql; local is who is
-- not staff. A pair is a host at an event; the absence factor is the smallest number of hosts who
-- together hold at least half of the pairs of the last 365 days (null without hosts). sole: the most
-- events of the last 365 days that one person hosted alone, sole_id and sole_name: who that is (of several,
-- who hosted alone last, then by id). fewest: the fewest hosts of an event that had any. new_local: local hosts whose
-- first event lies in the 365 days, newest_at: the latest of those first starts.
--
-- :as_of  A, in seconds since 1970
WITH host AS MATERIALIZED (
  SELECT grp, member, is_staff, MIN(starts_at) AS first_at, MAX(starts_at) AS last_at,
         COUNT(*) FILTER (WHERE starts_at > :as_of - 365 * 86400 AND starts_at <= :as_of) AS pairs
  FROM temp.hosted GROUP BY grp, member
),
counts AS MATERIALIZED (
  SELECT grp, SUM(last_at > :as_of - 90 * 86400) AS hosts_90,
         SUM(last_at > :as_of - 90 * 86400 AND NOT is_staff) AS local_hosts_90,
         SUM(pairs > 0) AS hosts_365, SUM(first_at > :as_of - 365 * 86400) AS new_hosts_365,
         SUM(first_at > :as_of - 365 * 86400 AND NOT is_staff) AS new_local,
         MAX(first_at) FILTER (WHERE NOT is_staff) AS newest_at,
         MAX(pairs) AS top, SUM(pairs) AS pairs
  FROM host GROUP BY grp
),
-- Busiest first: enough is the first host with whom half of the pairs is reached.
busiest AS MATERIALIZED (
  SELECT grp, ROW_NUMBER() OVER busy AS n, SUM(pairs) OVER busy AS together,
         SUM(pairs) OVER (PARTITION BY grp) AS pairs
  FROM host WHERE pairs > 0
  WINDOW busy AS (PARTITION BY grp ORDER BY pairs DESC, member ROWS UNBOUNDED PRECEDING)
),
factor AS MATERIALIZED (SELECT grp, MIN(n) AS hosts FROM busiest WHERE 2 * together >= pairs GROUP BY grp),
hosted_event AS MATERIALIZED (
  SELECT grp, event, starts_at, MIN(is_staff) AS by_staff, COUNT(*) AS hosts, MIN(member) AS member FROM temp.hosted
  WHERE starts_at > :as_of - 365 * 86400 AND starts_at <= :as_of GROUP BY grp, event
),
staffed AS MATERIALIZED (SELECT grp, SUM(by_staff) AS by_staff, COUNT(*) AS events, MIN(hosts) AS fewest FROM hosted_event GROUP BY grp),
alone AS MATERIALIZED (
  SELECT h.grp, m.id, m.name, COUNT(*) AS events,
         ROW_NUMBER() OVER (PARTITION BY h.grp ORDER BY COUNT(*) DESC, MAX(h.starts_at) DESC, m.id) AS n
  FROM hosted_event h CROSS JOIN member_row m ON m.key = h.member
  WHERE h.hosts = 1 GROUP BY h.grp, h.member
)
SELECT g.grp, COALESCE(c.hosts_90, 0) AS hosts_90, COALESCE(c.hosts_365, 0) AS hosts_365,
       COALESCE(c.local_hosts_90, 0) AS local_hosts_90, COALESCE(c.new_hosts_365, 0) AS new_hosts_365,
       f.hosts AS host_absence_factor, COALESCE(c.top, 0) AS top, COALESCE(c.pairs, 0) AS pairs,
       COALESCE(s.by_staff, 0) AS by_staff, COALESCE(s.events, 0) AS events, s.fewest,
       COALESCE(c.new_local, 0) AS new_local, c.newest_at,
       COALESCE(a.events, 0) AS sole, CAST(a.id AS TEXT) AS sole_id, a.name AS sole_name
FROM temp.given_group g
LEFT JOIN counts c ON c.grp = g.grp LEFT JOIN factor f ON f.grp = g.grp LEFT JOIN staffed s ON s.grp = g.grp
LEFT JOIN alone a ON a.grp = g.grp AND a.n = 1;
