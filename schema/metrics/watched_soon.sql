-- One row: an event in person that has yet to start, or started within the last day: whether it is
-- on, was called off, or was deleted at Meetup, and how many had said yes.
--
-- :as_of  A, in seconds since 1970
SELECT e.grp, e.token, e.title, e.event_type, e.url, e.starts_at,
       e.starts_at + COALESCE(e.starts_offset, 0) AS starts_local,
       CASE
         WHEN e.gone_at IS NOT NULL THEN 'deleted'
         WHEN e.status IN ('CANCELLED', 'CANCELLED_PERM', 'AUTOSCHED_CANCELLED') THEN 'cancelled'
         ELSE 'on'
       END AS state,
       (SELECT COUNT(DISTINCT r.member) FROM rsvp_row r
        WHERE r.event = e.key AND r.gone_at IS NULL AND r.status IN (1, 2)) AS said_yes
FROM event_row e JOIN group_row g ON g.key = e.grp
WHERE g.gone_at IS NULL AND e.starts_at > :as_of - 86400 AND e.event_type <> 'ONLINE'
  AND e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED',
                   'CANCELLED', 'CANCELLED_PERM', 'AUTOSCHED_CANCELLED')
ORDER BY e.grp, e.starts_at, e.token;
