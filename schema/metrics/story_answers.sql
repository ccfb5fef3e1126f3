-- One row: an answer to one of the latest twelve held events of a group, or to its next scheduled one, that is a yes,
-- or was one before the event: its last state, and when that was given. 1 YES, 2 ATTENDED, 5 NO_SHOW.
--
-- :group  group_row.key
SELECT p.event, p.member, p.status, p.updated_at
FROM temp.gaps l
JOIN temp.counted_event e ON e.grp = l.grp
  AND ((e.state = 'held' AND e.place > l.held_ever - 12) OR (e.state = 'scheduled' AND e.place = 1))
JOIN temp.at_event p ON p.event = e.event
WHERE l.grp = :group AND p.status IN (1, 2, 5)
ORDER BY e.starts_at, e.event;
