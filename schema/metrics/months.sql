-- One row: a measured group and one of the 12 closed local months before A (1: the latest), with the held events
-- that started in it and who said yes to them.
SELECT e.grp, g.as_of_month - e.month AS months_ago, COUNT(*) AS events, SUM(t.said_yes) AS said_yes
FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp
JOIN temp.turnout t ON t.event = e.event
WHERE e.state = 'held' AND e.month BETWEEN g.as_of_month - 12 AND g.as_of_month - 1
GROUP BY e.grp, e.month;
