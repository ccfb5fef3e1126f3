-- One row: a person who said yes to an event of the group in the last 365 days.
SELECT CAST(m.id AS TEXT) AS member_id, m.name, 'events said yes to: ' || COUNT(*) AS note, 1 AS one
FROM temp.counted_event e CROSS JOIN temp.at_event p ON p.event = e.event JOIN member_row m ON m.key = p.member
WHERE e.grp = :group AND e.state = 'held' AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of AND p.status IN (1, 2)
GROUP BY p.member ORDER BY COUNT(*) DESC, m.id;
