-- Fills the tables of answered.sql from at_event.sql and rsvp_row: what each of their rows is, is said there.
--
-- :as_of        A, in seconds since 1970
-- :week_before  when the date 7 days before that of A began, by the clock of the schedule
-- :week_after   when the date 7 days after it begins
-- :group        group_row.key: only its events; null: all
INSERT INTO temp.hosted
SELECT e.grp, p.member, e.place, e.event, e.starts_at,
       p.member IN (SELECT member FROM temp.given_staff)
FROM temp.counted_event e CROSS JOIN temp.at_event p ON p.event = e.event
WHERE (:group IS NULL OR e.grp = :group) AND e.state = 'held' AND p.is_host;


INSERT INTO temp.turnout
WITH answered AS (
  SELECT e.event, e.grp, e.starts_at,
         COUNT(*) FILTER (WHERE p.status IN (1, 2)) AS said_yes,
         COALESCE(SUM(p.guests) FILTER (WHERE p.status IN (1, 2)), 0) AS guests,
         COUNT(*) FILTER (WHERE p.status = 1) AS left_alone,
         COUNT(*) FILTER (WHERE p.status = 2) AS attended,
         COUNT(*) FILTER (WHERE p.status = 5) AS no_show,
         COUNT(*) FILTER (WHERE p.status IN (5, 6)) AS absent
  FROM temp.counted_event e LEFT JOIN temp.at_event p ON p.event = e.event
  WHERE (:group IS NULL OR e.grp = :group) AND e.state IN ('held', 'running', 'scheduled')
  GROUP BY e.event
)
SELECT event, said_yes, guests, no_show,
       absent > 0 OR (attended > 0 AND (left_alone > 0 OR COALESCE(
         MAX(CASE WHEN absent > 0 THEN starts_at END) OVER (PARTITION BY grp ORDER BY starts_at) > starts_at - 365 * 86400, 0)))
FROM answered;

INSERT INTO temp.people_of_year
SELECT e.grp, COUNT(DISTINCT p.member) FILTER (WHERE e.starts_at > :as_of - 365 * 86400),
       COUNT(DISTINCT p.member) FILTER (WHERE e.starts_at <= :as_of - 365 * 86400 AND e.ends_at <= :as_of - 365 * 86400)
FROM temp.counted_event e CROSS JOIN temp.at_event p ON p.event = e.event
WHERE e.state = 'held' AND e.starts_at > :as_of - 730 * 86400 AND e.starts_at <= :as_of AND p.status IN (1, 2)
GROUP BY e.grp;

INSERT INTO temp.lead_visit
SELECT h.grp, h.member, h.place, h.starts_at, 1
FROM temp.leads l CROSS JOIN temp.hosted h ON h.grp = l.grp AND h.member = l.member;
INSERT OR IGNORE INTO temp.lead_visit
SELECT l.grp, l.member, e.place, e.starts_at, 0
FROM temp.leads l CROSS JOIN temp.counted_event e ON e.grp = l.grp
CROSS JOIN temp.at_event p ON p.event = e.event AND p.member = l.member
WHERE e.state = 'held' AND p.status IN (1, 2) AND NOT p.is_host
  AND l.member NOT IN (SELECT member FROM temp.given_staff);

INSERT INTO temp.lead_answer
SELECT l.grp, l.member, MAX(r.updated_at)
FROM temp.counted_event e CROSS JOIN rsvp_row r ON r.event = e.event
CROSS JOIN temp.leads l ON l.grp = e.grp AND l.member = r.member
WHERE (:group IS NULL OR e.grp = :group) AND r.updated_at <= :as_of AND (r.gone_at IS NULL OR r.gone_at > e.ends_at)
GROUP BY l.grp, l.member;

INSERT INTO temp.joint_yes
SELECT e.event, p.member, p.guests
FROM temp.counted_event e CROSS JOIN temp.at_event p ON p.event = e.event
WHERE e.network_event_id IS NOT NULL AND p.status IN (1, 2)
  AND (e.state = 'scheduled' OR (e.starts_at >= :week_before AND e.starts_at < :week_after));
