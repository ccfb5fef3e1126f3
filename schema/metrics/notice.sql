-- One row: a measured group and how long before its events of the last 365 days are known.
--
-- median_notice_days: the median of start less Meetup's `created_at` (never below 0), over those of which that is
-- known; null under 3. next_known / events: of those events but the latest one, those for which a held event
-- that starts after it was created (counted_event.sql) within a day of its start.
--
-- :as_of  A, in seconds since 1970
WITH of_the_year AS (
  SELECT e.grp, e.place, e.starts_at, MAX(0, e.starts_at - r.created_at) AS notice,
         MAX(e.place) OVER (PARTITION BY e.grp) AS last_place,
         MIN(e.created) OVER (PARTITION BY e.grp ORDER BY e.starts_at DESC
                              GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS next_created
  FROM temp.counted_event e CROSS JOIN event_row r ON r.key = e.event   -- in this order, for one group as for all
  WHERE e.state = 'held' AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
),
ranked AS (
  SELECT grp, notice, ROW_NUMBER() OVER (PARTITION BY grp ORDER BY notice) AS n, COUNT(*) OVER (PARTITION BY grp) AS events
  FROM of_the_year WHERE notice IS NOT NULL
),
median AS (
  SELECT grp, AVG(notice) / 86400.0 AS days FROM ranked
  WHERE events >= 3 AND n IN ((events + 1) / 2, (events + 2) / 2) GROUP BY grp
),
known AS (
  SELECT grp, COUNT(*) AS events, COUNT(*) FILTER (WHERE next_created <= starts_at + 86400) AS next_known
  FROM of_the_year WHERE place < last_place GROUP BY grp
)
SELECT g.grp, m.days AS median_notice_days, COALESCE(k.next_known, 0) AS next_known, COALESCE(k.events, 0) AS events
FROM temp.given_group g LEFT JOIN median m ON m.grp = g.grp LEFT JOIN known k ON k.grp = g.grp;
