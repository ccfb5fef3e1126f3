-- One row: a year of one group's wall clock in which it held events: how many; who came where attendance was marked, else
-- said yes, summed over them (hosts and staff included, guests not); and the people who took part (neither host nor
-- staff) after having taken part in an earlier event of the group, however long ago. Runs after at_event.sql for the group.
--
-- :group  group_row.key
WITH yes AS (
  SELECT p.member, e.place, e.month / 12 AS year,
         NOT p.is_host AND p.member NOT IN (SELECT member FROM temp.given_staff) AS took_part
  FROM temp.counted_event e CROSS JOIN temp.at_event p ON p.event = e.event
  WHERE e.grp = :group AND e.state = 'held' AND p.status IN (1, 2)
),
part AS (
  SELECT member, year, place, MIN(place) OVER (PARTITION BY member) AS first_place FROM yes WHERE took_part
)
SELECT m.month / 12 AS year, SUM(m.events) AS events,
       (SELECT COUNT(*) FROM yes WHERE yes.year = m.month / 12) AS heads,
       (SELECT COUNT(DISTINCT p.member) FROM part p WHERE p.year = m.month / 12 AND p.place > p.first_place) AS came_again
FROM temp.month_met m WHERE m.grp = :group GROUP BY m.month / 12 ORDER BY year;
