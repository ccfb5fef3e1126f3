-- One row: a calendar month, with how often the group met in it, of the latest four times that it was alive:
-- a held event within the four months before, and another within the four after.
WITH RECURSIVE calendar (month) AS (VALUES (1) UNION ALL SELECT month + 1 FROM calendar WHERE month < 12),
span (month, until) AS (
  SELECT MIN(m.month), g.as_of_month FROM temp.given_group g JOIN temp.month_met m ON m.grp = g.grp WHERE g.grp = :group
  UNION ALL
  SELECT month + 1, until FROM span WHERE month + 1 < until
),
alive AS (
  SELECT s.month % 12 + 1 AS of_year,
         EXISTS (SELECT 1 FROM temp.month_met m WHERE m.grp = :group AND m.month = s.month) AS is_met,
         ROW_NUMBER() OVER (PARTITION BY s.month % 12 ORDER BY s.month DESC) AS n
  FROM span s
  WHERE s.month < s.until
    AND EXISTS (SELECT 1 FROM temp.month_met m WHERE m.grp = :group AND m.month BETWEEN s.month - 4 AND s.month - 1)
    AND EXISTS (SELECT 1 FROM temp.month_met m WHERE m.grp = :group AND m.month BETWEEN s.month + 1 AND s.month + 4)
)
SELECT substr('JanFebMarAprMayJunJulAugSepOctNovDec', c.month * 3 - 2, 3) AS title,
       printf('met in %d of the latest %d', COALESCE(SUM(a.is_met), 0), COUNT(a.n)) AS note
FROM calendar c LEFT JOIN alive a ON a.of_year = c.month AND a.n <= 4
GROUP BY c.month ORDER BY c.month;
