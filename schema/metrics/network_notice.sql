-- One row: a band of notice (0: under 3 days from Meetup's `created_at` to the start, negative ones included; 3: 3
-- to under 7; 7: to under 14; 14: to under 21; 21: more), with the held events of the last 365 days in it, of groups
-- whose history is complete and that held 3 or more, and the median of their yes / the group's median yes
-- over the same 365 days. What was created when is not known of all; those of which it is not, and those of a
-- group whose median is 0, count nowhere. A joint event counts for each group that has a copy.
--
-- :as_of  A, in seconds since 1970
WITH of_the_year AS (
  SELECT e.grp, t.said_yes, e.starts_at - r.created_at AS notice,
         ROW_NUMBER() OVER (PARTITION BY e.grp ORDER BY t.said_yes) AS n, COUNT(*) OVER (PARTITION BY e.grp) AS events
  FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp
  JOIN event_row r ON r.key = e.event JOIN temp.turnout t ON t.event = e.event
  WHERE g.is_complete AND e.state = 'held' AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
),
usual AS (
  SELECT grp, AVG(said_yes) AS said_yes FROM of_the_year
  WHERE events >= 3 AND n IN ((events + 1) / 2, (events + 2) / 2) GROUP BY grp HAVING AVG(said_yes) > 0
),
compared AS (
  SELECT CASE WHEN y.notice < 3 * 86400 THEN 0 WHEN y.notice < 7 * 86400 THEN 3 WHEN y.notice < 14 * 86400 THEN 7
              WHEN y.notice < 21 * 86400 THEN 14 ELSE 21 END AS band,
         y.said_yes / u.said_yes AS ratio
  FROM of_the_year y JOIN usual u ON u.grp = y.grp WHERE y.notice IS NOT NULL
),
ranked AS (
  SELECT band, ratio, ROW_NUMBER() OVER (PARTITION BY band ORDER BY ratio) AS n, COUNT(*) OVER (PARTITION BY band) AS events
  FROM compared
)
SELECT band, events, AVG(ratio) AS ratio FROM ranked
WHERE n IN ((events + 1) / 2, (events + 2) / 2) GROUP BY band;
