-- One row: the events of one group of one state as of A, counted, with one of them: the last held, the first
-- that is scheduled or running. What is held, running and scheduled is as in counted_event.sql; this
-- file reads no answers and no other tables, so that it can be run after every pass.
--
-- :group  group_row.key
-- :as_of  A, in seconds since 1970
WITH classed AS (
  SELECT e.grp, e.key, e.starts_at,
         CASE
           WHEN COALESCE(e.ends_at, e.starts_at + 3 * 3600) <= :as_of THEN 'held'
           WHEN e.starts_at <= :as_of THEN 'running'
           WHEN COALESCE(e.created_at, e.starts_at - 14 * 86400) <= :as_of
             OR EXISTS (SELECT 1 FROM event_id_row i WHERE i.event = e.key AND i.first_seen_at <= :as_of) THEN 'scheduled'
         END AS state
  FROM event_row e
  WHERE e.grp = :group AND e.gone_at IS NULL AND e.starts_at IS NOT NULL
    AND e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
),
-- With MAX, the other columns are those of the row it is taken from.
chosen AS (
  SELECT state, COUNT(*) AS events, key,
         MAX(CASE state WHEN 'held' THEN starts_at ELSE -starts_at END)
  FROM classed WHERE state IS NOT NULL GROUP BY state
)
SELECT c.state, c.events, r.token, r.title, r.event_type, r.url, r.starts_at,
       r.starts_at + COALESCE(r.starts_offset, 0) AS starts_local,
       CASE c.state WHEN 'held' THEN (
         SELECT MAX(p.starts_at) FROM event_row p
         WHERE p.grp = :group AND p.starts_at < r.starts_at AND p.gone_at IS NULL
           AND p.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
           AND COALESCE(p.ends_at, p.starts_at + 3 * 3600) <= :as_of) END AS previous_at
FROM chosen c JOIN event_row r ON r.key = c.key;
