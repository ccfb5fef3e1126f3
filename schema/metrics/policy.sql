-- One row: a measured group with what the steps of a policy are told by: the start of its latest held event, and of
-- the n-th latest, n being the events a year that the policy asks (null: it asks none, or never held as many).
--
-- :events_per_year  n; null: the policy asks none
WITH held AS (
  SELECT g.grp, (SELECT MAX(e.place) FROM temp.counted_event e WHERE e.grp = g.grp AND e.state = 'held') AS last_place
  FROM temp.given_group g
)
SELECT h.grp, l.starts_at AS last_at, n.starts_at AS nth_at
FROM held h
LEFT JOIN temp.counted_event l ON l.grp = h.grp AND l.state = 'held' AND l.place = h.last_place
LEFT JOIN temp.counted_event n ON n.grp = h.grp AND n.state = 'held' AND n.place = h.last_place - :events_per_year + 1;
