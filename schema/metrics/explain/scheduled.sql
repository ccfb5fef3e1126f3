-- One row: a scheduled event of the group.
SELECT e.starts_at AS at, e.starts_on AS on_date, r.title, t.said_yes || ' said yes so far' AS note, e.place = 1 AS is_next
FROM temp.counted_event e JOIN event_row r ON r.key = e.event JOIN temp.turnout t ON t.event = e.event
WHERE e.grp = :group AND e.state = 'scheduled'
ORDER BY e.place;
