-- One row: a leader of a measured group (leads.sql), whatever A is: whom to write to. First organizers, then who
-- visited last. last_seen_at: the latest by A of the last visit, an answer to an event of the group (one that
-- counts, at_event.sql, by the time of its last change), and the start of a held event hosted there.
--
-- :as_of  A, in seconds since 1970
WITH visit AS (
  SELECT grp, member, MAX(starts_at) FILTER (WHERE is_host) AS hosted_at, MAX(starts_at) FILTER (WHERE NOT is_host) AS took_part_at
  FROM temp.lead_visit GROUP BY grp, member
)
SELECT l.grp, CAST(m.id AS TEXT) AS id, m.name, l.role, l.last_access_at,
       NULLIF(MAX(CASE WHEN l.last_access_at <= :as_of THEN l.last_access_at ELSE -1 END,
                  COALESCE(a.at, -1), COALESCE(v.hosted_at, -1)), -1) AS last_seen_at,
       v.hosted_at AS last_hosted_at, v.took_part_at AS last_took_part_at
FROM temp.leads l JOIN member_row m ON m.key = l.member
LEFT JOIN temp.lead_answer a ON a.grp = l.grp AND a.member = l.member LEFT JOIN visit v ON v.grp = l.grp AND v.member = l.member
ORDER BY l.grp, CASE l.role WHEN 'ORGANIZER' THEN 1 WHEN 'COORGANIZER' THEN 2 WHEN 'ASST_ORGANIZER' THEN 3 ELSE 4 END,
         l.last_access_at DESC NULLS LAST, m.id;
