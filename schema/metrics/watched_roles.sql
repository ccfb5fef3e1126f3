-- One row: a line of the log of roles that alerts did not look at yet, or, of such a group, one of the last
-- 90 days, in order.
--
-- :as_of  A, in seconds since 1970
SELECT c.key, c.grp, CAST(m.id AS TEXT) AS id, c.old_role, c.new_role, c.noticed_at, c.looked_at IS NULL AS is_new
FROM role_change_row c JOIN member_row m ON m.key = c.member
WHERE c.grp IN (SELECT grp FROM role_change_row WHERE looked_at IS NULL)
  AND (c.looked_at IS NULL OR c.noticed_at > :as_of - 90 * 86400)
ORDER BY c.key;
