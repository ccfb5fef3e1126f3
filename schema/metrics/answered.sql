-- What is kept of the answers, in tables that are empty after this file. `tallies.sql` fills them, and is the
-- definition; gatherd fills them in its pass over the answers, group by group (src/metrics/answers), and a test
-- holds the two equal.

-- One row: a host of a held event of a group.
DROP TABLE IF EXISTS temp.hosted;
CREATE TEMP TABLE hosted (
  grp INTEGER NOT NULL,
  member INTEGER NOT NULL,
  place INTEGER NOT NULL,
  event INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,
  is_staff INTEGER NOT NULL,
  PRIMARY KEY (grp, member, place)
) STRICT, WITHOUT ROWID;

-- One row: a held, running or scheduled event with what was answered to it. `said_yes` is in words "said yes".
--
-- `is_taken`: its attendance was taken. Somebody was marked as not come (5) or excused (6); or somebody as come (2)
-- and, besides, some YES (1) was left as it was, or an event of the group that started then or within the
-- 365 days before has an absence marked. (Where all have come and nothing else was ever marked, that may be
-- what Meetup writes by itself.)
DROP TABLE IF EXISTS temp.turnout;
CREATE TEMP TABLE turnout (
  event INTEGER PRIMARY KEY,
  said_yes INTEGER NOT NULL,
  guests INTEGER NOT NULL,        -- brought by those
  no_show INTEGER NOT NULL,
  is_taken INTEGER NOT NULL
) STRICT;

-- One row: a group with how many people said yes to its held events of the last 365 days, hosts and staff
-- included; and `before`: the same as it was 365 days before A.
DROP TABLE IF EXISTS temp.people_of_year;
CREATE TEMP TABLE people_of_year (grp INTEGER PRIMARY KEY, people INTEGER NOT NULL, before INTEGER NOT NULL) STRICT;

-- One row: a held event of the group that a leader (leads.sql) hosted or took part in.
DROP TABLE IF EXISTS temp.lead_visit;
CREATE TEMP TABLE lead_visit (
  grp INTEGER NOT NULL,
  member INTEGER NOT NULL,
  place INTEGER NOT NULL,
  starts_at INTEGER NOT NULL,
  is_host INTEGER NOT NULL,
  PRIMARY KEY (grp, member, place)
) STRICT, WITHOUT ROWID;

-- One row: a leader of a group, and when they last answered an event of it that counts, cancelled ones included, by A.
DROP TABLE IF EXISTS temp.lead_answer;
CREATE TEMP TABLE lead_answer (
  grp INTEGER NOT NULL,
  member INTEGER NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (grp, member)
) STRICT, WITHOUT ROWID;

-- One row: somebody who said yes to a joint event that is scheduled, or lies in the two weeks around A (weeks.sql).
DROP TABLE IF EXISTS temp.joint_yes;
CREATE TEMP TABLE joint_yes (
  event INTEGER NOT NULL,
  member INTEGER NOT NULL,
  guests INTEGER NOT NULL,
  PRIMARY KEY (event, member)
) STRICT, WITHOUT ROWID;
