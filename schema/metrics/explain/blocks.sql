-- One row: a whole block of the target's months, the latest first; dated by its first month.
WITH RECURSIVE block (n) AS (
  SELECT 1 FROM temp.cadence WHERE grp = :group AND blocks >= 1
  UNION ALL SELECT n + 1 FROM block WHERE n < (SELECT blocks FROM temp.cadence WHERE grp = :group)
),
span AS (
  SELECT b.n, g.as_of_month - b.n * c.every_months AS first_month, c.every_months, c.grp
  FROM block b JOIN temp.given_group g ON g.grp = :group JOIN temp.cadence c ON c.grp = g.grp
)
SELECT printf('%04d-%02d-01', s.first_month / 12, s.first_month % 12 + 1) AS on_date,
       'span of ' || s.every_months || CASE s.every_months WHEN 1 THEN ' month: ' ELSE ' months: ' END
         || (SELECT COALESCE(SUM(m.events), 0) FROM temp.month_met m
              WHERE m.grp = s.grp AND m.month >= s.first_month AND m.month < s.first_month + s.every_months) || ' held' AS note,
       EXISTS (SELECT 1 FROM temp.month_met m
                WHERE m.grp = s.grp AND m.month >= s.first_month AND m.month < s.first_month + s.every_months) AS is_met,
       1 AS one
FROM span s ORDER BY s.n;
