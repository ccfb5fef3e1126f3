-- One row: a measured group and its people as the mirror knows them today, so asked only while A
-- is at most 24 hours before the report is made. Members: status ACTIVE or LEADER, not gone, joined by A
-- (no date of joining is known: they are there now, so they have). Leaders: leads.sql. No row: the roster
-- is unknown, since it was never read to its end, or Meetup counts members and shows none.
--
-- :as_of  A, in seconds since 1970
WITH sums AS (
  SELECT g.grp, COUNT(*) AS members, SUM(s.joined_at > :as_of - 90 * 86400) AS joined_90
  FROM temp.given_group g CROSS JOIN membership_row s ON s.grp = g.grp
  WHERE s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AND COALESCE(s.joined_at, :as_of) <= :as_of
  GROUP BY g.grp
),
leading AS (
  SELECT grp, COUNT(*) AS leaders,
         COUNT(*) FILTER (WHERE last_access_at > :as_of - 90 * 86400 AND last_access_at <= :as_of) AS active_leaders
  FROM temp.leads GROUP BY grp
)
SELECT g.grp, COALESCE(s.members, 0) AS members, COALESCE(s.joined_90, 0) AS joined_90,
       COALESCE(l.leaders, 0) AS leaders, COALESCE(l.active_leaders, 0) AS active_leaders
FROM temp.given_group g JOIN group_row r ON r.key = g.grp
LEFT JOIN sums s ON s.grp = g.grp LEFT JOIN leading l ON l.grp = g.grp
WHERE r.members_verified_at IS NOT NULL
  AND (COALESCE(r.member_count, 0) <= 0
       OR EXISTS (SELECT 1 FROM membership_row s WHERE s.grp = g.grp AND s.gone_at IS NULL));
