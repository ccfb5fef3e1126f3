-- One row: the last held event of a measured group, or its next scheduled one, with who said yes
-- (so far).
SELECT e.grp, e.state, r.token, r.title, r.event_type, e.starts_at,
       e.starts_at + COALESCE(r.starts_offset, g.as_of_offset) AS starts_local,   -- the wall clock, as if it were UTC
       r.url, t.said_yes
FROM temp.given_group g
JOIN temp.gaps p ON p.grp = g.grp
CROSS JOIN temp.counted_event e ON e.grp = g.grp
  AND ((e.state = 'held' AND e.place = p.held_ever) OR (e.state = 'scheduled' AND e.place = 1))
CROSS JOIN event_row r ON r.key = e.event
JOIN temp.turnout t ON t.event = e.event;
