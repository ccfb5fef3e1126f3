-- One row: a scheduled joint event of several copies in one place (scheduled.sql), the copies united: who said yes to
-- any, and the guests they bring (of one person, the most brought to one copy).
WITH copy AS (
  SELECT e.event, e.network_event_id,
         COALESCE(lower(v.name) || char(31) || lower(COALESCE(v.city, '')), v.id) AS place
  FROM temp.counted_event e CROSS JOIN event_row r ON r.key = e.event JOIN venue_row v ON v.key = r.venue
  WHERE e.state = 'scheduled' AND NOT e.is_online AND NOT v.is_online AND e.network_event_id IS NOT NULL
),
person AS (
  SELECT c.network_event_id, c.place, p.member, MAX(p.guests) AS guests
  FROM copy c CROSS JOIN temp.joint_yes p ON p.event = c.event
  GROUP BY c.network_event_id, c.place, p.member
)
SELECT network_event_id, place, COUNT(*) AS said_yes, SUM(guests) AS guests
FROM person GROUP BY network_event_id, place
HAVING (SELECT COUNT(*) FROM copy c WHERE c.network_event_id = person.network_event_id AND c.place = person.place) >= 2;
