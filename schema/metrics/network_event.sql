-- One row: a held event of a group whose history is complete, with the windows it lies in. `joint` is
-- the same for the copies of a joint event: those count once as an event, and for each group that
-- has a copy.
--
-- :as_of        A, in seconds since 1970
-- :today        when the local date of A began, by the clock of the schedule
-- :week_before  when the date 7 days before that began
DROP TABLE IF EXISTS temp.network_event;
CREATE TEMP TABLE network_event (
  event INTEGER PRIMARY KEY,
  grp INTEGER NOT NULL,
  joint ANY NOT NULL,             -- network event id, else the event's key: text or a number, these never meet
  is_joint INTEGER NOT NULL,
  in_30 INTEGER NOT NULL, in_90 INTEGER NOT NULL, in_365 INTEGER NOT NULL,
  before_30 INTEGER NOT NULL, before_90 INTEGER NOT NULL, before_365 INTEGER NOT NULL,  -- the same at A - 365 d
  older INTEGER NOT NULL,         -- started before the last 90 days
  older_before INTEGER NOT NULL,  -- the same at A - 365 d
  in_week INTEGER NOT NULL,       -- started on one of the 7 local dates before A's (weeks.sql)
  older_week INTEGER NOT NULL     -- started before those
) STRICT;
INSERT INTO temp.network_event
SELECT event, grp, COALESCE(network_event_id, event), network_event_id IS NOT NULL,
       starts_at > :as_of - 30 * 86400 AND starts_at <= :as_of,
       starts_at > :as_of - 90 * 86400 AND starts_at <= :as_of,
       starts_at > :as_of - 365 * 86400 AND starts_at <= :as_of,
       is_before AND starts_at > :as_of - (365 + 30) * 86400,
       is_before AND starts_at > :as_of - (365 + 90) * 86400,
       is_before AND starts_at > :as_of - (365 + 365) * 86400,
       starts_at <= :as_of - 90 * 86400,
       is_before AND starts_at <= :as_of - (365 + 90) * 86400,
       starts_at >= :week_before AND starts_at < :today,
       starts_at < :week_before
FROM (SELECT e.event, e.grp, e.starts_at, e.network_event_id,
             (r.founded_at IS NULL OR r.founded_at <= :as_of - 365 * 86400)
               AND e.ends_at <= :as_of - 365 * 86400 AND e.starts_at <= :as_of - 365 * 86400 AS is_before
      FROM temp.given_group g JOIN group_row r ON r.key = g.grp CROSS JOIN temp.counted_event e ON e.grp = g.grp
      WHERE g.is_complete AND e.state = 'held');
