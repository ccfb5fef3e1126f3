-- One row: a scheduled event of a measured group, with who said yes so far and the guests they bring. The copies of
-- a joint event share `joint`; those in one place (the venue's name and city) share `place` as well.
SELECT e.grp, g.is_complete, p.held_ever, r.token, r.title, r.network_event_id AS joint, r.event_type, e.starts_at, e.ends_at,
       e.starts_at + COALESCE(r.starts_offset, g.as_of_offset) AS starts_local,   -- the wall clock, as if it were UTC
       r.url, r.capacity, t.said_yes, t.guests,
       CASE WHEN NOT e.is_online THEN COALESCE(lower(v.name) || char(31) || lower(COALESCE(v.city, '')), v.id) END AS place
FROM temp.given_group g
CROSS JOIN temp.counted_event e ON e.grp = g.grp AND e.state = 'scheduled'
CROSS JOIN event_row r ON r.key = e.event LEFT JOIN venue_row v ON v.key = r.venue AND NOT v.is_online
JOIN temp.turnout t ON t.event = e.event JOIN temp.gaps p ON p.grp = e.grp
ORDER BY e.starts_at, r.token;
