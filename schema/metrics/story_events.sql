-- One row: an event of one group that is held, running or scheduled, by start, then token. Of those who said yes to
-- a held one, first-timers take part in the group for the first time (the first in the order of its held events);
-- returners took part before; the others are its hosts and staff. no_show: marked as not come; with is_taken 0 that
-- says nothing.
--
-- Built on took_part.sql.
--
-- :group  group_row.key
WITH first AS MATERIALIZED (
  SELECT member, MIN(place) AS place FROM temp.took_part WHERE grp = :group GROUP BY member
),
visits AS MATERIALIZED (
  SELECT t.event, SUM(t.place = f.place) AS first_timers, SUM(t.place > f.place) AS returners
  FROM temp.took_part t JOIN first f ON f.member = t.member WHERE t.grp = :group GROUP BY t.event
)
SELECT e.event, e.state, r.token, r.title, r.url, e.is_online, e.starts_at,
       e.starts_at + COALESCE(r.starts_offset, g.as_of_offset) AS starts_local,   -- the wall clock, as if it were UTC
       t.said_yes, COALESCE(v.first_timers, 0) AS first_timers, COALESCE(v.returners, 0) AS returners,
       t.is_taken, t.no_show
FROM temp.given_group g
JOIN temp.counted_event e ON e.grp = g.grp AND e.state IN ('held', 'running', 'scheduled')
JOIN event_row r ON r.key = e.event
JOIN temp.turnout t ON t.event = e.event
LEFT JOIN visits v ON v.event = e.event
WHERE g.grp = :group
ORDER BY e.starts_at, r.token;
