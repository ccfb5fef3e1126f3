-- One row: a measured group and who met whom in person. What counts are held events of the last 365
-- days that were not ONLINE and in which at most 60 people took part (took_part.sql).
--
-- pairs: unordered pairs of people who took part together in 2 or more of them. acquainted: people in
-- at least one such pair. people: who took part in any such event.
--
-- gatherd counts these in its pass over the visits (src/metrics/returns.rs); this is the definition,
-- and a test holds the two equal.
--
-- :as_of  A, in seconds since 1970
WITH fitting AS (
  SELECT e.event FROM temp.counted_event e JOIN temp.took_part t ON t.grp = e.grp AND t.place = e.place
  WHERE e.state = 'held' AND NOT e.is_online AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
  GROUP BY e.event HAVING COUNT(*) <= 60
),
part AS (SELECT t.grp, t.member, t.event FROM temp.took_part t WHERE t.event IN (SELECT event FROM fitting)),
pair AS (
  SELECT a.grp, a.member AS one, b.member AS other
  FROM part a JOIN part b ON b.event = a.event AND b.grp = a.grp AND b.member > a.member
  GROUP BY a.grp, a.member, b.member HAVING COUNT(*) >= 2
),
pairs AS (SELECT grp, COUNT(*) AS pairs FROM pair GROUP BY grp),
acquainted AS (
  SELECT grp, COUNT(*) AS people FROM (SELECT grp, one FROM pair UNION SELECT grp, other FROM pair) GROUP BY grp
),
people AS (SELECT grp, COUNT(DISTINCT member) AS people FROM part GROUP BY grp)
SELECT g.grp, COALESCE(r.pairs, 0) AS pairs, COALESCE(a.people, 0) AS acquainted, COALESCE(p.people, 0) AS people
FROM temp.given_group g
LEFT JOIN pairs r ON r.grp = g.grp LEFT JOIN acquainted a ON a.grp = g.grp LEFT JOIN people p ON p.grp = g.grp;
