-- Losses that are too large to be believed: what an answer lacked, until a later one shows it, somebody
-- accepts its loss, or it is proved. Whatever is here is not gone.
CREATE TABLE doubt_row (
  key INTEGER PRIMARY KEY,
  loss TEXT NOT NULL CHECK (loss IN ('groups', 'events', 'leaders', 'members', 'rsvps')),
  network INTEGER REFERENCES network_row,
  grp INTEGER REFERENCES group_row,  -- neither: the groups outside networks
  known INTEGER NOT NULL,            -- how many there were
  lost INTEGER NOT NULL,             -- how many of them an answer lacked
  since INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX doubt_by_what ON doubt_row (loss, coalesce(network, 0), coalesce(grp, 0));

CREATE TABLE doubted_row (
  doubt INTEGER NOT NULL REFERENCES doubt_row,
  place INTEGER NOT NULL,            -- a group; of events and RSVPs the event
  member INTEGER NOT NULL,           -- of leaders and members; else 0
  looked_at INTEGER NOT NULL,        -- when it was missed last, of times an hour apart
  looks INTEGER NOT NULL DEFAULT 0,  -- how often, after the first
  accepted_at INTEGER,
  PRIMARY KEY (doubt, place, member)
) STRICT, WITHOUT ROWID;

DELETE FROM meta WHERE key = 'shrink_accepted_at';

CREATE VIEW doubts AS
  SELECT d.loss, n.id AS network_id, g.id AS group_id, d.known, d.lost,
         strftime('%Y-%m-%dT%H:%M:%SZ', d.since, 'unixepoch') AS since,
         strftime('%Y-%m-%dT%H:%M:%SZ', (SELECT max(i.accepted_at) FROM doubted_row i WHERE i.doubt = d.key), 'unixepoch') AS accepted_at
  FROM doubt_row d LEFT JOIN network_row n ON n.key = d.network LEFT JOIN group_row g ON g.key = d.grp;
