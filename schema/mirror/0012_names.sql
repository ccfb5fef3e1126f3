-- What a group is called changes, and with its urlname every link to it: a log from here on.
CREATE TABLE name_change_row (
  key INTEGER PRIMARY KEY,
  grp INTEGER NOT NULL REFERENCES group_row,
  old_name TEXT NOT NULL,
  new_name TEXT NOT NULL,
  old_urlname TEXT NOT NULL,
  new_urlname TEXT NOT NULL,
  noticed_at INTEGER NOT NULL,
  CHECK (old_name <> new_name OR old_urlname <> new_urlname)
) STRICT;
CREATE INDEX name_change_by_group ON name_change_row (grp);

CREATE VIEW name_changes AS
  SELECT g.id AS group_id, c.old_name, c.new_name, c.old_urlname, c.new_urlname,
         strftime('%Y-%m-%dT%H:%M:%SZ', c.noticed_at, 'unixepoch') AS noticed_at
  FROM name_change_row c JOIN group_row g ON g.key = c.grp;
