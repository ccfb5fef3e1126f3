-- One row: a measured group and how its people come back. To take part is to have said yes to a
-- held event without being its host or staff (took_part.sql).
--
-- repeaters / people: who took part in 2 or more events of the last 365 days, and in any.
-- returning / participations, in those events: by people who took part in an earlier one of any age.
-- kept / could_be_kept, over consecutive events (e, f) with f in the last 365 days: participants of
-- both, and of e, each summed. first_timers: whose first time lies in the last 90 days.
-- came_back / had_time: of those whose first time started in (A - 455 d, A - 90 d], who took part
-- in another event that starts after it and within 90 days of it. at_stake: who took part in the 365
-- days up to the start of the latest held event.
--
-- gatherd counts these in one pass over the visits (src/metrics/people.rs); this is the definition,
-- and a test holds the two equal.
--
-- :as_of  A, in seconds since 1970
WITH of_the_year AS (
  SELECT grp, MIN(place) AS first_place, MAX(place) AS last_place FROM temp.counted_event
  WHERE state = 'held' AND starts_at > :as_of - 365 * 86400 AND starts_at <= :as_of GROUP BY grp
),
pairs AS (
  SELECT y.grp, COUNT(f.place) AS kept, COUNT(*) AS could_be_kept
  FROM of_the_year y CROSS JOIN temp.took_part e ON e.grp = y.grp
    LEFT JOIN temp.took_part f ON f.grp = e.grp AND f.member = e.member AND f.place = e.place + 1
  WHERE e.place >= y.first_place - 1 AND e.place < y.last_place
  GROUP BY y.grp
),
person AS (
  SELECT grp, member, MIN(starts_at) AS first_at,
         SUM(starts_at > :as_of - 365 * 86400) AS visits_365
  FROM temp.took_part GROUP BY grp, member
),
latest AS (
  SELECT grp, MAX(starts_at) AS latest_at FROM temp.counted_event WHERE state = 'held' GROUP BY grp
),
stakes AS (
  SELECT l.grp, COUNT(DISTINCT t.member) AS at_stake
  FROM latest l CROSS JOIN temp.took_part t ON t.grp = l.grp AND t.starts_at > l.latest_at - 365 * 86400
  GROUP BY l.grp
),
people AS (
  SELECT grp, SUM(visits_365 >= 2) AS repeaters, SUM(visits_365 >= 1) AS people,
         SUM(visits_365) AS participations,
         SUM(visits_365) - SUM(first_at > :as_of - 365 * 86400) AS returning_ones,  -- all but first times
         SUM(first_at > :as_of - 90 * 86400) AS first_timers,
         COUNT(*) FILTER (WHERE first_at > :as_of - 455 * 86400 AND first_at <= :as_of - 90 * 86400) AS had_time,
         COUNT(*) FILTER (WHERE first_at > :as_of - 455 * 86400 AND first_at <= :as_of - 90 * 86400
           AND EXISTS (SELECT 1 FROM temp.took_part t
                        WHERE t.grp = person.grp AND t.member = person.member
                          AND t.starts_at > person.first_at AND t.starts_at <= person.first_at + 90 * 86400)) AS came_back
  FROM person GROUP BY grp
)
SELECT g.grp, COALESCE(p.repeaters, 0) AS repeaters, COALESCE(p.people, 0) AS people,
       COALESCE(p.returning_ones, 0) AS returning_ones, COALESCE(p.participations, 0) AS participations,
       COALESCE(n.kept, 0) AS kept, COALESCE(n.could_be_kept, 0) AS could_be_kept,
       COALESCE(p.came_back, 0) AS came_back, COALESCE(p.had_time, 0) AS had_time,
       COALESCE(p.first_timers, 0) AS first_timers, COALESCE(s.at_stake, 0) AS at_stake
FROM temp.given_group g LEFT JOIN people p ON p.grp = g.grp LEFT JOIN pairs n ON n.grp = g.grp
LEFT JOIN stakes s ON s.grp = g.grp;
