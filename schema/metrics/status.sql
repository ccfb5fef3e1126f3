-- One row: a measured group and its status, the first that fits; null while its history is
-- still being read.
--
-- :as_of         A, in seconds since 1970
-- :target_share  the share of blocks that must be met to meet as agreed (0.75 unless configured)
DROP TABLE IF EXISTS temp.standing;
CREATE TEMP TABLE standing (grp INTEGER PRIMARY KEY, status TEXT) STRICT;
INSERT INTO temp.standing
SELECT g.grp,
       CASE
         WHEN NOT g.is_complete THEN NULL
         WHEN p.held_ever < 3 AND g.began_at BETWEEN :as_of - 365 * 86400 AND :as_of THEN 'new'
         WHEN p.held_ever = 0 THEN 'unstarted'
         WHEN p.restarted_on IS NOT NULL THEN 'restarted'
         WHEN p.days_since_last_held > 180 THEN 'quiet'
         WHEN NOT p.is_announced AND p.days_since_last_held - p.days_off > p.overdue_after_days THEN 'overdue'
         WHEN c.blocks >= 3 AND CAST(c.blocks_met AS REAL) / c.blocks >= :target_share THEN 'on_target'
         ELSE 'meeting'
       END
FROM temp.given_group g JOIN temp.gaps p ON p.grp = g.grp JOIN temp.cadence c ON c.grp = g.grp;
