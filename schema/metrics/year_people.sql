-- One row: of the year (`is_before` 0) and of the same part of the year before (1), the people who took part
-- (year_visit), how many of them took part for the first time anywhere in the network, how many took part twice or
-- more, and how many met somebody again: with one and the same person they took part in two or more events of that span
-- in which at most 60 people took part, and of which no copy was ONLINE.
WITH span(is_before) AS (VALUES (0), (1)),
visit AS MATERIALIZED (
  SELECT s.is_before, v.joint, v.member
  FROM span s JOIN temp.year_visit v ON CASE s.is_before WHEN 0 THEN v.in_year ELSE v.in_before END
),
person AS (SELECT is_before, member, COUNT(*) AS times FROM visit GROUP BY is_before, member),
in_person AS MATERIALIZED (
  SELECT s.is_before, e.joint FROM span s JOIN temp.year_event e ON CASE s.is_before WHEN 0 THEN e.in_year ELSE e.in_before END
  GROUP BY s.is_before, e.joint HAVING MIN(e.in_person)
),
fitting AS (
  SELECT v.is_before, v.joint FROM visit v JOIN in_person i ON i.is_before = v.is_before AND i.joint = v.joint
  GROUP BY v.is_before, v.joint HAVING COUNT(*) <= 60
),
part AS MATERIALIZED (
  SELECT v.is_before, v.joint, v.member FROM fitting f JOIN visit v ON v.is_before = f.is_before AND v.joint = f.joint
),
pair AS (
  SELECT a.is_before, a.member AS one, b.member AS other
  FROM part a JOIN part b ON b.is_before = a.is_before AND b.joint = a.joint AND b.member > a.member
  GROUP BY a.is_before, a.member, b.member HAVING COUNT(*) >= 2
),
met AS (SELECT is_before, one AS member FROM pair UNION SELECT is_before, other FROM pair)
SELECT s.is_before,
       (SELECT COUNT(*) FROM person p WHERE p.is_before = s.is_before) AS people,
       (SELECT COUNT(*) FROM person p LEFT JOIN temp.year_older o ON o.member = p.member
         WHERE p.is_before = s.is_before AND (o.member IS NULL OR (s.is_before AND NOT o.older_before))) AS new_people,
       (SELECT COUNT(*) FROM person p WHERE p.is_before = s.is_before AND p.times >= 2) AS came_again,
       (SELECT COUNT(*) FROM met m WHERE m.is_before = s.is_before) AS met_again
FROM span s ORDER BY s.is_before;
