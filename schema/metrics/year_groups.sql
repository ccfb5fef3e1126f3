-- One row: of the year (`is_before` 0) and of the same part of the year before (1), over year_event.sql: events (a
-- joint one counts once), groups that met (for a joint one each that has a copy), those whose first event ever it was,
-- those that met again after more than 180 days, and the countries of the groups that met.
WITH span(is_before) AS (VALUES (0), (1))
SELECT s.is_before, COUNT(DISTINCT e.joint) AS events, COUNT(DISTINCT e.grp) AS groups_met,
       COUNT(DISTINCT e.grp) FILTER (WHERE e.is_first) AS begun,
       COUNT(DISTINCT e.grp) FILTER (WHERE e.is_revival) AS revived,
       COUNT(DISTINCT NULLIF(r.country, '')) AS countries
FROM span s
LEFT JOIN temp.year_event e ON CASE s.is_before WHEN 0 THEN e.in_year ELSE e.in_before END
LEFT JOIN group_row r ON r.key = e.grp
GROUP BY s.is_before ORDER BY s.is_before;
