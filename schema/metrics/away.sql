-- One row: a leader of a measured group (leads.sql) who took part in or hosted 3 or more of its events in
-- (A - 365 d, A - 120 d], and none since, while it held 2 or more since. held_since: events held after the last
-- that saw them.
--
-- :as_of  A, in seconds since 1970
WITH goes_on AS (
  SELECT grp, MAX(place) AS held FROM temp.counted_event
  WHERE state = 'held' AND starts_at > :as_of - 120 * 86400 GROUP BY grp HAVING COUNT(*) >= 2
),
person AS (
  SELECT v.grp, v.member, COUNT(*) AS came, MAX(v.starts_at) AS last_at, MAX(v.place) AS last_place
  FROM goes_on o CROSS JOIN temp.lead_visit v ON v.grp = o.grp
  WHERE v.starts_at > :as_of - 365 * 86400
  GROUP BY v.grp, v.member HAVING COUNT(*) >= 3 AND MAX(v.starts_at) <= :as_of - 120 * 86400
)
SELECT p.grp, CAST(m.id AS TEXT) AS id, m.name, p.last_at, p.came, o.held - p.last_place AS held_since
FROM person p JOIN goes_on o ON o.grp = p.grp JOIN member_row m ON m.key = p.member
ORDER BY p.grp, p.came DESC, p.last_at DESC, m.id;
