-- One row: how many distinct members there are all of whose groups are unstarted or quiet. Asked only
-- while A is at most 24 hours before the report is made. Members as in roster.sql; groups whose
-- history is still being read count neither way.
--
-- :as_of  A, in seconds since 1970
WITH member AS (
  SELECT s.member, MIN(d.status IN ('unstarted', 'quiet')) AS is_stranded
  FROM temp.standing d CROSS JOIN membership_row s ON s.grp = d.grp
  WHERE d.status IS NOT NULL
    AND s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AND COALESCE(s.joined_at, :as_of) <= :as_of
  GROUP BY s.member
)
SELECT COUNT(*) FILTER (WHERE is_stranded) AS stranded FROM member;
