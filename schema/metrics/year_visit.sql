-- Fills year_visit, year_older and year_known (year_tables.sql) from at_event.sql: once for all groups, or once for
-- each.
--
-- :group  group_row.key: only what was answered to its events; null: all
INSERT INTO temp.year_visit
SELECT e.joint, p.member, e.in_year, e.in_before
FROM temp.year_event e CROSS JOIN temp.at_event p ON p.event = e.event
WHERE (:group IS NULL OR e.grp = :group) AND NOT e.is_joint AND (e.in_year OR e.in_before)
  AND p.status IN (1, 2) AND NOT p.is_host AND p.member NOT IN (SELECT member FROM temp.given_staff);

INSERT INTO temp.year_older
SELECT p.member, e.older_before
FROM temp.year_event e CROSS JOIN temp.at_event p ON p.event = e.event
WHERE (:group IS NULL OR e.grp = :group) AND NOT e.is_joint AND e.older
  AND p.status IN (1, 2) AND NOT p.is_host AND p.member NOT IN (SELECT member FROM temp.given_staff)
ON CONFLICT (member) DO UPDATE SET older_before = MAX(older_before, excluded.older_before);

INSERT INTO temp.year_known
SELECT e.joint, p.member,
       COALESCE(p.status, 0) IN (1, 2) AND e.in_year, COALESCE(p.status, 0) IN (1, 2) AND e.in_before,
       COALESCE(p.status, 0) IN (1, 2) AND e.older, COALESCE(p.status, 0) IN (1, 2) AND e.older_before,
       p.is_host AND e.in_year, p.is_host AND e.in_before, p.is_host AND e.older, p.is_host AND e.older_before
FROM temp.year_event e CROSS JOIN temp.at_event p ON p.event = e.event
WHERE (:group IS NULL OR e.grp = :group) AND e.is_joint AND p.member NOT IN (SELECT member FROM temp.given_staff)
ON CONFLICT (joint, member) DO UPDATE SET
  yes_year = MAX(yes_year, excluded.yes_year), yes_before = MAX(yes_before, excluded.yes_before),
  yes_older = MAX(yes_older, excluded.yes_older), yes_older_before = MAX(yes_older_before, excluded.yes_older_before),
  host_year = MAX(host_year, excluded.host_year), host_before = MAX(host_before, excluded.host_before),
  host_older = MAX(host_older, excluded.host_older), host_older_before = MAX(host_older_before, excluded.host_older_before);
