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
