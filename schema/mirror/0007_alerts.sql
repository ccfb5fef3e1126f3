-- What alerts remember, in columns rather than in texts to be taken apart: of which group, which part of
-- its standing, which event, scope or channel; which step it is held to be at, and which it shows. The
-- view says it in the words of before.
DROP VIEW alerts;
ALTER TABLE alert_row RENAME TO alert_before;

CREATE TABLE alert_row (
  kind TEXT NOT NULL,            -- of alert, or of the daemon's own trouble; `read`: which history was looked at
  part TEXT,                     -- of `meetup_status`: `tie` or `gone`; null: the status itself
  grp INTEGER REFERENCES group_row,
  about TEXT,                    -- an event's token; of trouble, a scope or a channel
  step TEXT NOT NULL,            -- where it is held to be
  rising TEXT,                   -- the better step it shows, not for long enough yet
  since INTEGER NOT NULL,        -- of `read`: when the backfill of that history was planned
  told_at INTEGER
) STRICT;

WITH named AS (
  SELECT a.*, g.id, substr(a.key, length(a.kind) + 2) AS rest, instr(a.state, ', now ') AS split
  FROM alert_before a LEFT JOIN group_row g ON g.key = a.grp
)
INSERT INTO alert_row (kind, part, grp, about, step, rising, since, told_at)
SELECT kind,
       CASE rest WHEN 'tie ' || id THEN 'tie' WHEN 'gone ' || id THEN 'gone' END,
       grp,
       CASE WHEN rest NOT IN ('', coalesce(id, ''), 'tie ' || coalesce(id, ''), 'gone ' || coalesce(id, '')) THEN rest END,
       CASE WHEN kind = 'read' THEN 'looked' WHEN split > 0 THEN substr(state, 1, split - 1) ELSE state END,
       CASE WHEN kind <> 'read' AND split > 0 THEN substr(state, split + 6) END,
       CASE WHEN kind = 'read' THEN CAST(state AS INTEGER) ELSE since END,
       told_at
FROM named;
DROP TABLE alert_before;
CREATE UNIQUE INDEX alert_of_group ON alert_row (grp, kind, coalesce(part, ''), coalesce(about, ''));
CREATE UNIQUE INDEX alert_of_daemon ON alert_row (kind, coalesce(about, '')) WHERE grp IS NULL;

CREATE VIEW alerts AS
  SELECT a.kind || coalesce(' ' || a.part, '') || coalesce(' ' || coalesce(a.about, g.id), '') AS key, a.kind, g.id AS group_id,
         CASE a.kind WHEN 'read' THEN CAST(a.since AS TEXT) ELSE a.step || coalesce(', now ' || a.rising, '') END AS state,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.since, 'unixepoch') AS since,
         strftime('%Y-%m-%dT%H:%M:%SZ', a.told_at, 'unixepoch') AS told_at
  FROM alert_row a LEFT JOIN group_row g ON g.key = a.grp;
