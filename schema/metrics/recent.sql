-- One row: one of the nine latest held events of a measured group, the latest first, with who said yes.
SELECT e.grp, t.said_yes FROM (
  SELECT event, grp, place, ROW_NUMBER() OVER (PARTITION BY grp ORDER BY place DESC) AS n
  FROM temp.counted_event WHERE state = 'held') e
JOIN temp.turnout t ON t.event = e.event
WHERE e.n <= 9 ORDER BY e.grp, e.n;
