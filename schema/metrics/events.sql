-- One row: an event of one group that may count (counted_event.sql, the definition), by start, then token; `state` is
-- null where it counts nowhere whatever A is.
--
-- :group  group_row.key
-- :as_of  A, in seconds since 1970
-- :since  only those that start after it, in seconds since 1970
SELECT e.key, e.starts_at, COALESCE(e.ends_at, e.starts_at + 3 * 3600) AS ends_at, e.starts_offset,
       MIN(e.starts_at, COALESCE(e.created_at, e.starts_at - 14 * 86400),
           COALESCE((SELECT MIN(i.first_seen_at) FROM event_id_row i WHERE i.event = e.key), e.starts_at)) AS created,
       e.event_type = 'ONLINE' AS is_online, e.network_event_id,
       CASE
         WHEN e.status IN ('PAST', 'ACTIVE', 'AUTOSCHED', 'AUTOSCHED_FINISHED') THEN
           CASE WHEN COALESCE(e.ends_at, e.starts_at + 3 * 3600) <= :as_of THEN 'held'
                WHEN e.starts_at <= :as_of THEN 'running' ELSE 'scheduled' END
         WHEN e.status IN ('CANCELLED', 'CANCELLED_PERM', 'AUTOSCHED_CANCELLED') THEN 'cancelled'
       END AS state
FROM event_row e INDEXED BY event_by_group
WHERE e.grp = :group AND e.gone_at IS NULL AND e.starts_at > :since
ORDER BY e.starts_at, e.token;
