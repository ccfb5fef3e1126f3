-- One row: a host of one group in the last 365 days: when they last hosted, and whether they are still
-- a member. Who is a host is as in at_event.sql: the named ones and those whose answer (the latest of
-- several) is flagged, less those whose answer is NO (3), NO_SHOW (5) or EXCUSED_ABSENCE (6).
--
-- :group  group_row.key
-- :as_of  A, in seconds since 1970
WITH recent AS (
  SELECT e.key AS event, e.starts_at, COALESCE(e.ends_at, e.starts_at + 3 * 3600) AS ends_at
  FROM event_row e
  WHERE e.grp = :group AND e.gone_at IS NULL
    AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
    AND COALESCE(e.ends_at, e.starts_at + 3 * 3600) <= :as_of
    AND e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
),
candidate AS (
  SELECT r.event, h.member FROM recent r CROSS JOIN host_row h ON h.event = r.event
  UNION
  SELECT r.event, a.member FROM recent r CROSS JOIN rsvp_row a ON a.event = r.event
  WHERE a.is_host AND (a.gone_at IS NULL OR a.gone_at > r.ends_at)
),
answered AS (
  SELECT c.event, c.member, r.starts_at,
         (SELECT 2 * (a.status IN (3, 5, 6)) + a.is_host FROM rsvp_row a
          WHERE a.event = c.event AND a.member = c.member AND (a.gone_at IS NULL OR a.gone_at > r.ends_at)
          ORDER BY COALESCE(a.updated_at, -9223372036854775807) DESC, a.id DESC LIMIT 1) AS said,
         EXISTS (SELECT 1 FROM host_row h WHERE h.event = c.event AND h.member = c.member) AS is_named
  FROM candidate c JOIN recent r ON r.event = c.event
),
host AS (
  SELECT member, MAX(starts_at) AS last_at FROM answered
  WHERE COALESCE(said, 0) < 2 AND (is_named OR said = 1)
  GROUP BY member
)
SELECT CAST(m.id AS TEXT) AS id, m.name, s.role, s.last_access_at, h.last_at,
       s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AS is_here,  -- null: no membership known
       s.gone_at AS left_at,
       h.member IN (SELECT primary_admin FROM network_row WHERE primary_admin IS NOT NULL) AS is_admin
FROM host h JOIN member_row m ON m.key = h.member
LEFT JOIN membership_row s ON s.grp = :group AND s.member = h.member
ORDER BY h.last_at DESC, m.id;
