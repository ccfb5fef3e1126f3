-- One row: a closed month of the group, the latest first.
WITH RECURSIVE ago (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM ago WHERE n < 12),
organic AS (
  SELECT month, COUNT(*) AS events FROM temp.counted_event e
  WHERE e.grp = :group AND e.state = 'held'
    AND (SELECT MAX(h.is_staff) FROM temp.hosted h WHERE h.grp = e.grp AND h.event = e.event) = 0
  GROUP BY month
)
SELECT printf('%04d-%02d-01', (g.as_of_month - a.n) / 12, (g.as_of_month - a.n) % 12 + 1) AS on_date,
       COALESCE(m.events, 0) || ' held, ' || COALESCE(o.events, 0) || ' of them hosted without staff'
         || CASE WHEN a.n > c.observed THEN '; before the group began' ELSE '' END AS note,
       a.n <= c.observed AS is_observed, m.events IS NOT NULL AS is_met, o.events IS NOT NULL AS is_organic, 1 AS one
FROM ago a JOIN temp.given_group g ON g.grp = :group JOIN temp.cadence c ON c.grp = g.grp
LEFT JOIN temp.month_met m ON m.grp = g.grp AND m.month = g.as_of_month - a.n
LEFT JOIN organic o ON o.month = g.as_of_month - a.n
ORDER BY a.n;
