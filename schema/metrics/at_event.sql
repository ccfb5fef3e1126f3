-- One row: a person known at an event: they answered, or they host it. Counted for held, running and
-- scheduled events.
--
-- Of several answers by one person the latest `updated_at` counts (unknown is oldest), then the
-- larger id: ids are compared as numbers, and one that is not a number is larger than any that is.
-- An answer that is gone counts only if it went after the event had ended (its member left later).
-- Hosts: the named ones and those whose answer is flagged, less those whose answer is NO (3),
-- NO_SHOW (5) or EXCUSED_ABSENCE (6). Yes: YES (1) or ATTENDED (2).
--
-- :group  group_row.key: only what was answered to its events; null: all
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
WHERE (:group IS NULL OR e.grp = :group) AND e.state IN ('held', 'running', 'scheduled')
  AND (r.gone_at IS NULL OR r.gone_at > e.ends_at)
ON CONFLICT (event, member) DO UPDATE
SET status = excluded.status, guests = excluded.guests, is_host = excluded.is_host,
    updated_at = excluded.updated_at, rsvp = excluded.rsvp
WHERE (excluded.updated_at, excluded.rsvp) > (updated_at, rsvp);

INSERT INTO temp.at_event (event, member, guests, is_host, updated_at)
SELECT e.event, h.member, 0, 1, -9223372036854775807
FROM temp.counted_event e CROSS JOIN host_row h ON h.event = e.event
WHERE (:group IS NULL OR e.grp = :group) AND e.state = 'held'
ON CONFLICT (event, member) DO UPDATE SET is_host = 1;

UPDATE temp.at_event SET is_host = 0 WHERE is_host AND status IN (3, 5, 6);
