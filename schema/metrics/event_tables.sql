-- Which events count and how they lie in time, in tables that are empty after this file. `counted_event.sql` and
-- `gaps.sql` fill them, and are the definition; gatherd fills them group by group (src/metrics/timeline.rs), and a
-- test holds the two equal.

-- One row: an event that counts (counted_event.sql).
DROP TABLE IF EXISTS temp.counted_event;
CREATE TEMP TABLE counted_event (
  event INTEGER PRIMARY KEY,      -- event_row.key
  grp INTEGER NOT NULL,
  state TEXT NOT NULL,            -- held, running, scheduled, cancelled
  starts_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  starts_on TEXT NOT NULL,        -- local date, 'YYYY-MM-DD'
  month INTEGER NOT NULL,         -- local month, as year * 12 + month - 1
  created INTEGER NOT NULL,       -- when it was, as above
  is_online INTEGER NOT NULL,     -- ONLINE; a hybrid event is not
  network_event_id TEXT,          -- shared by the copies of a joint event
  place INTEGER NOT NULL,
  previous_at INTEGER             -- start of the held event before it
) STRICT;
CREATE INDEX temp.counted_in_order ON counted_event (grp, state, place);

-- One row: a group's local month with at least one held event.
DROP TABLE IF EXISTS temp.month_met;
CREATE TEMP TABLE month_met (
  grp INTEGER NOT NULL,
  month INTEGER NOT NULL,
  events INTEGER NOT NULL,
  PRIMARY KEY (grp, month)
) STRICT, WITHOUT ROWID;

-- One row: a measured group with the pauses between its events (gaps.sql).
DROP TABLE IF EXISTS temp.gaps;
CREATE TEMP TABLE gaps (
  grp INTEGER PRIMARY KEY,
  held_ever INTEGER NOT NULL,
  held_365 INTEGER NOT NULL,
  cancelled_365 INTEGER NOT NULL,
  is_announced INTEGER NOT NULL,  -- something is scheduled or running
  median_gap_days REAL,
  last_held_at INTEGER,           -- the start of the latest held event
  days_since_last_held INTEGER,
  days_to_next_scheduled INTEGER,
  restarted_on TEXT,              -- met in the last 90 days after a pause of more than 180: the local date
  restarted_after_days INTEGER    -- ... and how long the pause was
) STRICT;
