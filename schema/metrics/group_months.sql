-- One row: a local month in which one group held something, over all its time: the held events that started in it, who
-- said yes to them (a person once for each event), the guests they brought, how many different people said yes, and
-- how many different people hosted.
--
-- :group  group_row.key
SELECT e.month, COUNT(DISTINCT e.event) AS events,
       COUNT(*) FILTER (WHERE p.status IN (1, 2)) AS said_yes,
       COALESCE(SUM(p.guests) FILTER (WHERE p.status IN (1, 2)), 0) AS guests,
       COUNT(DISTINCT p.member) FILTER (WHERE p.status IN (1, 2)) AS people,
       COUNT(DISTINCT p.member) FILTER (WHERE p.is_host) AS hosts
FROM temp.counted_event e LEFT JOIN temp.at_event p ON p.event = e.event
WHERE e.grp = :group AND e.state = 'held'
GROUP BY e.month ORDER BY e.month;
