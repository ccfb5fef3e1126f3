-- One row: a held or cancelled event of the group in the last 365 days.
SELECT e.starts_at AS at, e.starts_on AS on_date, r.title, e.state AS note, e.state = 'cancelled' AS is_cancelled, 1 AS one
FROM temp.counted_event e JOIN event_row r ON r.key = e.event
WHERE e.grp = :group AND e.state IN ('held', 'cancelled') AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
ORDER BY e.starts_at DESC, r.token;
