-- One row: a leader of a measured group as the mirror knows them today, whatever A is: whom to
-- write to. The same people as `leaders` in roster.sql, first organizers, then who was seen last.
SELECT s.grp, CAST(m.id AS TEXT) AS id, m.name, s.role, s.last_access_at
FROM temp.given_group g CROSS JOIN membership_row s ON s.grp = g.grp JOIN member_row m ON m.key = s.member
WHERE s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER')
  AND s.role IN ('ORGANIZER', 'COORGANIZER', 'ASST_ORGANIZER', 'EVENT_ORGANIZER')
  AND s.member NOT IN (SELECT primary_admin FROM network_row WHERE primary_admin IS NOT NULL)
ORDER BY s.grp, CASE s.role WHEN 'ORGANIZER' THEN 1 WHEN 'COORGANIZER' THEN 2 WHEN 'ASST_ORGANIZER' THEN 3 ELSE 4 END,
         s.last_access_at DESC NULLS LAST, m.id;
