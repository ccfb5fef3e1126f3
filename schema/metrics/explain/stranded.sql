-- One row: a member all of whose groups are unstarted or quiet.
SELECT CAST(m.id AS TEXT) AS member_id, m.name, 'groups: ' || COUNT(*) AS note, 1 AS one
FROM temp.standing d CROSS JOIN membership_row s ON s.grp = d.grp JOIN member_row m ON m.key = s.member
WHERE d.status IS NOT NULL
  AND s.gone_at IS NULL AND s.status IN ('ACTIVE', 'LEADER') AND COALESCE(s.joined_at, :as_of) <= :as_of
GROUP BY s.member HAVING MIN(d.status IN ('unstarted', 'quiet'))
ORDER BY m.id;
