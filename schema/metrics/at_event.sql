-- One row: a person known at an event: they answered, or they host it. Counted for held, running and
-- scheduled events.
--
-- Of several answers by one person the latest `updated_at` counts (unknown is oldest), then the
-- larger id: ids are compared as numbers, and one that is not a number is larger than any that is.
-- An answer that is gone counts only if it went after the event had ended (its member left later).
-- Hosts: the named ones and those whose answer is flagged, less those whose answer is NO (3),
-- NO_SHOW (5) or EXCUSED_ABSENCE (6). Yes: YES (1) or ATTENDED (2).
DROP TABLE IF EXISTS temp.at_event;
CREATE TEMP TABLE at_event (
  event INTEGER NOT NULL,
  member INTEGER NOT NULL,
  status ANY,                     -- of the answer; null: none given
  guests INTEGER NOT NULL,
  is_host INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  rsvp ANY,
  PRIMARY KEY (event, member)
) STRICT, WITHOUT ROWID;

INSERT INTO temp.at_event (event, member, status, guests, is_host, updated_at, rsvp)
SELECT r.event, r.member, r.status, r.guest_count, r.is_host,
       COALESCE(r.updated_at, -9223372036854775807), r.id
FROM temp.counted_event e CROSS JOIN rsvp_row r ON r.event = e.event
WHERE e.state IN ('held', 'running', 'scheduled')
  AND (r.gone_at IS NULL OR r.gone_at > e.ends_at)
ON CONFLICT (event, member) DO UPDATE
SET status = excluded.status, guests = excluded.guests, is_host = excluded.is_host,
    updated_at = excluded.updated_at, rsvp = excluded.rsvp
WHERE (excluded.updated_at, excluded.rsvp) > (updated_at, rsvp);

INSERT INTO temp.at_event (event, member, guests, is_host, updated_at)
SELECT e.event, h.member, 0, 1, -9223372036854775807
FROM temp.counted_event e CROSS JOIN host_row h ON h.event = e.event
WHERE e.state = 'held'
ON CONFLICT (event, member) DO UPDATE SET is_host = 1;

UPDATE temp.at_event SET is_host = 0 WHERE is_host AND status IN (3, 5, 6);

-- One row: a host of a held event of a group.
DROP TABLE IF EXISTS temp.hosted;
CREATE TEMP TABLE hosted (
  grp INTEGER NOT NULL,
  member INTEGER NOT NULL,
  place INTEGER NOT NULL,
  event INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,
  is_staff INTEGER NOT NULL,
  PRIMARY KEY (grp, member, place)
) STRICT, WITHOUT ROWID;
INSERT INTO temp.hosted
SELECT e.grp, p.member, e.place, e.event, e.starts_at,
       p.member IN (SELECT member FROM temp.given_staff)
FROM temp.counted_event e CROSS JOIN temp.at_event p ON p.event = e.event
WHERE e.state = 'held' AND p.is_host;

-- One row: a held, running or scheduled event with what was answered to it. `said_yes` is in words "said yes".
--
-- `is_taken`: its attendance was taken. Somebody was marked as not come (5) or excused (6); or somebody as come (2)
-- and, besides, some YES (1) was left as it was, or an event of the group that started then or within the
-- 365 days before has an absence marked. (Where all have come and nothing else was ever marked, that may be
-- what Meetup writes by itself.)
DROP TABLE IF EXISTS temp.turnout;
CREATE TEMP TABLE turnout (
  event INTEGER PRIMARY KEY,
  said_yes INTEGER NOT NULL,
  guests INTEGER NOT NULL,        -- brought by those
  no_show INTEGER NOT NULL,
  is_taken INTEGER NOT NULL
) STRICT;
INSERT INTO temp.turnout
WITH answered AS (
  SELECT e.event, e.grp, e.starts_at,
         COUNT(*) FILTER (WHERE p.status IN (1, 2)) AS said_yes,
         COALESCE(SUM(p.guests) FILTER (WHERE p.status IN (1, 2)), 0) AS guests,
         COUNT(*) FILTER (WHERE p.status = 1) AS left_alone,
         COUNT(*) FILTER (WHERE p.status = 2) AS attended,
         COUNT(*) FILTER (WHERE p.status = 5) AS no_show,
         COUNT(*) FILTER (WHERE p.status IN (5, 6)) AS absent
  FROM temp.counted_event e LEFT JOIN temp.at_event p ON p.event = e.event
  WHERE e.state IN ('held', 'running', 'scheduled')
  GROUP BY e.event
)
SELECT event, said_yes, guests, no_show,
       absent > 0 OR (attended > 0 AND (left_alone > 0 OR COALESCE(
         MAX(CASE WHEN absent > 0 THEN starts_at END) OVER (PARTITION BY grp ORDER BY starts_at) > starts_at - 365 * 86400, 0)))
FROM answered;
