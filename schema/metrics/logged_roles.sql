-- One row: a line of the log of roles that was written between two instants, in order.
--
-- :since  in seconds since 1970
-- :as_of  A, in seconds since 1970
SELECT g.id AS group_id, CAST(m.id AS TEXT) AS id, m.name, c.old_role, c.new_role,
       c.member IN (SELECT primary_admin FROM network_row WHERE primary_admin IS NOT NULL) AS is_admin
FROM role_change_row c JOIN group_row g ON g.key = c.grp JOIN member_row m ON m.key = c.member
WHERE c.noticed_at > :since AND c.noticed_at <= :as_of
ORDER BY c.key;
