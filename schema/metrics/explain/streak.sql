-- One row: a month of the group's streak, the latest first.
WITH newest AS (
  SELECT g.grp, g.as_of_month - (NOT EXISTS (SELECT 1 FROM temp.month_met m
                                              WHERE m.grp = g.grp AND m.month = g.as_of_month)) AS month
  FROM temp.given_group g WHERE g.grp = :group
)
SELECT printf('%04d-%02d-01', m.month / 12, m.month % 12 + 1) AS on_date, m.events || ' held' AS note, 1 AS one
FROM newest n JOIN temp.cadence c ON c.grp = n.grp
JOIN temp.month_met m ON m.grp = n.grp AND m.month <= n.month AND m.month > n.month - c.streak
ORDER BY m.month DESC;
