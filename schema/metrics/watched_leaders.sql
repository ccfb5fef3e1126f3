-- One row: somebody who leads one group, as in leaders.sql, or led it when they left it; of a group that has gone, who
-- led it last: whom to ask.
--
-- :group  group_row.key
-- :as_of  A, in seconds since 1970
SELECT CAST(m.id AS TEXT) AS id, m.name, s.role, s.last_access_at, s.gone_at AS left_at
FROM membership_row s JOIN member_row m ON m.key = s.member
WHERE s.grp = :group AND s.status IN ('ACTIVE', 'LEADER') AND COALESCE(s.joined_at, :as_of) <= :as_of
  AND s.role IN ('ORGANIZER', 'COORGANIZER', 'ASST_ORGANIZER', 'EVENT_ORGANIZER')
  AND s.member NOT IN (SELECT primary_admin FROM network_row WHERE primary_admin IS NOT NULL)
ORDER BY CASE s.role WHEN 'ORGANIZER' THEN 1 WHEN 'COORGANIZER' THEN 2 WHEN 'ASST_ORGANIZER' THEN 3 ELSE 4 END,
         s.last_access_at DESC NULLS LAST, m.id;
