-- One row: a held event of the group in the last 365 days: how long before it was known, and whether a later one was
-- by the day after it.
WITH of_the_year AS (
  SELECT e.event, e.starts_at, e.starts_on, e.place, MAX(e.place) OVER () AS last_place,
         MIN(e.created) OVER (ORDER BY e.starts_at DESC GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS next_created
  FROM temp.counted_event e
  WHERE e.grp = :group AND e.state = 'held' AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
)
SELECT y.starts_at AS at, y.starts_on AS on_date, r.title,
       CASE WHEN r.created_at IS NULL THEN 'when it was created is unknown'
            ELSE printf('created %.1f days before', MAX(0, y.starts_at - r.created_at) / 86400.0) END
         || CASE WHEN y.place = y.last_place THEN '' WHEN y.next_created <= y.starts_at + 86400 THEN ', the next date was known'
                 ELSE ', no next date was known' END AS note,
       r.created_at IS NOT NULL AS has_notice, y.place < y.last_place AS is_followed,
       COALESCE(y.next_created <= y.starts_at + 86400, 0) AS next_known, 1 AS one
FROM of_the_year y JOIN event_row r ON r.key = y.event ORDER BY y.place DESC;
