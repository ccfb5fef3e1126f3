-- One row: a group whose history is complete that was asked in the year (asked.sql; by the local date, at the offset of
-- A), the first asking first: when that was, how often it was asked, and what came of the first asking within 90 days and
-- by A: the first start of an event, and the first creation of one with its start. Of year_asked.sql these are the
-- groups, and of them those that answered have one of both.
--
-- :as_of  A, in seconds since 1970
WITH asking AS (
  SELECT n.grp, MIN(n.created_at) AS at, COUNT(*) AS times
  FROM temp.given_year y CROSS JOIN temp.given_group g JOIN note_row n ON n.grp = g.grp
  WHERE g.is_complete AND n.kind = 'asked' AND n.created_at <= :as_of
    AND date(n.created_at + g.as_of_offset, 'unixepoch') BETWEEN y.year || '-01-01' AND y.year || '-' || y.until
  GROUP BY n.grp
)
SELECT a.grp, a.at AS asked_at, a.times,
       (SELECT MIN(e.starts_at) FROM temp.counted_event e
        WHERE e.grp = a.grp AND e.state IN ('held', 'running', 'scheduled')
          AND e.starts_at > a.at AND e.starts_at <= MIN(:as_of, a.at + 90 * 86400)) AS met_at,
       (SELECT MIN(e.created) FROM temp.counted_event e
        WHERE e.grp = a.grp AND e.state IN ('held', 'running', 'scheduled')
          AND e.created > a.at AND e.created <= MIN(:as_of, a.at + 90 * 86400)) AS announced_at
FROM asking a ORDER BY a.at, a.grp;
