-- One row: a measured group that held as many events in the last 365 days as the policy asks a year,
-- with the instant from which it will not have, unless it meets before: when the latest events that
-- make up the number begin to leave the window.
--
-- :as_of            A, in seconds since 1970
-- :events_per_year  what the policy asks; null: there is none
SELECT e.grp, e.starts_at + 365 * 86400 AS falls_at
FROM temp.gaps p CROSS JOIN temp.counted_event e
  ON e.grp = p.grp AND e.state = 'held' AND e.place = p.held_ever - :events_per_year + 1
WHERE e.starts_at > :as_of - 365 * 86400;
