-- One row: a group whose last held event was not the first one in person, and the most who said yes
-- to any held event in person before that last one, whatever that one was.
SELECT e.grp, MAX(t.said_yes) AS most, COUNT(*) AS events
FROM temp.gaps p
JOIN temp.counted_event e ON e.grp = p.grp AND e.state = 'held' AND e.place < p.held_ever AND NOT e.is_online
JOIN temp.turnout t ON t.event = e.event
GROUP BY e.grp;
