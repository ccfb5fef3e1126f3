-- One row: held events in person of the week before A's date that were over for more than 24 hours, by the clock
-- of the schedule, over groups whose history is complete, and how many of these had their attendance taken
-- (at_event.sql). A joint event counts once, and is taken where that of any of its copies is.
--
-- :as_of        A, in seconds since 1970
-- :today        when the local date of A began, in seconds since 1970
-- :week_before  when the date 7 days before that began
SELECT COUNT(*) AS events, COALESCE(SUM(is_taken), 0) AS taken FROM (
  SELECT MAX(t.is_taken) AS is_taken
  FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp JOIN temp.turnout t ON t.event = e.event
  WHERE g.is_complete AND e.state = 'held' AND e.starts_at >= :week_before AND e.starts_at < :today
    AND NOT e.is_online AND e.ends_at < :as_of - 86400
  GROUP BY COALESCE(e.network_event_id, e.event));
