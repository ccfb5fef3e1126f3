-- One row: a member of the group (roster.sql), who joined last first.
SELECT CAST(m.id AS TEXT) AS member_id, m.name, s.joined_at AS at, 'joined then' AS note,
       COALESCE(s.joined_at > :as_of - 90 * 86400, 0) AS is_new, 1 AS one
FROM membership_row s JOIN member_row m ON m.key = s.member
WHERE s.grp = :group AND s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AND COALESCE(s.joined_at, :as_of) <= :as_of
ORDER BY s.joined_at DESC NULLS LAST, m.id;
