-- One row: a membership as stranded.sql counts it, and whether its group is unstarted or quiet.
--
-- :as_of  A, in seconds since 1970
SELECT s.member, d.status IN ('unstarted', 'quiet')
FROM temp.standing d CROSS JOIN membership_row s ON s.grp = d.grp
WHERE d.status IS NOT NULL
  AND s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AND COALESCE(s.joined_at, :as_of) <= :as_of;
