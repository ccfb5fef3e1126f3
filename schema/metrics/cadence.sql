-- One row: a measured group and how regularly it meets, in local months.
--
-- Closed months are the 12 before the local month of A. Observed are those whose first day is on
-- or after the local date of the founding (unknown: of the first held event; none: none observed).
-- A target of one event every n months looks at whole blocks of n observed months, back from the
-- latest. The streak counts months met in a row, back from the latest closed one without limit,
-- and one more if the current month has an event already.
--
-- (No parameters: A is in given_group.)
DROP TABLE IF EXISTS temp.cadence;
CREATE TEMP TABLE cadence (
  grp INTEGER PRIMARY KEY,
  every_months INTEGER NOT NULL,
  observed INTEGER NOT NULL,
  met INTEGER NOT NULL,           -- observed months with a held event
  blocks INTEGER NOT NULL,
  blocks_met INTEGER NOT NULL,
  streak INTEGER NOT NULL
) STRICT;

-- One row: a measured group with its first full month. Null: it neither has a date of founding nor
-- has it ever met.
DROP TABLE IF EXISTS temp.first_month;
CREATE TEMP TABLE first_month (grp INTEGER PRIMARY KEY, month INTEGER) STRICT;
INSERT INTO temp.first_month
SELECT grp, CAST(substr(began_on, 1, 4) AS INTEGER) * 12 + CAST(substr(began_on, 6, 2) AS INTEGER) - 1
            + (substr(began_on, 9, 2) <> '01')
FROM (SELECT g.grp, COALESCE(g.founded_on,
             (SELECT e.starts_on FROM temp.counted_event e
               WHERE e.grp = g.grp AND e.state = 'held' AND e.place = 1)) AS began_on
      FROM temp.given_group g);

INSERT INTO temp.cadence
WITH watched AS (
  SELECT g.grp, g.every_months, g.as_of_month AS this_month,
         MAX(0, MIN(12, COALESCE(g.as_of_month - f.month, 0))) AS observed
  FROM temp.given_group g JOIN temp.first_month f ON f.grp = g.grp
),
-- Months met before this one, newest first: they form a streak as long as the n-th is n months ago.
backwards AS (
  SELECT m.grp, w.this_month - m.month AS months_ago,
         ROW_NUMBER() OVER (PARTITION BY m.grp ORDER BY m.month DESC) AS n
  FROM temp.month_met m JOIN watched w ON w.grp = m.grp
  WHERE m.month < w.this_month
)
SELECT w.grp, w.every_months, w.observed,
       (SELECT COUNT(*) FROM backwards b
         WHERE b.grp = w.grp AND b.months_ago <= w.observed),
       w.observed / w.every_months,
       (SELECT COUNT(DISTINCT (b.months_ago - 1) / w.every_months) FROM backwards b
         WHERE b.grp = w.grp AND b.months_ago <= w.observed / w.every_months * w.every_months),
       (SELECT COUNT(*) FROM backwards b WHERE b.grp = w.grp AND b.months_ago = b.n)
         + EXISTS (SELECT 1 FROM temp.month_met m WHERE m.grp = w.grp AND m.month = w.this_month)
FROM watched w;
