-- One row: the pause before a held event of the group.
SELECT e.starts_at AS at, e.starts_on AS on_date, r.title,
       printf('%.1f days after the one before', (e.starts_at - e.previous_at) / 86400.0) AS note,
       e.previous_at > :as_of - 365 * 86400 AS in_365,
       e.starts_at > e.previous_at
         AND ROW_NUMBER() OVER (ORDER BY e.starts_at > e.previous_at DESC, e.place DESC) <= 12 AS is_recent
FROM temp.counted_event e JOIN event_row r ON r.key = e.event
WHERE e.grp = :group AND e.state = 'held' AND e.previous_at IS NOT NULL
ORDER BY e.place DESC;
