-- Who is not to be known any more. Of a person only a hash of Meetup's id is left, by which they are known again when
-- Meetup shows them, so that they stay one person in every count; their row in `member_row` has an id that says
-- nothing. Hashes are made under a secret, and a file that another database wrote may bring one of its own along.
CREATE TABLE forgotten_key_row (
  key INTEGER PRIMARY KEY,
  secret BLOB NOT NULL UNIQUE
) STRICT;

CREATE TABLE forgotten_row (
  hash BLOB PRIMARY KEY,
  member INTEGER REFERENCES member_row,  -- null: Meetup never showed them here
  older_than INTEGER,            -- forgotten since nothing of them was newer, which something newer ends; null: for good
  forgotten_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX forgotten_by_member ON forgotten_row (member);

CREATE VIEW forgotten AS
  SELECT CAST(m.id AS TEXT) AS member_id, f.older_than IS NOT NULL AS is_by_age,
         strftime('%Y-%m-%dT%H:%M:%SZ', max(f.forgotten_at), 'unixepoch') AS forgotten_at
  FROM forgotten_row f JOIN member_row m ON m.key = f.member GROUP BY f.member;
