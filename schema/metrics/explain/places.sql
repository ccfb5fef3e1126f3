-- One row: a country, city or time zone of a group that held an event in the last 365 days.
WITH met AS (
  SELECT r.* FROM temp.given_group g JOIN group_row r ON r.key = g.grp
  WHERE g.is_complete AND g.grp IN (SELECT grp FROM temp.network_event WHERE in_365)
),
place AS (
  SELECT 1 AS kind, country AS title, '' AS more FROM met
  UNION SELECT 2, city, COALESCE(state, '') || ' ' || COALESCE(country, '') FROM met
  UNION SELECT 3, timezone, '' FROM met
)
SELECT title, trim(more) AS note, kind = 1 AS is_country, kind = 2 AS is_city, kind = 3 AS is_timezone, 1 AS one
FROM place WHERE title <> '' ORDER BY kind, title, more;
