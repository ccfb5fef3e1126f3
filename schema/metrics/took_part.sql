-- One row: a person who took part in a held event of a group: who said yes without being its host
-- or staff.
DROP TABLE IF EXISTS temp.took_part;
CREATE TEMP TABLE took_part (
  grp INTEGER NOT NULL,
  member INTEGER NOT NULL,
  place INTEGER NOT NULL,         -- of the event among the group's held ones
  event INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,
  PRIMARY KEY (grp, member, place)
) STRICT, WITHOUT ROWID;
INSERT INTO temp.took_part
SELECT e.grp, p.member, e.place, e.event, e.starts_at
FROM temp.counted_event e CROSS JOIN temp.at_event p ON p.event = e.event
WHERE e.state = 'held' AND p.status IN (1, 2) AND NOT p.is_host
  AND p.member NOT IN (SELECT member FROM temp.given_staff);
