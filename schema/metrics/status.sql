-- One row: a measured group and its status, the first that fits; null while its history is
-- still being read. It is in a pause where it has met, nothing is running or scheduled, and no status
-- before `overdue` fits. Whether that is worth a call is handed in (given_pause).
--
-- :as_of         A, in seconds since 1970
-- :target_share  the share of blocks that must be met to meet as agreed (0.75 unless configured)
DROP TABLE IF EXISTS temp.standing;
CREATE TEMP TABLE standing (grp INTEGER PRIMARY KEY, status TEXT, is_in_pause INTEGER NOT NULL) STRICT;
INSERT INTO temp.standing
WITH fitting AS (
  SELECT g.grp, g.is_complete, w.grp IS NOT NULL AS pauses,
         CASE
           WHEN p.held_ever < 3 AND g.began_at > :as_of - 365 * 86400 AND g.began_at <= :as_of
             AND COALESCE(:as_of - p.last_held_at <= 180 * 86400, TRUE) THEN 'new'
           WHEN p.held_ever = 0 THEN 'unstarted'
           WHEN p.restarted_on IS NOT NULL THEN 'restarted'
           WHEN :as_of - p.last_held_at > 180 * 86400 THEN 'quiet'
           WHEN w.is_call THEN 'overdue'
           WHEN c.blocks >= 3 AND CAST(c.blocks_met AS REAL) / c.blocks >= :target_share THEN 'on_target'
           ELSE 'meeting'
         END AS status
  FROM temp.given_group g JOIN temp.gaps p ON p.grp = g.grp JOIN temp.cadence c ON c.grp = g.grp
  LEFT JOIN temp.given_pause w ON w.grp = g.grp
)
SELECT grp, CASE WHEN is_complete THEN status END, pauses AND status IN ('overdue', 'on_target', 'meeting')
FROM fitting;
