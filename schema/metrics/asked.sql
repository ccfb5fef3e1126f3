-- One row: an asking (`gatherd asked`) of a group whose history is complete, made by A.
--
-- :as_of  A, in seconds since 1970
SELECT n.grp, n.created_at FROM temp.given_group g JOIN note_row n ON n.grp = g.grp
WHERE g.is_complete AND n.kind = 'asked' AND n.created_at <= :as_of ORDER BY n.grp, n.created_at;
