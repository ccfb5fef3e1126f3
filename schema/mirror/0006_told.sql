-- What was told is kept as rows; documents and what was posted are kept for a while only.
--
-- Both tables are made anew, since what they must not lack may now be missing. The child goes first, so
-- that no row ever refers to one that is not there; the views that name them stand aside meanwhile.
DROP VIEW reports;
DROP VIEW deliveries;

CREATE TABLE report_now (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL CHECK (kind IN ('digest', 'alert', 'manual', 'test')),
  period TEXT NOT NULL,
  as_of INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  payload TEXT                   -- the composed report, JSON, persons by their ids; null: not kept any more
) STRICT;
INSERT INTO report_now SELECT id, kind, period, as_of, created_at, payload FROM report_row;

CREATE TABLE delivery_now (
  id INTEGER PRIMARY KEY,
  report INTEGER NOT NULL REFERENCES report_now,
  channel TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('digest', 'alert', 'manual', 'test')),
  period TEXT NOT NULL,
  payload TEXT,                  -- exactly what is posted, JSON; null: it is not to be posted any more
  state TEXT NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'sending', 'sent', 'dead', 'dropped')),
  attempts INTEGER NOT NULL DEFAULT 0,
  next_attempt_at INTEGER,
  leased_until INTEGER,          -- while `sending`: after it another process may take over
  last_error TEXT,
  created_at INTEGER NOT NULL,
  sent_at INTEGER,
  given_up_at INTEGER,           -- when it became `dead`; null: as long ago as it was filed
  UNIQUE (kind, period, channel)
) STRICT;
INSERT INTO delivery_now
  SELECT id, report, channel, kind, period, CASE state WHEN 'sent' THEN NULL ELSE payload END, state, attempts,
         next_attempt_at, leased_until, last_error, created_at, sent_at, NULL
  FROM delivery_row;

DROP TABLE delivery_row;
DROP TABLE report_row;
ALTER TABLE report_now RENAME TO report_row;
ALTER TABLE delivery_now RENAME TO delivery_row;
CREATE INDEX delivery_open ON delivery_row (next_attempt_at) WHERE state IN ('pending', 'sending');
CREATE INDEX delivery_by_report ON delivery_row (report);
CREATE INDEX delivery_by_channel ON delivery_row (channel);
CREATE INDEX delivery_dead ON delivery_row (given_up_at) WHERE state = 'dead';
CREATE INDEX report_kept ON report_row (kind) WHERE payload IS NOT NULL;

-- What a report said, for the digests after it: no person is in it. Whom it was told says `delivery_row`.
CREATE TABLE told_row (
  report INTEGER PRIMARY KEY REFERENCES report_row,
  definitions_version INTEGER NOT NULL,
  groups_met_30 INTEGER,
  groups_met_365 INTEGER,
  events_365 INTEGER,
  people_365 INTEGER,
  first_timers_90 INTEGER
) STRICT;

-- How each group in it stood. Null: unknown then.
CREATE TABLE told_group_row (
  report INTEGER NOT NULL REFERENCES told_row,
  grp INTEGER NOT NULL REFERENCES group_row,
  history_complete INTEGER NOT NULL,
  status TEXT,
  last_event INTEGER REFERENCES event_row,
  next_event INTEGER REFERENCES event_row,
  overdue_after_days REAL,
  streak_months INTEGER,
  events_365 INTEGER NOT NULL,
  yes_365 INTEGER NOT NULL,
  people_365 INTEGER NOT NULL,
  attendance_taken INTEGER NOT NULL,  -- events of the 365 days at which attendance was marked
  new_hosts_365 INTEGER,
  PRIMARY KEY (report, grp)
) STRICT, WITHOUT ROWID;

-- The groups that it asked to write to, in its order, and why, the most urgent cause first.
CREATE TABLE named_row (
  report INTEGER NOT NULL REFERENCES told_row,
  place INTEGER NOT NULL,
  nth INTEGER NOT NULL,
  grp INTEGER NOT NULL REFERENCES group_row,
  cause TEXT NOT NULL,
  PRIMARY KEY (report, place, nth)
) STRICT, WITHOUT ROWID;

-- What was told so far stands in the documents.
INSERT INTO told_row
  SELECT id, CAST(payload ->> '$.definitions_version' AS INTEGER),
         CAST(payload ->> '$.network.groups_met_30' AS INTEGER), CAST(payload ->> '$.network.groups_met_365' AS INTEGER),
         CAST(payload ->> '$.network.events_365' AS INTEGER), CAST(payload ->> '$.network.people_365' AS INTEGER),
         CAST(payload ->> '$.network.first_timers_90' AS INTEGER)
  FROM report_row
  WHERE kind IN ('digest', 'manual')
    AND CASE WHEN json_valid(payload) THEN json_type(payload, '$.definitions_version') = 'integer' END;
INSERT OR IGNORE INTO told_group_row
  SELECT t.report, g.key, coalesce(j.value ->> '$.history_complete', 0), j.value ->> '$.status',
         (SELECT e.key FROM event_row e WHERE e.token = j.value ->> '$.last_event.token'),
         (SELECT e.key FROM event_row e WHERE e.token = j.value ->> '$.next_event.token'),
         CAST(j.value ->> '$.cadence.overdue_after_days' AS REAL),
         CAST(j.value ->> '$.cadence.streak_months' AS INTEGER),
         coalesce(CAST(j.value ->> '$.cadence.events_365' AS INTEGER), 0),
         coalesce(CAST(j.value ->> '$.attendance.yes_365' AS INTEGER), 0),
         coalesce(CAST(j.value ->> '$.attendance.people_365' AS INTEGER), 0),
         coalesce(CAST(j.value ->> '$.attendance.attendance_taken.numerator' AS INTEGER), 0),
         CAST(j.value ->> '$.organizers.new_hosts_365' AS INTEGER)
  FROM told_row t JOIN report_row r ON r.id = t.report
    JOIN json_each(r.payload, '$.groups') j JOIN group_row g ON g.id = j.value ->> '$.id';
INSERT OR IGNORE INTO named_row
  SELECT t.report, n.key, c.key, g.key, c.value
  FROM told_row t JOIN report_row r ON r.id = t.report
    JOIN json_each(r.payload, '$.please_write_to') n JOIN group_row g ON g.id = n.value ->> '$.id'
    JOIN json_each(n.value, '$.causes') c;
-- So much for what was told.

-- The last 8 documents of each kind per channel stay,
UPDATE report_row SET payload = NULL WHERE id NOT IN (
  SELECT report FROM (
    SELECT r.id AS report, row_number() OVER (PARTITION BY r.kind, d.channel ORDER BY r.id DESC) AS nth
    FROM report_row r LEFT JOIN delivery_row d ON d.report = r.id)
  WHERE nth <= 8);

-- and persons stand in them by their ids: leaders,
UPDATE report_row SET payload = json_set(payload, '$.groups', json((
  SELECT json_group_array(json(CASE json_type(g.value, '$.leaders') WHEN 'array' THEN
      json_set(g.value, '$.leaders', json((
        SELECT json_group_array(json(json_set(json_remove(l.value, '$.name'), '$.member_id',
          replace(rtrim(l.value ->> '$.link', '/'), rtrim(rtrim(l.value ->> '$.link', '/'), '0123456789'), ''))))
        FROM json_each(g.value, '$.leaders') l)))
      ELSE g.value END))
  FROM json_each(payload, '$.groups') g)))
WHERE CASE WHEN json_valid(payload) THEN json_type(payload, '$.groups') = 'array' END;
-- those in the lists of persons,
UPDATE report_row SET payload = json_set(payload, '$.people.ambassadors', json((
  SELECT json_group_array(json(json_remove(p.value, '$.name'))) FROM json_each(payload, '$.people.ambassadors') p)))
WHERE CASE WHEN json_valid(payload) THEN json_type(payload, '$.people.ambassadors') = 'array' END;
UPDATE report_row SET payload = json_set(payload, '$.people.missed', json((
  SELECT json_group_array(json(json_remove(p.value, '$.name'))) FROM json_each(payload, '$.people.missed') p)))
WHERE CASE WHEN json_valid(payload) THEN json_type(payload, '$.people.missed') = 'array' END;
-- and whom alerts tell of: their sentences name who led or hosted last.
UPDATE report_row SET payload = json_set(payload, '$.alerts', json((
  SELECT json_group_array(json(CASE json_type(a.value, '$.leaders') WHEN 'array' THEN
      json_set(CASE WHEN a.value ->> '$.kind' IN ('leaderless', 'last_host') THEN json_set(a.value, '$.sentence', NULL) ELSE a.value END,
        '$.leaders', json((
        SELECT json_group_array(json(json_set(json_remove(l.value, '$.name'), '$.member_id',
          replace(rtrim(l.value ->> '$.link', '/'), rtrim(rtrim(l.value ->> '$.link', '/'), '0123456789'), ''))))
        FROM json_each(a.value, '$.leaders') l)))
      ELSE a.value END))
  FROM json_each(payload, '$.alerts') a)))
WHERE CASE WHEN json_valid(payload) THEN json_type(payload, '$.alerts') = 'array' END;

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
