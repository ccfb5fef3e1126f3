-- One row: a person, staff left out, who took part in 4 or more events of the last 365 days anywhere in the
-- network, or hosted one. A joint event counts once, its copies united (network_visit.sql), and for each
-- group that has a copy; its month is that of its earliest copy (by start, then token).
--
-- taken_part and hosted: events. urlnames: groups of either, by comma. months: distinct local months of
-- either. guests: brought to events they said yes to. last_at: the start of the latest of either.
-- leads: whether they lead a group (leads.sql).
--
-- :as_of  A, in seconds since 1970
WITH copy AS (
  SELECT i.joint, e.starts_at, e.month,
         ROW_NUMBER() OVER (PARTITION BY i.joint ORDER BY e.starts_at, r.token) AS n
  FROM temp.network_event i JOIN temp.counted_event e ON e.event = i.event JOIN event_row r ON r.key = i.event
  WHERE i.in_365
),
event_365 AS (SELECT joint, starts_at, month FROM copy WHERE n = 1),
host AS (
  SELECT DISTINCT i.joint, h.member
  FROM temp.network_event i JOIN temp.hosted h ON h.event = i.event WHERE i.in_365 AND NOT h.is_staff
),
part AS (
  SELECT joint, member, 0 AS is_host FROM temp.network_visit WHERE in_365
  UNION ALL SELECT joint, member, 1 FROM host
),
person AS (
  SELECT p.member, SUM(NOT p.is_host) AS taken_part, SUM(p.is_host) AS hosted,
         COUNT(DISTINCT e.month) AS months, MAX(e.starts_at) AS last_at
  FROM part p JOIN event_365 e ON e.joint = p.joint
  GROUP BY p.member HAVING SUM(NOT p.is_host) >= 4 OR SUM(p.is_host) >= 1
),
guest AS (
  SELECT member, SUM(guests) AS guests FROM (
    SELECT i.joint, p.member, MAX(p.guests) AS guests
    FROM temp.network_event i CROSS JOIN temp.at_event p ON p.event = i.event
    WHERE i.in_365 AND p.status IN (1, 2) AND p.guests > 0 GROUP BY i.joint, p.member)
  GROUP BY member
)
SELECT CAST(m.id AS TEXT) AS id, m.name, p.taken_part, p.hosted, p.months, p.last_at, COALESCE(g.guests, 0) AS guests,
       p.member IN (SELECT member FROM temp.leads) AS leads,
       (SELECT group_concat(DISTINCT r.urlname)
          FROM part q JOIN temp.network_event i ON i.joint = q.joint AND i.in_365 JOIN group_row r ON r.key = i.grp
         WHERE q.member = p.member) AS urlnames
FROM person p JOIN member_row m ON m.key = p.member LEFT JOIN guest g ON g.member = p.member;
