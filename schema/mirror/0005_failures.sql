-- What fails now, as types and columns, one row for each thing that fails; and when each network was
-- last read, from which follows how old each group's data is.
CREATE TABLE failure_row (
  key INTEGER PRIMARY KEY,
  scope TEXT NOT NULL CHECK (scope IN ('sign_in', 'pass', 'network', 'group')),
  network INTEGER REFERENCES network_row,
  grp INTEGER REFERENCES group_row,
  name TEXT,                     -- a network or group that has no row yet: as it is configured, or its id
  kind TEXT NOT NULL CHECK (kind IN ('outage', 'unreadable', 'refused', 'not_visible', 'shrunken')),
  is_part INTEGER NOT NULL,      -- only some of it fails: the rest was read
  message TEXT NOT NULL,
  since INTEGER NOT NULL,        -- start of the first pass of those in a row in which it failed
  last_at INTEGER NOT NULL,
  pass INTEGER NOT NULL,         -- the latest pass in which it failed, or after which
  read_at INTEGER                -- of a group: when it was last read, before it began to fail
) STRICT;
CREATE UNIQUE INDEX failure_by_what ON failure_row (scope, coalesce(network, 0), coalesce(grp, 0), coalesce(name, ''));
CREATE INDEX failure_by_group ON failure_row (grp);

-- Since when a network's groups and hot events are as they were read; a group outside networks is read
-- with all others of its kind, and the meta key `outside_read_at` says when.
ALTER TABLE network_row ADD COLUMN read_at INTEGER;
-- Some of it came through, and no network failed as a whole.
ALTER TABLE pass_row ADD COLUMN is_good INTEGER NOT NULL DEFAULT 0;

CREATE TEMP TABLE old_failure AS
  SELECT f.pass, f.scope AS text, f.message,
         CASE WHEN f.scope = 'sign-in' THEN 'sign_in' WHEN f.scope = 'pass' THEN 'pass'
              WHEN n.key IS NOT NULL THEN 'network' WHEN g.key IS NOT NULL THEN 'group' END AS scope,
         n.key AS network, g.key AS grp
  FROM pass_failure_row f
    LEFT JOIN network_row n ON f.scope = 'network ' || n.urlname
    LEFT JOIN group_row g ON f.scope IN ('group ' || g.urlname, 'group ' || g.id)
  GROUP BY f.pass, f.scope;

UPDATE pass_row SET is_good = outcome IN ('done', 'partly')
  AND NOT EXISTS (SELECT 1 FROM old_failure o WHERE o.pass = pass_row.id AND o.scope = 'network');
UPDATE network_row SET read_at = (
  SELECT max(p.started_at) FROM pass_row p
  WHERE p.outcome IN ('done', 'partly')
    AND NOT EXISTS (SELECT 1 FROM old_failure o WHERE o.pass = p.id AND o.network = network_row.key));
INSERT INTO meta (key, value)
  SELECT 'outside_read_at', max(started_at) FROM pass_row WHERE is_good = 1 HAVING max(started_at) IS NOT NULL;

-- What failed in the latest pass that came to an end. Kinds were not kept: the next pass tells them.
INSERT INTO failure_row (scope, network, grp, kind, is_part, message, since, last_at, pass, read_at)
  SELECT o.scope, o.network, o.grp,
         CASE WHEN o.scope = 'sign_in' THEN 'refused' WHEN g.failures > 0 THEN 'unreadable' ELSE 'outage' END,
         0, max(o.message),
         (SELECT min(p.started_at) FROM pass_row p
          WHERE p.id > coalesce((SELECT max(w.id) FROM pass_row w WHERE w.id < o.pass AND w.outcome IN ('done', 'partly')
              AND NOT EXISTS (SELECT 1 FROM old_failure x WHERE x.pass = w.id AND x.text = o.text)), 0)
            AND EXISTS (SELECT 1 FROM old_failure x WHERE x.pass = p.id AND x.text = o.text)),
         (SELECT p.started_at FROM pass_row p WHERE p.id = o.pass), o.pass,
         (SELECT max(p.started_at) FROM pass_row p
          WHERE o.grp IS NOT NULL AND p.outcome IN ('done', 'partly')
            AND NOT EXISTS (SELECT 1 FROM old_failure x WHERE x.pass = p.id AND (x.grp = o.grp OR x.network = g.network)))
  FROM old_failure o LEFT JOIN group_row g ON g.key = o.grp
  WHERE o.scope IS NOT NULL
    AND o.pass = (SELECT max(id) FROM pass_row WHERE outcome IN ('done', 'partly', 'failed'))
  GROUP BY o.scope, coalesce(o.network, 0), coalesce(o.grp, 0);
INSERT OR IGNORE INTO failure_row (scope, grp, kind, is_part, message, since, last_at, pass)
  SELECT 'group', key, 'unreadable', 0, coalesce(failure, 'unknown'), coalesce(failing_since, retry_at, 0), coalesce(failing_since, retry_at, 0),
         (SELECT coalesce(max(id), 0) FROM pass_row)
  FROM group_row WHERE failures > 0 AND gone_at IS NULL;
DROP TABLE old_failure;
DROP TABLE pass_failure_row;
ALTER TABLE group_row DROP COLUMN failing_since;
ALTER TABLE group_row DROP COLUMN failure;

CREATE VIEW failures AS
  SELECT f.scope, g.id AS group_id, n.id AS network_id, coalesce(g.urlname, n.urlname, f.name) AS name,
         f.kind, f.is_part, f.message,
         strftime('%Y-%m-%dT%H:%M:%SZ', f.since, 'unixepoch') AS since,
         strftime('%Y-%m-%dT%H:%M:%SZ', f.last_at, 'unixepoch') AS last_at
  FROM failure_row f LEFT JOIN network_row n ON n.key = f.network LEFT JOIN group_row g ON g.key = f.grp;
