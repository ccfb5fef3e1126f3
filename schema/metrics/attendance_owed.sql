-- One row: a held event of the last 30 days, in person and over for more than 24 hours, without attendance
-- taken (at_event.sql), of a group whose history is complete, the latest first; in_week: it was in the week
-- before A's date, by the clock of the schedule. A joint event is one row, that of its earliest such copy (by
-- start, then token), and is taken where that of any of its copies is.
--
-- :as_of        A, in seconds since 1970
-- :today        when the local date of A began, in seconds since 1970
-- :week_before  when the date 7 days before that began
WITH taken AS MATERIALIZED (
  SELECT DISTINCT e.network_event_id
  FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp JOIN temp.turnout t ON t.event = e.event
  WHERE g.is_complete AND e.state = 'held' AND e.network_event_id IS NOT NULL AND t.is_taken
),
copy AS (
  SELECT e.event, e.grp, e.starts_at, e.starts_on, r.token, r.url,
         MAX(e.starts_at >= :week_before AND e.starts_at < :today) OVER of_joint AS in_week,
         ROW_NUMBER() OVER (of_joint ORDER BY e.starts_at, r.token) AS n
  FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp
    JOIN temp.turnout t ON t.event = e.event JOIN event_row r ON r.key = e.event
  WHERE g.is_complete AND e.state = 'held' AND e.starts_at > :as_of - 30 * 86400 AND e.starts_at <= :as_of
    AND NOT e.is_online AND e.ends_at < :as_of - 86400 AND NOT t.is_taken
    AND (e.network_event_id IS NULL OR e.network_event_id NOT IN (SELECT network_event_id FROM taken))
  WINDOW of_joint AS (PARTITION BY COALESCE(e.network_event_id, e.event))
)
SELECT o.urlname, unixepoch(c.starts_on) AS date_at, c.url, c.in_week
FROM copy c JOIN group_row o ON o.key = c.grp
WHERE c.n = 1 ORDER BY c.starts_at DESC, c.token;
