-- One row: a calendar month, with the group's held events in it over the last 36 closed months.
WITH RECURSIVE calendar (month) AS (VALUES (1) UNION ALL SELECT month + 1 FROM calendar WHERE month < 12)
SELECT substr('JanFebMarAprMayJunJulAugSepOctNovDec', c.month * 3 - 2, 3) AS title,
       COALESCE(SUM(m.events), 0) || ' held in three years' AS note
FROM calendar c JOIN temp.given_group g ON g.grp = :group
LEFT JOIN temp.month_met m ON m.grp = g.grp AND m.month % 12 + 1 = c.month
  AND m.month BETWEEN g.as_of_month - 36 AND g.as_of_month - 1
GROUP BY c.month ORDER BY c.month;
