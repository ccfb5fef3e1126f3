-- One row: a window over the whole network: 30, 90 and 365 days before A, and the same before
-- A - 365 d. Only groups whose history is complete, and founded by the window's end, count.
--
-- A joint event counts once: its copies in the window are united, hosts and yes alike, before
-- participants are taken. A person counts once. Repeaters took part in 2 or more such events.
--
-- :as_of  A, in seconds since 1970
WITH span (days, is_year_before, until) AS (
  VALUES (30, 0, :as_of), (90, 0, :as_of), (365, 0, :as_of),
         (30, 1, :as_of - 365 * 86400), (90, 1, :as_of - 365 * 86400), (365, 1, :as_of - 365 * 86400)
),
inside AS (
  SELECT s.days, s.is_year_before, e.event, e.grp, e.network_event_id
  FROM span s CROSS JOIN temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp
  JOIN group_row r ON r.key = g.grp
  WHERE g.is_complete AND (r.founded_at IS NULL OR r.founded_at <= s.until) AND e.state = 'held'
    AND e.ends_at <= s.until AND e.starts_at > s.until - s.days * 86400 AND e.starts_at <= s.until
),
joint_visit AS (
  SELECT i.days, i.is_year_before, i.network_event_id AS joint, p.member
  FROM inside i CROSS JOIN temp.at_event p ON p.event = i.event
  WHERE i.network_event_id IS NOT NULL AND p.member NOT IN (SELECT member FROM temp.given_staff)
  GROUP BY i.days, i.is_year_before, i.network_event_id, p.member
  HAVING MAX(p.status IN (1, 2)) AND NOT MAX(p.is_host)
),
visit AS (
  SELECT days, is_year_before, member FROM joint_visit
  UNION ALL
  SELECT i.days, i.is_year_before, p.member
  FROM inside i CROSS JOIN temp.at_event p ON p.event = i.event
  WHERE i.network_event_id IS NULL AND p.status IN (1, 2) AND NOT p.is_host
    AND p.member NOT IN (SELECT member FROM temp.given_staff)
),
person AS (SELECT days, is_year_before, COUNT(*) AS visits FROM visit GROUP BY days, is_year_before, member),
people AS (
  SELECT days, is_year_before, COUNT(*) AS people, SUM(visits >= 2) AS repeaters
  FROM person GROUP BY days, is_year_before
),
events AS (
  SELECT days, is_year_before, COUNT(DISTINCT grp) AS groups,
         COUNT(DISTINCT network_event_id) + SUM(network_event_id IS NULL) AS events
  FROM inside GROUP BY days, is_year_before
)
SELECT s.days, s.is_year_before, COALESCE(e.groups, 0) AS groups, COALESCE(e.events, 0) AS events,
       COALESCE(p.people, 0) AS people, COALESCE(p.repeaters, 0) AS repeaters
FROM span s LEFT JOIN events e USING (days, is_year_before) LEFT JOIN people p USING (days, is_year_before);
