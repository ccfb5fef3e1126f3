-- One row: a measured group and who said yes to its held events of the last 365 days, hosts and
-- staff included. Medians are null where there was no such event. The show rate looks at events
-- with attendance taken and is an upper bound: a YES left unmarked counts as come, excused
-- absences are in neither.
--
-- :as_of  A, in seconds since 1970
WITH of_the_year AS (
  SELECT e.grp, e.event, e.is_online, t.said_yes, t.guests, t.no_show, t.is_taken
  FROM temp.counted_event e JOIN temp.turnout t ON t.event = e.event
  WHERE e.state = 'held' AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
),
ranked AS (   -- every event twice: among all, and among its kind
  SELECT grp, kind, said_yes, ROW_NUMBER() OVER (PARTITION BY grp, kind ORDER BY said_yes) AS n,
         COUNT(*) OVER (PARTITION BY grp, kind) AS events
  FROM (SELECT grp, 'all' AS kind, said_yes FROM of_the_year
        UNION ALL
        SELECT grp, CASE WHEN is_online THEN 'online' ELSE 'in person' END, said_yes FROM of_the_year)
),
median AS (
  SELECT grp, kind, AVG(said_yes) AS said_yes FROM ranked
  WHERE n IN ((events + 1) / 2, (events + 2) / 2) GROUP BY grp, kind
),
sums AS (
  SELECT grp, COUNT(*) AS events, SUM(said_yes) AS said_yes, SUM(guests) AS guests,
         SUM(is_taken) AS taken,
         COALESCE(SUM(said_yes) FILTER (WHERE is_taken), 0) AS yes_where_taken,
         COALESCE(SUM(no_show) FILTER (WHERE is_taken), 0) AS no_show_where_taken
  FROM of_the_year GROUP BY grp
)
SELECT g.grp, COALESCE(s.said_yes, 0) AS yes_365, COALESCE(p.people, 0) AS people_365,
       CASE WHEN r.founded_at > :as_of - 365 * 86400 THEN NULL ELSE COALESCE(p.before, 0) END AS people_365_year_before,
       a.said_yes AS median_yes, i.said_yes AS median_yes_in_person, o.said_yes AS median_yes_online,
       COALESCE(s.guests, 0) AS guests_365, COALESCE(s.taken, 0) AS taken, COALESCE(s.events, 0) AS events,
       COALESCE(s.yes_where_taken, 0) AS came,
       COALESCE(s.yes_where_taken + s.no_show_where_taken, 0) AS expected
FROM temp.given_group g JOIN group_row r ON r.key = g.grp
LEFT JOIN sums s ON s.grp = g.grp LEFT JOIN temp.people_of_year p ON p.grp = g.grp
LEFT JOIN median a ON a.grp = g.grp AND a.kind = 'all'
LEFT JOIN median i ON i.grp = g.grp AND i.kind = 'in person'
LEFT JOIN median o ON o.grp = g.grp AND o.kind = 'online';
