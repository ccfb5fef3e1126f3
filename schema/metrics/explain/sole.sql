-- One row: a held event of the group in the last 365 days with a known host, and whether that one alone hosted it who
-- hosted most alone (hosts.sql).
WITH event AS (
  SELECT event, starts_at, COUNT(*) AS hosts, MIN(member) AS member FROM temp.hosted
  WHERE grp = :group AND starts_at > :as_of - 365 * 86400 AND starts_at <= :as_of GROUP BY event
),
sole AS (
  SELECT v.member FROM event v JOIN member_row m ON m.key = v.member WHERE v.hosts = 1
  GROUP BY v.member ORDER BY COUNT(*) DESC, MAX(v.starts_at) DESC, m.id LIMIT 1
)
SELECT v.starts_at AS at, e.starts_on AS on_date, r.title,
       CASE v.hosts WHEN 1 THEN 'one host' ELSE v.hosts || ' hosts' END AS note,
       v.hosts = 1 AND v.member IN (SELECT member FROM sole) AS is_sole, 1 AS one
FROM event v JOIN temp.counted_event e ON e.event = v.event JOIN event_row r ON r.key = v.event
ORDER BY v.starts_at DESC, r.token;
