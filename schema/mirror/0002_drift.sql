-- How Meetup's API differs from what gatherd uses of it, as last found.
CREATE TABLE drift_row (
  source TEXT NOT NULL CHECK (source IN ('check', 'pass')),  -- a look at the schema, or a refused question
  place TEXT NOT NULL,           -- 'Event.token', 'RsvpStatus.MAYBE'
  weight TEXT NOT NULL CHECK (weight IN ('error', 'warning', 'note')),
  operations TEXT NOT NULL,      -- what uses it, with commas
  what TEXT NOT NULL,
  found_at INTEGER NOT NULL,     -- first; it stays while the finding does
  PRIMARY KEY (source, place, what)
) STRICT, WITHOUT ROWID;

-- Fields of the types that are read which gatherd does not ask for, as met at each look: tells what is new.
CREATE TABLE schema_field_row (
  place TEXT PRIMARY KEY,
  first_seen_at INTEGER NOT NULL -- 0: at the first look
) STRICT, WITHOUT ROWID;

CREATE VIEW drift AS
  SELECT place, weight, operations, what, strftime('%Y-%m-%dT%H:%M:%SZ', min(found_at), 'unixepoch') AS found_at
  FROM drift_row GROUP BY place, weight, operations, what;
