-- One row: somebody who leads a measured group, as the mirror knows it today: a member of status ACTIVE or
-- LEADER who has not gone and joined by A (no date of joining is known: they are there now, so they have),
-- with a leading role, less the networks' primary admins.
--
-- :as_of  A, in seconds since 1970
DROP TABLE IF EXISTS temp.leads;
CREATE TEMP TABLE leads (
  grp INTEGER NOT NULL,
  member INTEGER NOT NULL,
  role TEXT NOT NULL,
  last_access_at INTEGER,
  PRIMARY KEY (grp, member)
) STRICT, WITHOUT ROWID;
INSERT INTO temp.leads
SELECT s.grp, s.member, s.role, s.last_access_at
FROM temp.given_group g CROSS JOIN membership_row s ON s.grp = g.grp
WHERE s.role IN ('ORGANIZER', 'COORGANIZER', 'ASST_ORGANIZER', 'EVENT_ORGANIZER')
  AND s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AND COALESCE(s.joined_at, :as_of) <= :as_of
  AND s.member NOT IN (SELECT primary_admin FROM network_row WHERE primary_admin IS NOT NULL);

-- One row: a held event of the group that such a person hosted or took part in.
DROP TABLE IF EXISTS temp.lead_visit;
CREATE TEMP TABLE lead_visit (
  grp INTEGER NOT NULL,
  member INTEGER NOT NULL,
  place INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,
  is_host INTEGER NOT NULL,
  PRIMARY KEY (grp, member, place)
) STRICT, WITHOUT ROWID;
INSERT INTO temp.lead_visit
SELECT h.grp, h.member, h.place, h.starts_at, 1
FROM temp.leads l CROSS JOIN temp.hosted h ON h.grp = l.grp AND h.member = l.member;
INSERT OR IGNORE INTO temp.lead_visit
SELECT l.grp, l.member, e.place, e.starts_at, 0
FROM temp.leads l CROSS JOIN rsvp_row r INDEXED BY rsvp_by_member ON r.member = l.member
CROSS JOIN temp.counted_event e ON e.event = r.event
CROSS JOIN temp.at_event p ON p.event = e.event AND p.member = l.member
WHERE e.grp = l.grp AND e.state = 'held' AND p.status IN (1, 2) AND NOT p.is_host
  AND l.member NOT IN (SELECT member FROM temp.given_staff);
