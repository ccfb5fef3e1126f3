-- Who leads a group changes, and Meetup has no history of it: a log from here on. What the mirror holds by
-- now is where it begins. Being a plain member is no role here: null, as not being there is.
CREATE TABLE role_change_row (
  key INTEGER PRIMARY KEY,
  grp INTEGER NOT NULL REFERENCES group_row,
  member INTEGER NOT NULL REFERENCES member_row,
  old_role TEXT,                 -- null: came to it
  new_role TEXT,                 -- null: lost it, or left
  noticed_at INTEGER NOT NULL,
  looked_at INTEGER,             -- when alerts took note of it
  CHECK (old_role IS NOT new_role)
) STRICT;
CREATE INDEX role_change_by_group ON role_change_row (grp);
CREATE INDEX role_change_by_member ON role_change_row (member);
CREATE INDEX role_change_unlooked ON role_change_row (grp) WHERE looked_at IS NULL;

CREATE VIEW role_changes AS
  SELECT g.id AS group_id, CAST(m.id AS TEXT) AS member_id, c.old_role, c.new_role,
         strftime('%Y-%m-%dT%H:%M:%SZ', c.noticed_at, 'unixepoch') AS noticed_at
  FROM role_change_row c JOIN group_row g ON g.key = c.grp JOIN member_row m ON m.key = c.member;

-- What a group was called when alerts took note of it; null: they never did.
ALTER TABLE group_row ADD COLUMN noted_name TEXT;
ALTER TABLE group_row ADD COLUMN noted_urlname TEXT;
UPDATE group_row SET noted_name = name, noted_urlname = urlname WHERE source = 'meetup';
