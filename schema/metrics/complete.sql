-- One row: a measured group (groups.sql) whose history is complete.
--
-- :as_of  A, in seconds since 1970
SELECT key FROM group_row WHERE gone_at IS NULL AND (founded_at IS NULL OR founded_at <= :as_of) AND history_complete;
