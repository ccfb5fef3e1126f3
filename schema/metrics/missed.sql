-- One row: a person, staff left out, who took part in 3 or more events of one group in (A - 365 d, A - 120 d]
-- and in none since, while it held 2 or more since. Its leaders (leads.sql) are not among them. Groups whose history is complete.
--
-- :as_of  A, in seconds since 1970
WITH recent AS (
  SELECT e.event, e.grp, e.starts_at, e.starts_at > :as_of - 120 * 86400 AS is_since
  FROM temp.given_group g JOIN temp.counted_event e ON e.grp = g.grp
  WHERE g.is_complete AND e.state = 'held' AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
),
goes_on AS (SELECT grp, SUM(is_since) AS held_since FROM recent GROUP BY grp HAVING SUM(is_since) >= 2),
person AS (
  SELECT r.grp, p.member, COUNT(*) AS taken_part, MAX(r.starts_at) AS last_at
  FROM recent r CROSS JOIN temp.at_event p ON p.event = r.event
  WHERE p.status IN (1, 2) AND NOT p.is_host AND p.member NOT IN (SELECT member FROM temp.given_staff)
    AND r.grp IN (SELECT grp FROM goes_on)
    AND NOT EXISTS (SELECT 1 FROM temp.leads l WHERE l.grp = r.grp AND l.member = p.member)
  GROUP BY r.grp, p.member HAVING SUM(r.is_since) = 0 AND COUNT(*) >= 3
)
SELECT r.urlname, CAST(m.id AS TEXT) AS id, m.name, p.taken_part, p.last_at, o.held_since
FROM person p JOIN goes_on o ON o.grp = p.grp JOIN group_row r ON r.key = p.grp JOIN member_row m ON m.key = p.member
ORDER BY r.urlname, r.id, p.taken_part DESC, p.last_at DESC, m.id;
