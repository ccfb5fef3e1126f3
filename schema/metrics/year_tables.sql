-- What a calendar year is told from, beside the same part of the year before: in tables that are empty after this file.

-- One row: the year that is asked for, handed in.
DROP TABLE IF EXISTS temp.given_year;
CREATE TEMP TABLE given_year (
  year INTEGER NOT NULL,
  until TEXT NOT NULL             -- month and day, 'MM-DD', up to which both years count: '12-31' once the year is over
) STRICT;

-- One row: a held event of a group whose history is complete, by the local date of its start, with the spans it lies
-- in (year_event.sql). `joint` is the same for the copies of a joint event: those count once as an event, and for each
-- group that has a copy.
DROP TABLE IF EXISTS temp.year_event;
CREATE TEMP TABLE year_event (
  event INTEGER PRIMARY KEY,
  grp INTEGER NOT NULL,
  joint ANY NOT NULL,             -- network event id, else the event's key: text or a number, these never meet
  is_joint INTEGER NOT NULL,
  in_person INTEGER NOT NULL,     -- not ONLINE
  is_first INTEGER NOT NULL,      -- the group's first
  is_revival INTEGER NOT NULL,    -- more than 180 days after the group's event before it
  in_year INTEGER NOT NULL, in_before INTEGER NOT NULL,       -- in the year, in the year before, up to the same date
  older INTEGER NOT NULL, older_before INTEGER NOT NULL       -- before that year, before the year before
) STRICT;

-- One row: a person, staff left out, who took part in an event of either year.
DROP TABLE IF EXISTS temp.year_visit;
CREATE TEMP TABLE year_visit (
  joint ANY NOT NULL,
  member INTEGER NOT NULL,
  in_year INTEGER NOT NULL, in_before INTEGER NOT NULL,
  PRIMARY KEY (joint, member)
) STRICT, WITHOUT ROWID;

-- One row: a person, staff left out, who took part before the year that is asked for, and whether before the year before.
DROP TABLE IF EXISTS temp.year_older;
CREATE TEMP TABLE year_older (member INTEGER PRIMARY KEY, older_before INTEGER NOT NULL) STRICT;

-- One row: a person, staff left out, known at a copy of a joint event: in which spans they said yes, and hosted it.
DROP TABLE IF EXISTS temp.year_known;
CREATE TEMP TABLE year_known (
  joint ANY NOT NULL,
  member INTEGER NOT NULL,
  yes_year INTEGER NOT NULL, yes_before INTEGER NOT NULL, yes_older INTEGER NOT NULL, yes_older_before INTEGER NOT NULL,
  host_year INTEGER NOT NULL, host_before INTEGER NOT NULL, host_older INTEGER NOT NULL, host_older_before INTEGER NOT NULL,
  PRIMARY KEY (joint, member)
) STRICT, WITHOUT ROWID;
