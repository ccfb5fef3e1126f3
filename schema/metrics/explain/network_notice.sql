-- One row: an event that counts for turnout by notice (network_notice.sql).
WITH of_the_year AS (
  SELECT e.event, e.grp, e.starts_at, e.starts_on, t.said_yes,
         ROW_NUMBER() OVER (PARTITION BY e.grp ORDER BY t.said_yes) AS n, COUNT(*) OVER (PARTITION BY e.grp) AS events
  FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp JOIN temp.turnout t ON t.event = e.event
  WHERE g.is_complete AND e.state = 'held' AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
),
usual AS (
  SELECT grp, AVG(said_yes) AS said_yes FROM of_the_year
  WHERE events >= 3 AND n IN ((events + 1) / 2, (events + 2) / 2) GROUP BY grp HAVING AVG(said_yes) > 0
)
SELECT y.starts_at AS at, y.starts_on AS on_date, r.title, o.urlname,
       printf('created %.1f days before, %d said yes: %.2f of the usual', MAX(0, y.starts_at - r.created_at) / 86400.0,
              y.said_yes, y.said_yes / u.said_yes) AS note
FROM of_the_year y JOIN usual u ON u.grp = y.grp JOIN event_row r ON r.key = y.event JOIN group_row o ON o.key = y.grp
WHERE r.created_at IS NOT NULL ORDER BY y.starts_at DESC, r.token;
