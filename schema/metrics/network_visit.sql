-- One row: a person, staff left out, known at an event of the network, and in which windows they took
-- part in it. A joint event's copies in the window are united, hosts and yes alike, before
-- participants are taken.
DROP TABLE IF EXISTS temp.network_visit;
CREATE TEMP TABLE network_visit (
  joint ANY NOT NULL,
  member INTEGER NOT NULL,
  in_30 INTEGER NOT NULL, in_90 INTEGER NOT NULL, in_365 INTEGER NOT NULL,
  before_30 INTEGER NOT NULL, before_90 INTEGER NOT NULL, before_365 INTEGER NOT NULL,
  older INTEGER NOT NULL, older_before INTEGER NOT NULL, in_week INTEGER NOT NULL, older_week INTEGER NOT NULL,
  PRIMARY KEY (joint, member)
) STRICT, WITHOUT ROWID;
INSERT INTO temp.network_visit
SELECT i.joint, p.member, i.in_30, i.in_90, i.in_365, i.before_30, i.before_90, i.before_365, i.older,
       i.older_before, i.in_week, i.older_week
FROM temp.network_event i CROSS JOIN temp.at_event p ON p.event = i.event
WHERE NOT i.is_joint AND p.status IN (1, 2) AND NOT p.is_host
  AND p.member NOT IN (SELECT member FROM temp.given_staff)
UNION ALL
SELECT joint, member,
       MAX(in_30 AND said_yes) AND NOT MAX(in_30 AND is_host),
       MAX(in_90 AND said_yes) AND NOT MAX(in_90 AND is_host),
       MAX(in_365 AND said_yes) AND NOT MAX(in_365 AND is_host),
       MAX(before_30 AND said_yes) AND NOT MAX(before_30 AND is_host),
       MAX(before_90 AND said_yes) AND NOT MAX(before_90 AND is_host),
       MAX(before_365 AND said_yes) AND NOT MAX(before_365 AND is_host),
       MAX(older AND said_yes) AND NOT MAX(older AND is_host),
       MAX(older_before AND said_yes) AND NOT MAX(older_before AND is_host),
       MAX(in_week AND said_yes) AND NOT MAX(in_week AND is_host),
       MAX(older_week AND said_yes) AND NOT MAX(older_week AND is_host)
FROM (SELECT i.*, p.member, COALESCE(p.status, 0) IN (1, 2) AS said_yes, p.is_host
      FROM temp.network_event i CROSS JOIN temp.at_event p ON p.event = i.event
      WHERE i.is_joint AND p.member NOT IN (SELECT member FROM temp.given_staff))
GROUP BY joint, member;

-- One row: a person who took part in a group in the last 365 days. In a joint event they took part in
-- each group that has a copy.
DROP TABLE IF EXISTS temp.network_guest;
CREATE TEMP TABLE network_guest (
  member INTEGER NOT NULL,
  grp INTEGER NOT NULL,
  PRIMARY KEY (member, grp)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO temp.network_guest
SELECT v.member, i.grp
FROM temp.network_event i CROSS JOIN temp.network_visit v ON v.joint = i.joint
WHERE i.in_365 AND v.in_365;
