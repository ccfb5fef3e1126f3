-- One row: a measured group and its local month at A so far (0), or one of the 12 closed ones before (1: the
-- latest), with the held events that started in it and who said yes to them.
SELECT e.grp, g.as_of_month - e.month AS months_ago, COUNT(*) AS events, SUM(t.said_yes) AS said_yes
FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp
JOIN temp.turnout t ON t.event = e.event
WHERE e.state = 'held' AND e.month BETWEEN g.as_of_month - 12 AND g.as_of_month
GROUP BY e.grp, e.month;
