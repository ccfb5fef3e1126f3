-- One row: a group that was founded after A, so that it is in no figure.
--
-- :as_of  A, in seconds since 1970
SELECT urlname, founded_at FROM group_row WHERE gone_at IS NULL AND founded_at > :as_of ORDER BY urlname, id;
