-- One row: a measured group's local month in which it held something, or in which something is running or
-- scheduled, with how many events of each. What month strips are drawn from.
SELECT grp, month, SUM(held) AS held, SUM(announced) AS announced
FROM (
  SELECT grp, month, events AS held, 0 AS announced FROM temp.month_met
  UNION ALL
  SELECT e.grp, e.month, 0, 1
  FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp AND e.state IN ('running', 'scheduled')
)
GROUP BY grp, month ORDER BY grp, month;
