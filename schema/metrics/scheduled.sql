-- One row: a scheduled event of a measured group, with who said yes so far and the guests they bring.
SELECT e.grp, g.is_complete, p.held_ever, r.token, r.title, r.network_event_id AS joint, r.event_type, e.starts_at,
       e.starts_at + COALESCE(r.starts_offset, g.as_of_offset) AS starts_local,   -- the wall clock, as if it were UTC
       r.url, r.capacity, t.said_yes, t.guests
FROM temp.given_group g
JOIN temp.counted_event e ON e.grp = g.grp AND e.state = 'scheduled'
JOIN event_row r ON r.key = e.event
JOIN temp.turnout t ON t.event = e.event JOIN temp.gaps p ON p.grp = e.grp
ORDER BY e.starts_at, r.token;
