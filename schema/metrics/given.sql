-- What SQL cannot know, handed in as temporary tables on the connection that reads. To work with
-- these files by hand: create the tables, fill them, then run the files in the order of README.md.

-- One row: a group that is measured (groups.sql), with what its time zone says.
DROP TABLE IF EXISTS temp.given_group;
CREATE TEMP TABLE given_group (
  grp INTEGER PRIMARY KEY,        -- group_row.key
  as_of_on TEXT NOT NULL,         -- the local date of A, 'YYYY-MM-DD'
  as_of_month INTEGER NOT NULL,   -- its month, as year * 12 + month - 1
  as_of_offset INTEGER NOT NULL,  -- seconds east of UTC at A; used only where an event has no offset
  founded_on TEXT,                -- the local date of the founding; null: unknown
  began_at INTEGER,               -- founding; unknown: when it joined the network
  every_months INTEGER NOT NULL,  -- the target in force: one event every n months
  is_complete INTEGER NOT NULL    -- 0: its history is still being read
) STRICT;

-- One row: a member of staff: the ids configured, and every network's primary admin.
DROP TABLE IF EXISTS temp.given_staff;
CREATE TEMP TABLE given_staff (
  member INTEGER PRIMARY KEY      -- member_row.key
) STRICT;
INSERT INTO temp.given_staff SELECT DISTINCT primary_admin FROM network_row WHERE primary_admin IS NOT NULL;

-- One row: a measured group that has met, and has nothing running or scheduled: whether its pause is worth a call.
-- Worked out from starts.sql (src/metrics/pauses), once counted_event.sql has run.
DROP TABLE IF EXISTS temp.given_pause;
CREATE TEMP TABLE given_pause (
  grp INTEGER PRIMARY KEY,
  is_call INTEGER NOT NULL
) STRICT;
