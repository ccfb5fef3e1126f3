-- One row: a leader of the group (leads.sql), who visited last first.
SELECT CAST(m.id AS TEXT) AS member_id, m.name, s.last_access_at AS at, lower(replace(s.role, '_', ' ')) || ' (' || s.role || '), last visit then' AS note,
       COALESCE(s.last_access_at > :as_of - 90 * 86400 AND s.last_access_at <= :as_of, 0) AS is_active, 1 AS one
FROM temp.leads s JOIN member_row m ON m.key = s.member
WHERE s.grp = :group
ORDER BY s.last_access_at DESC NULLS LAST, m.id;
