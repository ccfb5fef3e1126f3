-- One row: a leader of the group (roster.sql), who visited last first.
SELECT CAST(m.id AS TEXT) AS member_id, m.name, s.last_access_at AS at, s.role || ', last visit then' AS note,
       COALESCE(s.last_access_at > :as_of - 90 * 86400 AND s.last_access_at <= :as_of, 0) AS is_active, 1 AS one
FROM membership_row s JOIN member_row m ON m.key = s.member
WHERE s.grp = :group AND s.role IN ('ORGANIZER', 'COORGANIZER', 'ASST_ORGANIZER', 'EVENT_ORGANIZER')
  AND s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AND COALESCE(s.joined_at, :as_of) <= :as_of
  AND s.member NOT IN (SELECT primary_admin FROM network_row WHERE primary_admin IS NOT NULL)
ORDER BY s.last_access_at DESC NULLS LAST, m.id;
