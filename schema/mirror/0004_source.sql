-- Where a group or an event comes from: 'meetup', or the name of an import. Each source has ids (and
-- tokens) of its own, so that an import's group 42 is not Meetup's; an import may add events to a group
-- of Meetup's. What Meetup does not show is gone only among the rows that came from it.
--
-- People keep one key space, on purpose: an attendee whom an import knows by member id is that member.
-- Meetup's member ids are numbers, so whoever an import knows otherwise fits beside them with a key that
-- begins with the import's name. RSVPs, hosts and id histories hang on their event and need no source.
--
-- SQLite drops a UNIQUE only with its table, so both tables are made anew with the keys of their rows; what
-- refers to them, ten million RSVPs among it, is not touched. For that, migrations run without enforcement
-- of foreign keys (src/mirror/open.rs). The old way of renaming leaves views alone, which would else
-- all have to be dropped first. The id leads the index, so that a look-up by id alone is served too.
PRAGMA legacy_alter_table = ON;
DROP VIEW groups;
DROP VIEW events;

CREATE TABLE new_group_row (
  key INTEGER PRIMARY KEY,
  source TEXT NOT NULL DEFAULT 'meetup',
  id TEXT NOT NULL,
  network INTEGER REFERENCES network_row,
  urlname TEXT NOT NULL,
  name TEXT NOT NULL,
  city TEXT, state TEXT, country TEXT,
  lat REAL, lon REAL,
  timezone TEXT,
  founded_at INTEGER,
  joined_network_at INTEGER,
  status TEXT NOT NULL,
  tie_status TEXT,
  join_mode TEXT NOT NULL,
  is_private INTEGER NOT NULL,
  organizer INTEGER REFERENCES member_row,
  member_count INTEGER,
  link TEXT,
  past_events INTEGER,           -- as Meetup counts them
  history_complete INTEGER NOT NULL DEFAULT 0,
  backfill_planned_at INTEGER,
  gone_at INTEGER,
  configured_as TEXT,            -- urlname of its [[group]] entry; its own may have changed since
  gone_why TEXT CHECK (gone_why IN ('left', 'deleted', 'not configured')),
  first_seen_at INTEGER NOT NULL,
  roster_gap INTEGER,            -- member_count less live memberships, as the last full walk left it; null: never walked
  members_verified_at INTEGER,   -- last full walk of its memberships
  -- failure of this group: how often in a row, since when, why, and when to try again
  failures INTEGER NOT NULL DEFAULT 0,
  failing_since INTEGER,
  failure TEXT,
  retry_at INTEGER,
  asked INTEGER NOT NULL,
  UNIQUE (id, source)
) STRICT;
INSERT INTO new_group_row (key, id, network, urlname, name, city, state, country, lat, lon, timezone, founded_at,
  joined_network_at, status, tie_status, join_mode, is_private, organizer, member_count, link, past_events,
  history_complete, backfill_planned_at, gone_at, configured_as, gone_why, first_seen_at, roster_gap,
  members_verified_at, failures, failing_since, failure, retry_at, asked)
SELECT key, id, network, urlname, name, city, state, country, lat, lon, timezone, founded_at,
  joined_network_at, status, tie_status, join_mode, is_private, organizer, member_count, link, past_events,
  history_complete, backfill_planned_at, gone_at, configured_as, gone_why, first_seen_at, roster_gap,
  members_verified_at, failures, failing_since, failure, retry_at, asked
FROM group_row;
DROP TABLE group_row;
ALTER TABLE new_group_row RENAME TO group_row;
CREATE INDEX group_by_network ON group_row (network);

CREATE TABLE new_event_row (
  key INTEGER PRIMARY KEY,
  source TEXT NOT NULL DEFAULT 'meetup',
  token TEXT NOT NULL,
  id TEXT NOT NULL,
  grp INTEGER NOT NULL REFERENCES group_row,
  title TEXT NOT NULL,
  status TEXT NOT NULL,
  event_type TEXT NOT NULL,
  starts_at INTEGER,
  starts_offset INTEGER,         -- seconds east of UTC, as Meetup sent it: the wall clock of the start
  ends_at INTEGER,
  created_at INTEGER,
  url TEXT,
  capacity INTEGER,
  venue INTEGER REFERENCES venue_row,
  network_event_id TEXT,
  gone_at INTEGER,
  asked INTEGER NOT NULL,
  -- RSVPs: what is known of them (see src/mirror/rsvps.rs)
  sign TEXT,                     -- the sign under which the rows below were last read; null: never
  is_settled INTEGER NOT NULL DEFAULT 0,
  first_walked_at INTEGER,       -- first complete walk; changes are logged after it
  watermark INTEGER,             -- newest `updated` read by a finished walk
  hidden TEXT,                   -- server counts less rows per status, as the last full walk left it
  verified_at INTEGER,           -- event asked and all its RSVPs walked
  UNIQUE (token, source)
) STRICT;
INSERT INTO new_event_row (key, token, id, grp, title, status, event_type, starts_at, starts_offset, ends_at,
  created_at, url, capacity, venue, network_event_id, gone_at, asked, sign, is_settled, first_walked_at, watermark,
  hidden, verified_at)
SELECT key, token, id, grp, title, status, event_type, starts_at, starts_offset, ends_at,
  created_at, url, capacity, venue, network_event_id, gone_at, asked, sign, is_settled, first_walked_at, watermark,
  hidden, verified_at
FROM event_row;
DROP TABLE event_row;
ALTER TABLE new_event_row RENAME TO event_row;
CREATE INDEX event_by_group ON event_row (grp, starts_at);
CREATE INDEX event_by_start ON event_row (starts_at);
CREATE INDEX event_by_id ON event_row (id);
PRAGMA legacy_alter_table = OFF;

CREATE VIEW groups AS
  SELECT g.source, g.id, n.id AS network_id, g.urlname, g.name, g.city, g.state, g.country, g.lat, g.lon, g.timezone,
         strftime('%Y-%m-%dT%H:%M:%SZ', g.founded_at, 'unixepoch') AS founded_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', g.joined_network_at, 'unixepoch') AS joined_network_at,
         g.status, g.tie_status, g.join_mode, g.is_private, CAST(o.id AS TEXT) AS organizer_id,
         g.member_count, g.link, g.history_complete,
         strftime('%Y-%m-%dT%H:%M:%SZ', g.gone_at, 'unixepoch') AS gone_at, g.gone_why
  FROM group_row g LEFT JOIN network_row n ON n.key = g.network LEFT JOIN member_row o ON o.key = g.organizer;

CREATE VIEW events AS
  SELECT e.source, e.token, e.id, g.id AS group_id, e.title, e.status, e.event_type,
         strftime('%Y-%m-%dT%H:%M:%SZ', e.starts_at, 'unixepoch') AS starts_at,
         strftime('%Y-%m-%dT%H:%M:%S', e.starts_at + e.starts_offset, 'unixepoch') AS starts_local,
         strftime('%Y-%m-%dT%H:%M:%SZ', e.ends_at, 'unixepoch') AS ends_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', e.created_at, 'unixepoch') AS created_at,
         e.url, e.capacity, v.id AS venue_id, e.network_event_id,
         strftime('%Y-%m-%dT%H:%M:%SZ', e.gone_at, 'unixepoch') AS gone_at
  FROM event_row e JOIN group_row g ON g.key = e.grp LEFT JOIN venue_row v ON v.key = e.venue;

-- The statistics of the two went with the old tables; without them a report made before the next pass
-- would choose its way blindly.
PRAGMA analysis_limit = 1000;
ANALYZE group_row;
ANALYZE event_row;
