-- One row: an event of one group as in starts.sql, by start, from as long ago on as pauses rest on that began after
-- an instant: the year before it, and so many different starts up to it.
--
-- :group        group_row.key
-- :as_of        A, in seconds since 1970
-- :cases_from   the instant
-- :year_before  365 days before it
-- :starts       so many starts
WITH live AS (
  SELECT e.key, e.starts_at, e.created_at
  FROM event_row e INDEXED BY event_by_group
  WHERE e.grp = :group AND e.gone_at IS NULL AND e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
    AND e.starts_at >= COALESCE(MIN(:year_before, (
      SELECT MIN(starts_at) FROM (
        SELECT DISTINCT b.starts_at FROM event_row b INDEXED BY event_by_group
        WHERE b.grp = :group AND b.gone_at IS NULL AND b.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
          AND b.starts_at <= :cases_from
        ORDER BY b.starts_at DESC LIMIT :starts))), :year_before)
),
known AS (
  SELECT starts_at, MIN(starts_at, COALESCE(created_at, starts_at - 14 * 86400),
           COALESCE((SELECT MIN(i.first_seen_at) FROM event_id_row i WHERE i.event = live.key), starts_at)) AS created
  FROM live
)
SELECT starts_at, created FROM known WHERE starts_at <= :as_of OR created <= :as_of ORDER BY starts_at;
