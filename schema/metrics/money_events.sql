-- One row: a held event of one group for which something was spent: its date, and who came where attendance was marked,
-- else said yes (hosts and staff included, guests not). Runs after at_event.sql for the group.
--
-- :group  group_row.key
SELECT e.event, r.token, r.title, e.starts_on,
       (SELECT COUNT(*) FROM temp.at_event p WHERE p.event = e.event AND p.status IN (1, 2)) AS heads
FROM temp.counted_event e JOIN event_row r ON r.key = e.event
WHERE e.grp = :group AND e.state = 'held' AND e.event IN (SELECT s.event FROM spending_row s WHERE s.event IS NOT NULL)
ORDER BY e.starts_at, r.token;
