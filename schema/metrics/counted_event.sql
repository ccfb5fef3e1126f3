-- One row: an event that counts as of A. Live ones are held (over by A), running or scheduled
-- (starts after A, and created by A); cancelled ones are kept for the cancellation rate. Events that are
-- gone, that have no start or another status, that start after A and were not created by then, and events
-- of groups that are not measured count nowhere.
--
-- An event was created at the earlier of Meetup's `created_at` (unknown: 14 days before its start) and the
-- first time that one of its ids was seen, and never later than at its start: `created`.
--
-- `place` numbers a group's events of one state 1, 2, 3 ... by start, then token: "earlier", "before"
-- and "consecutive" all follow it. `month` and `starts_on` are those of the wall clock Meetup sent.
--
-- :as_of  A, in seconds since 1970

INSERT INTO temp.counted_event
WITH classed AS (
  SELECT e.key AS event, e.grp, e.token, e.starts_at,
         COALESCE(e.ends_at, e.starts_at + 3 * 3600) AS ends_at,
         date(e.starts_at + COALESCE(e.starts_offset, g.as_of_offset), 'unixepoch') AS starts_on,
         MIN(e.starts_at, COALESCE(e.created_at, e.starts_at - 14 * 86400),
             COALESCE((SELECT MIN(i.first_seen_at) FROM event_id_row i WHERE i.event = e.key), e.starts_at)) AS created,
         e.event_type = 'ONLINE' AS is_online, e.network_event_id,
         CASE
           WHEN e.status IN ('CANCELLED', 'CANCELLED_PERM', 'AUTOSCHED_CANCELLED') THEN 'cancelled'
           WHEN e.status NOT IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED') THEN NULL
           WHEN COALESCE(e.ends_at, e.starts_at + 3 * 3600) <= :as_of THEN 'held'
           WHEN e.starts_at <= :as_of THEN 'running'
           ELSE 'scheduled'
         END AS state
  FROM temp.given_group g JOIN event_row e ON e.grp = g.grp
  WHERE e.gone_at IS NULL AND e.starts_at IS NOT NULL
)
SELECT event, grp, state, starts_at, ends_at, starts_on,
       CAST(substr(starts_on, 1, 4) AS INTEGER) * 12 + CAST(substr(starts_on, 6, 2) AS INTEGER) - 1,
       created, is_online, network_event_id,
       ROW_NUMBER() OVER in_order, CASE state WHEN 'held' THEN LAG(starts_at) OVER in_order END
FROM classed
WHERE state IS NOT NULL AND (state <> 'scheduled' OR created <= :as_of)
WINDOW in_order AS (PARTITION BY grp, state ORDER BY starts_at, token);

-- One row: a group's local month with at least one held event.
INSERT INTO temp.month_met
SELECT grp, month, COUNT(*) FROM temp.counted_event WHERE state = 'held' GROUP BY grp, month;
