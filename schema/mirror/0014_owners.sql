-- Who looks after a group for the sponsor, and who wrote down what is remembered: people now do so from pages and
-- from chat, and whoever reads it asks whom it is from. An author is null where the command line was used.
CREATE TABLE owner_row (
  grp INTEGER PRIMARY KEY REFERENCES group_row,
  name TEXT NOT NULL,
  author TEXT,
  created_at INTEGER NOT NULL
) STRICT;
ALTER TABLE note_row ADD COLUMN author TEXT;
ALTER TABLE mute_row ADD COLUMN author TEXT;
ALTER TABLE target_row ADD COLUMN author TEXT;

CREATE VIEW owners AS
  SELECT g.id AS group_id, o.name, o.author, strftime('%Y-%m-%dT%H:%M:%SZ', o.created_at, 'unixepoch') AS created_at
  FROM owner_row o JOIN group_row g ON g.key = o.grp;
DROP VIEW notes;
CREATE VIEW notes AS
  SELECT n.id, g.id AS group_id, n.kind, n.text, n.whom, n.again_on, n.author,
         strftime('%Y-%m-%dT%H:%M:%SZ', n.created_at, 'unixepoch') AS created_at
  FROM note_row n JOIN group_row g ON g.key = n.grp;
DROP VIEW mutes;
CREATE VIEW mutes AS
  SELECT u.id, g.id AS group_id, u.alert, u.until_on, u.author,
         strftime('%Y-%m-%dT%H:%M:%SZ', u.created_at, 'unixepoch') AS created_at
  FROM mute_row u JOIN group_row g ON g.key = u.grp;
DROP VIEW targets;
CREATE VIEW targets AS
  SELECT g.id AS group_id, t.every_months, t.author,
         strftime('%Y-%m-%dT%H:%M:%SZ', t.created_at, 'unixepoch') AS created_at
  FROM target_row t JOIN group_row g ON g.key = t.grp;
