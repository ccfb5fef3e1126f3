-- The mirror. Tables end in `_row` (`unit_row`, `delivery_row` ...), join on integer keys and hold
-- instants as whole seconds since 1970 (UTC); the views below give them the names, ids and
-- text instants that people and scripts use. Columns named `asked` hold the number of the question
-- whose answer wrote the row, so that an older answer never overwrites a newer one.
-- ids declared ANY are stored as integers when they are plain decimal numbers, else as text.

CREATE TABLE meta (
  key TEXT PRIMARY KEY,
  value ANY
) STRICT, WITHOUT ROWID;

CREATE TABLE member_row (
  key INTEGER PRIMARY KEY,
  id ANY NOT NULL UNIQUE,
  name TEXT,
  asked INTEGER NOT NULL         -- of the name
) STRICT;

CREATE TABLE network_row (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  urlname TEXT NOT NULL,
  name TEXT NOT NULL,
  primary_admin INTEGER REFERENCES member_row,
  backfill_planned_at INTEGER,   -- its whole history was planned as units
  asked INTEGER NOT NULL
) STRICT;

CREATE TABLE group_row (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
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
  asked INTEGER NOT NULL
) STRICT;
CREATE INDEX group_by_network ON group_row (network);

CREATE TABLE membership_row (
  grp INTEGER NOT NULL REFERENCES group_row,
  member INTEGER NOT NULL REFERENCES member_row,
  role TEXT,
  status TEXT NOT NULL,
  joined_at INTEGER,
  last_access_at INTEGER,
  gone_at INTEGER,
  asked INTEGER NOT NULL,
  PRIMARY KEY (grp, member)
) STRICT, WITHOUT ROWID;
CREATE INDEX membership_by_member ON membership_row (member);

CREATE TABLE venue_row (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  name TEXT, city TEXT, country TEXT,
  lat REAL, lon REAL,
  is_online INTEGER NOT NULL,
  asked INTEGER NOT NULL
) STRICT;

CREATE TABLE event_row (
  key INTEGER PRIMARY KEY,
  token TEXT NOT NULL UNIQUE,
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
  verified_at INTEGER            -- event asked and all its RSVPs walked
) STRICT;
CREATE INDEX event_by_group ON event_row (grp, starts_at);
CREATE INDEX event_by_start ON event_row (starts_at);
CREATE INDEX event_by_id ON event_row (id);

CREATE TABLE host_row (
  event INTEGER NOT NULL REFERENCES event_row,
  member INTEGER NOT NULL REFERENCES member_row,
  PRIMARY KEY (event, member)
) STRICT, WITHOUT ROWID;

CREATE TABLE event_id_row (
  event INTEGER NOT NULL REFERENCES event_row,
  id TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  last_seen_at INTEGER NOT NULL,
  PRIMARY KEY (event, id)
) STRICT, WITHOUT ROWID;

-- status: 1 YES, 2 ATTENDED, 3 NO, 4 WAITLIST, 5 NO_SHOW, 6 EXCUSED_ABSENCE, 7 MAYBE,
-- 8 YES_PENDING_PAYMENT, 9 HAVENT; a status not in this list stays text.
CREATE TABLE rsvp_row (
  event INTEGER NOT NULL REFERENCES event_row,
  id ANY NOT NULL,
  member INTEGER NOT NULL REFERENCES member_row,
  status ANY,
  guest_count INTEGER NOT NULL,
  is_host INTEGER NOT NULL,
  updated_at INTEGER,
  gone_at INTEGER,
  asked INTEGER NOT NULL,        -- of the values
  gone_asked INTEGER,            -- the question that found it gone: values and presence have orders of their own
  PRIMARY KEY (event, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX rsvp_by_member ON rsvp_row (member);

CREATE TABLE rsvp_change_row (
  key INTEGER PRIMARY KEY,
  event INTEGER NOT NULL REFERENCES event_row,
  rsvp ANY NOT NULL,
  member INTEGER NOT NULL REFERENCES member_row,
  old_status ANY,                -- null: first seen after its event's first walk
  new_status ANY,                -- null: removed
  old_guest_count INTEGER,
  new_guest_count INTEGER,
  changed_at INTEGER NOT NULL,
  noticed_at INTEGER NOT NULL
) STRICT;
CREATE INDEX rsvp_change_by_event ON rsvp_change_row (event);

CREATE TABLE group_day_row (
  grp INTEGER NOT NULL REFERENCES group_row,
  day INTEGER NOT NULL,          -- days since 1970-01-01, UTC
  member_count INTEGER,
  leader_count INTEGER,
  PRIMARY KEY (grp, day)
) STRICT, WITHOUT ROWID;

-- The journal: passes, what failed in them, units of work.
CREATE TABLE pass_row (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('backfill', 'pass', 'sweep')),
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  outcome TEXT CHECK (outcome IN ('done', 'partly', 'failed', 'interrupted')),
  requests INTEGER NOT NULL DEFAULT 0,
  points INTEGER NOT NULL DEFAULT 0,
  rows_changed INTEGER NOT NULL DEFAULT 0,
  failures INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TABLE pass_failure_row (
  pass INTEGER NOT NULL REFERENCES pass_row,
  scope TEXT NOT NULL,           -- 'network acme', 'group acme-berlin'
  message TEXT NOT NULL,
  PRIMARY KEY (pass, scope)
) STRICT, WITHOUT ROWID;

CREATE TABLE unit_row (
  id INTEGER PRIMARY KEY,
  purpose TEXT NOT NULL CHECK (purpose IN ('backfill', 'sweep', 'rota')),
  kind TEXT NOT NULL CHECK (kind IN ('groups', 'events', 'rsvps', 'members')),
  network INTEGER REFERENCES network_row,
  grp INTEGER REFERENCES group_row,
  event INTEGER REFERENCES event_row,
  from_at INTEGER,               -- events: start of the span, inclusive; null: since ever
  to_at INTEGER,                 -- events: end of the span, inclusive; shrinks as pages commit; null: for ever
  state TEXT NOT NULL DEFAULT 'due' CHECK (state IN ('due', 'done')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_due INTEGER NOT NULL,
  last_error TEXT,
  created_at INTEGER NOT NULL,
  finished_at INTEGER
) STRICT;
CREATE INDEX unit_done ON unit_row (finished_at) WHERE state = 'done';
CREATE INDEX unit_due ON unit_row (next_due) WHERE state = 'due';
CREATE UNIQUE INDEX unit_of_event ON unit_row (event) WHERE state = 'due' AND event IS NOT NULL;
CREATE UNIQUE INDEX unit_of_members ON unit_row (grp) WHERE state = 'due' AND kind = 'members';

-- The request budget: points reserved before a question, freed a window after its answer.
CREATE TABLE budget_row (
  id INTEGER PRIMARY KEY AUTOINCREMENT,  -- also the number of the question (`asked`)
  operation TEXT NOT NULL,
  points INTEGER NOT NULL,
  reserved_ms INTEGER NOT NULL,  -- milliseconds since 1970
  answered_ms INTEGER            -- null: under way (or its process died)
) STRICT;
CREATE TABLE cost_row (
  operation TEXT PRIMARY KEY,
  points INTEGER NOT NULL        -- learned from refusals; at least the root fields
) STRICT, WITHOUT ROWID;

-- The outbox.
CREATE TABLE report_row (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('digest', 'alert', 'manual', 'test')),
  period TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  payload TEXT NOT NULL          -- the composed report, JSON
) STRICT;
CREATE TABLE delivery_row (
  id INTEGER PRIMARY KEY,
  report INTEGER NOT NULL REFERENCES report_row,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('digest', 'alert', 'manual', 'test')),
  period TEXT NOT NULL,
  payload TEXT NOT NULL,         -- exactly what is posted, JSON
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'dead')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  leased_until INTEGER,          -- while `sending`: after it another process may take over
  last_error TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  UNIQUE (kind, period, channel)
) STRICT;
CREATE INDEX delivery_open ON delivery_row (next_attempt_at) WHERE state IN ('pending', 'sending');

CREATE TABLE alert_row (
  key TEXT PRIMARY KEY,          -- kind and what it is about
  kind TEXT NOT NULL,
  grp INTEGER REFERENCES group_row,
  state TEXT NOT NULL,
  since INTEGER NOT NULL,
  told_at INTEGER
) STRICT, WITHOUT ROWID;

-- Firings of the daemon's schedule: the instant last served, so that a missed one is caught up once.
CREATE TABLE firing_row (
  name TEXT PRIMARY KEY,
  served_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE capability_row (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL,
  found_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- The memory of contact.
CREATE TABLE note_row (
  id INTEGER PRIMARY KEY,
  grp INTEGER NOT NULL REFERENCES group_row,
  kind TEXT NOT NULL CHECK (kind IN ('note', 'asked')),
  text TEXT,
  whom TEXT,
  again_on TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE mute_row (
  id INTEGER PRIMARY KEY,
  grp INTEGER NOT NULL REFERENCES group_row,
  alert TEXT,
  until_on TEXT,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE target_row (
  grp INTEGER PRIMARY KEY REFERENCES group_row,
  every_months INTEGER NOT NULL CHECK (every_months BETWEEN 1 AND 4),
  created_at INTEGER NOT NULL
) STRICT;

-- The outside: names, ids and instants as documented in schema/README.md.
CREATE VIEW networks AS
  SELECT n.id, n.urlname, n.name, CAST(m.id AS TEXT) AS primary_admin_id
  FROM network_row n LEFT JOIN member_row m ON m.key = n.primary_admin;

CREATE VIEW groups AS
  SELECT g.id, n.id AS network_id, g.urlname, g.name, g.city, g.state, g.country, g.lat, g.lon, g.timezone,
         strftime('%Y-%m-%dT%H:%M:%SZ', g.founded_at, 'unixepoch') AS founded_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', g.joined_network_at, 'unixepoch') AS joined_network_at,
         g.status, g.tie_status, g.join_mode, g.is_private, CAST(o.id AS TEXT) AS organizer_id,
         g.member_count, g.link, g.history_complete,
         strftime('%Y-%m-%dT%H:%M:%SZ', g.gone_at, 'unixepoch') AS gone_at, g.gone_why
  FROM group_row g LEFT JOIN network_row n ON n.key = g.network LEFT JOIN member_row o ON o.key = g.organizer;

CREATE VIEW members AS
  SELECT CAST(id AS TEXT) AS id, name FROM member_row;

CREATE VIEW memberships AS
  SELECT g.id AS group_id, CAST(m.id AS TEXT) AS member_id, s.role, s.status,
         strftime('%Y-%m-%dT%H:%M:%SZ', s.joined_at, 'unixepoch') AS joined_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', s.last_access_at, 'unixepoch') AS last_access_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', s.gone_at, 'unixepoch') AS gone_at
  FROM membership_row s JOIN group_row g ON g.key = s.grp JOIN member_row m ON m.key = s.member;

CREATE VIEW venues AS
  SELECT id, name, city, country, lat, lon, is_online FROM venue_row;

CREATE VIEW events AS
  SELECT e.token, e.id, g.id AS group_id, e.title, e.status, e.event_type,
         strftime('%Y-%m-%dT%H:%M:%SZ', e.starts_at, 'unixepoch') AS starts_at,
         strftime('%Y-%m-%dT%H:%M:%S', e.starts_at + e.starts_offset, 'unixepoch') AS starts_local,
         strftime('%Y-%m-%dT%H:%M:%SZ', e.ends_at, 'unixepoch') AS ends_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', e.created_at, 'unixepoch') AS created_at,
         e.url, e.capacity, v.id AS venue_id, e.network_event_id,
         strftime('%Y-%m-%dT%H:%M:%SZ', e.gone_at, 'unixepoch') AS gone_at
  FROM event_row e JOIN group_row g ON g.key = e.grp LEFT JOIN venue_row v ON v.key = e.venue;

CREATE VIEW event_hosts AS
  SELECT e.token AS event_token, CAST(m.id AS TEXT) AS member_id
  FROM host_row h JOIN event_row e ON e.key = h.event JOIN member_row m ON m.key = h.member;

CREATE VIEW event_ids AS
  SELECT e.token AS event_token, i.id,
         strftime('%Y-%m-%dT%H:%M:%SZ', i.first_seen_at, 'unixepoch') AS first_seen_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', i.last_seen_at, 'unixepoch') AS last_seen_at
  FROM event_id_row i JOIN event_row e ON e.key = i.event;

CREATE VIEW rsvps AS
  SELECT CAST(r.id AS TEXT) AS id, e.token AS event_token, CAST(m.id AS TEXT) AS member_id,
         CASE r.status WHEN 1 THEN 'YES' WHEN 2 THEN 'ATTENDED' WHEN 3 THEN 'NO' WHEN 4 THEN 'WAITLIST'
           WHEN 5 THEN 'NO_SHOW' WHEN 6 THEN 'EXCUSED_ABSENCE' WHEN 7 THEN 'MAYBE'
           WHEN 8 THEN 'YES_PENDING_PAYMENT' WHEN 9 THEN 'HAVENT' ELSE r.status END AS status,
         r.guest_count, r.is_host,
         strftime('%Y-%m-%dT%H:%M:%SZ', r.updated_at, 'unixepoch') AS updated_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', r.gone_at, 'unixepoch') AS gone_at
  FROM rsvp_row r JOIN event_row e ON e.key = r.event JOIN member_row m ON m.key = r.member;

CREATE VIEW rsvp_changes AS
  SELECT CAST(c.rsvp AS TEXT) AS rsvp_id, e.token AS event_token, CAST(m.id AS TEXT) AS member_id,
         CASE c.old_status WHEN 1 THEN 'YES' WHEN 2 THEN 'ATTENDED' WHEN 3 THEN 'NO' WHEN 4 THEN 'WAITLIST'
           WHEN 5 THEN 'NO_SHOW' WHEN 6 THEN 'EXCUSED_ABSENCE' WHEN 7 THEN 'MAYBE'
           WHEN 8 THEN 'YES_PENDING_PAYMENT' WHEN 9 THEN 'HAVENT' ELSE c.old_status END AS old_status,
         CASE c.new_status WHEN 1 THEN 'YES' WHEN 2 THEN 'ATTENDED' WHEN 3 THEN 'NO' WHEN 4 THEN 'WAITLIST'
           WHEN 5 THEN 'NO_SHOW' WHEN 6 THEN 'EXCUSED_ABSENCE' WHEN 7 THEN 'MAYBE'
           WHEN 8 THEN 'YES_PENDING_PAYMENT' WHEN 9 THEN 'HAVENT' ELSE c.new_status END AS new_status,
         c.old_guest_count, c.new_guest_count,
         strftime('%Y-%m-%dT%H:%M:%SZ', c.changed_at, 'unixepoch') AS changed_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', c.noticed_at, 'unixepoch') AS noticed_at
  FROM rsvp_change_row c JOIN event_row e ON e.key = c.event JOIN member_row m ON m.key = c.member;

CREATE VIEW group_days AS
  SELECT g.id AS group_id, date(d.day * 86400, 'unixepoch') AS on_date, d.member_count, d.leader_count
  FROM group_day_row d JOIN group_row g ON g.key = d.grp;

CREATE VIEW passes AS
  SELECT id, kind, strftime('%Y-%m-%dT%H:%M:%SZ', started_at, 'unixepoch') AS started_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', finished_at, 'unixepoch') AS finished_at,
         outcome, requests, points, rows_changed, failures
  FROM pass_row;

CREATE VIEW units AS
  SELECT u.id, u.purpose, u.kind,
         COALESCE('network ' || n.urlname, 'event ' || e.token, 'group ' || g.urlname) AS scope,
         strftime('%Y-%m-%dT%H:%M:%SZ', u.from_at, 'unixepoch') AS from_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', u.to_at, 'unixepoch') AS to_at,
         u.state, u.attempts, strftime('%Y-%m-%dT%H:%M:%SZ', u.next_due, 'unixepoch') AS next_due, u.last_error
  FROM unit_row u LEFT JOIN network_row n ON n.key = u.network
    LEFT JOIN group_row g ON g.key = u.grp LEFT JOIN event_row e ON e.key = u.event;

CREATE VIEW reports AS
  SELECT id, kind, period, strftime('%Y-%m-%dT%H:%M:%SZ', as_of, 'unixepoch') AS as_of,
         strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch') AS created_at, payload
  FROM report_row;

CREATE VIEW deliveries AS
  SELECT id, channel, kind, period, state, attempts,
         strftime('%Y-%m-%dT%H:%M:%SZ', next_attempt_at, 'unixepoch') AS next_attempt_at, last_error,
         strftime('%Y-%m-%dT%H:%M:%SZ', created_at, 'unixepoch') AS created_at,
         strftime('%Y-%m-%dT%H:%M:%SZ', sent_at, 'unixepoch') AS sent_at
  FROM delivery_row;

CREATE VIEW alerts AS
  SELECT a.key, a.kind, g.id AS group_id, a.state,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.since, 'unixepoch') AS since,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.told_at, 'unixepoch') AS told_at
  FROM alert_row a LEFT JOIN group_row g ON g.key = a.grp;

CREATE VIEW capabilities AS
  SELECT name, value, strftime('%Y-%m-%dT%H:%M:%SZ', found_at, 'unixepoch') AS found_at FROM capability_row;

CREATE VIEW notes AS
  SELECT n.id, g.id AS group_id, n.kind, n.text, n.whom, n.again_on,
         strftime('%Y-%m-%dT%H:%M:%SZ', n.created_at, 'unixepoch') AS created_at
  FROM note_row n JOIN group_row g ON g.key = n.grp;

CREATE VIEW mutes AS
  SELECT u.id, g.id AS group_id, u.alert, u.until_on,
         strftime('%Y-%m-%dT%H:%M:%SZ', u.created_at, 'unixepoch') AS created_at
  FROM mute_row u JOIN group_row g ON g.key = u.grp;

CREATE VIEW targets AS
  SELECT g.id AS group_id, t.every_months,
         strftime('%Y-%m-%dT%H:%M:%SZ', t.created_at, 'unixepoch') AS created_at
  FROM target_row t JOIN group_row g ON g.key = t.grp;
