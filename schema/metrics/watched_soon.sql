-- One row: an event in person that has yet to start, or started within the last day: whether it is
-- on, was called off, or was deleted at Meetup, and how many had said yes, by the one answer of each that
-- counts (at_event.sql). One that is on but was created after A is none yet (counted_event.sql).
--
-- :as_of  A, in seconds since 1970
SELECT e.grp, e.token, e.title, e.event_type, e.url, e.starts_at,
       e.starts_at + COALESCE(e.starts_offset, 0) AS starts_local,
       CASE
         WHEN e.gone_at IS NOT NULL THEN 'deleted'
         WHEN e.status IN ('CANCELLED', 'CANCELLED_PERM', 'AUTOSCHED_CANCELLED') THEN 'cancelled'
         ELSE 'on'
       END AS state,
       (SELECT COUNT(*) FROM (
          SELECT r.status, ROW_NUMBER() OVER (
                   PARTITION BY r.member ORDER BY COALESCE(r.updated_at, -9223372036854775807) DESC, r.id DESC) AS nth
          FROM rsvp_row r
          WHERE r.event = e.key AND (r.gone_at IS NULL OR r.gone_at > COALESCE(e.ends_at, e.starts_at + 3 * 3600)))
        WHERE nth = 1 AND status IN (1, 2)) AS said_yes
FROM event_row e JOIN group_row g ON g.key = e.grp
WHERE g.gone_at IS NULL AND e.starts_at > :as_of - 86400 AND e.event_type <> 'ONLINE'
  AND (e.gone_at IS NOT NULL AND e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
    OR e.status IN ('CANCELLED', 'CANCELLED_PERM', 'AUTOSCHED_CANCELLED')
    OR e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
       AND (e.starts_at <= :as_of OR COALESCE(e.created_at, e.starts_at - 14 * 86400) <= :as_of
         OR EXISTS (SELECT 1 FROM event_id_row i WHERE i.event = e.key AND i.first_seen_at <= :as_of)))
ORDER BY e.grp, e.starts_at, e.token;
