-- One row: of the year (`is_before` 0) and of the same part of the year before (1), the groups whose history is complete
-- that were asked in it (asked.sql; by the local date, at the offset of A), and those of them of which an event started
-- or was created after the first asking of the span, within 90 days and by A.
--
-- :as_of  A, in seconds since 1970
WITH span(is_before) AS (VALUES (0), (1)),
asking AS (
  SELECT s.is_before, n.grp, MIN(n.created_at) AS at
  FROM span s CROSS JOIN temp.given_year y CROSS JOIN temp.given_group g JOIN note_row n ON n.grp = g.grp
  WHERE g.is_complete AND n.kind = 'asked' AND n.created_at <= :as_of
    AND date(n.created_at + g.as_of_offset, 'unixepoch')
        BETWEEN (y.year - s.is_before) || '-01-01' AND (y.year - s.is_before) || '-' || y.until
  GROUP BY s.is_before, n.grp
)
SELECT s.is_before, COUNT(a.grp) AS asked,
       COALESCE(SUM(EXISTS (
         SELECT 1 FROM temp.counted_event e
         WHERE e.grp = a.grp AND e.state IN ('held', 'running', 'scheduled')
           AND ((e.starts_at > a.at AND e.starts_at <= MIN(:as_of, a.at + 90 * 86400))
             OR (e.created > a.at AND e.created <= MIN(:as_of, a.at + 90 * 86400))))), 0) AS answered
FROM span s LEFT JOIN asking a ON a.is_before = s.is_before
GROUP BY s.is_before ORDER BY s.is_before;
