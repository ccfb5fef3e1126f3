-- One row: a line of the log of names that was written between two instants, in order.
--
-- :since  in seconds since 1970
-- :as_of  A, in seconds since 1970
SELECT g.id AS group_id, c.old_name, c.new_name, c.old_urlname, c.new_urlname
FROM name_change_row c JOIN group_row g ON g.key = c.grp
WHERE c.noticed_at > :since AND c.noticed_at <= :as_of
ORDER BY c.key;
