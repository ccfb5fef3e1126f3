-- One row: an event held on one of the seven dates before A's, by the schedule's clock, of a group whose history is
-- complete: the events of the week before in weeks.sql, with who said yes, by the one answer of each that counts
-- (at_event.sql). A joint event has a row for each group that has it, each with the yes of its copies in the week
-- united. What is held is as in counted_event.sql.
--
-- :as_of        A, in seconds since 1970
-- :week_before  the start of the first of these dates
-- :today        the start of A's date
WITH held AS MATERIALIZED (
  SELECT e.key, e.grp, COALESCE(e.network_event_id, e.key) AS one, COALESCE(e.ends_at, e.starts_at + 3 * 3600) AS ends_at
  FROM event_row e JOIN group_row g ON g.key = e.grp
  WHERE g.gone_at IS NULL AND g.history_complete AND e.gone_at IS NULL
    AND e.starts_at >= :week_before AND e.starts_at < :today
    AND COALESCE(e.ends_at, e.starts_at + 3 * 3600) <= :as_of
    AND e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
),
answered AS (
  SELECT h.one, r.member, r.status, ROW_NUMBER() OVER (
           PARTITION BY r.event, r.member ORDER BY COALESCE(r.updated_at, -9223372036854775807) DESC, r.id DESC) AS nth
  FROM held h CROSS JOIN rsvp_row r ON r.event = h.key
  WHERE r.gone_at IS NULL OR r.gone_at > h.ends_at
),
said AS (
  SELECT one, COUNT(DISTINCT member) AS said_yes FROM answered WHERE nth = 1 AND status IN (1, 2) GROUP BY one
)
SELECT g.urlname, g.name, e.token, e.title, e.event_type, e.url, e.starts_at,
       e.starts_at + COALESCE(e.starts_offset, 0) AS starts_local, e.network_event_id AS joint,
       COALESCE(s.said_yes, 0) AS said_yes
FROM held h JOIN event_row e ON e.key = h.key JOIN group_row g ON g.key = h.grp LEFT JOIN said s ON s.one = h.one
ORDER BY e.starts_at, e.token;
