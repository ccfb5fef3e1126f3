-- One row: somebody that the lines of watched_roles.sql are about, or the organizer of such a group: what they
-- are in it now, and when they were seen and hosted last, as in leaders.sql, but that the network's admin counts.
--
-- :as_of  A, in seconds since 1970
WITH changed AS (SELECT DISTINCT grp FROM role_change_row WHERE looked_at IS NULL),
person AS (
  SELECT c.grp, c.member FROM changed n JOIN role_change_row c ON c.grp = n.grp
  WHERE c.looked_at IS NULL OR c.noticed_at > :as_of - 90 * 86400
  UNION
  SELECT s.grp, s.member FROM changed n JOIN membership_row s ON s.grp = n.grp
  WHERE s.role = 'ORGANIZER' AND s.status IN ('ACTIVE', 'LEADER') AND s.gone_at IS NULL
),
hosting AS (
  SELECT p.grp, p.member, e.starts_at,
         (SELECT 2 * (a.status IN (3, 5, 6)) + a.is_host FROM rsvp_row a
          WHERE a.event = e.key AND a.member = p.member
            AND (a.gone_at IS NULL OR a.gone_at > COALESCE(e.ends_at, e.starts_at + 3 * 3600))
          ORDER BY COALESCE(a.updated_at, -9223372036854775807) DESC, a.id DESC LIMIT 1) AS said,
         EXISTS (SELECT 1 FROM host_row h WHERE h.event = e.key AND h.member = p.member) AS is_named
  FROM person p JOIN event_row e ON e.grp = p.grp
  WHERE e.gone_at IS NULL AND COALESCE(e.ends_at, e.starts_at + 3 * 3600) <= :as_of
    AND e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
),
hosted AS (
  SELECT grp, member, MAX(starts_at) AS hosted_at FROM hosting
  WHERE COALESCE(said, 0) < 2 AND (is_named OR said = 1)
  GROUP BY grp, member
)
SELECT p.grp, CAST(m.id AS TEXT) AS id, m.name, s.role, s.last_access_at, h.hosted_at,
       (SELECT MAX(a.updated_at) FROM event_row e CROSS JOIN rsvp_row a ON a.event = e.key
        WHERE a.member = p.member AND e.grp = p.grp AND a.updated_at <= :as_of
          AND (a.gone_at IS NULL OR a.gone_at > COALESCE(e.ends_at, e.starts_at + 3 * 3600))
          AND e.gone_at IS NULL AND e.starts_at IS NOT NULL
          AND (e.status IN ('CANCELLED', 'CANCELLED_PERM', 'AUTOSCHED_CANCELLED')
               OR e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
                  AND (e.starts_at <= :as_of OR COALESCE(e.created_at, e.starts_at - 14 * 86400) <= :as_of
                       OR EXISTS (SELECT 1 FROM event_id_row i WHERE i.event = e.key AND i.first_seen_at <= :as_of)))
       ) AS answered_at,
       s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AS is_here,
       p.member IN (SELECT primary_admin FROM network_row WHERE primary_admin IS NOT NULL) AS is_admin
FROM person p JOIN member_row m ON m.key = p.member
JOIN membership_row s ON s.grp = p.grp AND s.member = p.member
LEFT JOIN hosted h ON h.grp = p.grp AND h.member = p.member
ORDER BY p.grp, m.id;
