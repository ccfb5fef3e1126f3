-- One row: an active host of a measured group: a local host of a held event of the last 180 days; the
-- one who hosted last comes first. `is_member`: still on the group's roster today.
--
-- :as_of  A, in seconds since 1970
SELECT h.grp, CAST(m.id AS TEXT) AS id, m.name, MAX(h.starts_at) AS last_hosted_at,
       EXISTS (SELECT 1 FROM membership_row s
                WHERE s.grp = h.grp AND s.member = h.member AND s.gone_at IS NULL
                  AND s.status IN ('ACTIVE', 'LEADER')) AS is_member
FROM temp.hosted h JOIN member_row m ON m.key = h.member
WHERE NOT h.is_staff AND h.starts_at > :as_of - 180 * 86400 AND h.starts_at <= :as_of
GROUP BY h.grp, h.member
ORDER BY h.grp, last_hosted_at DESC, m.id;
