-- One row: how many people took part in the events of the whole network in the 30, 90 and 365 days
-- before A, and in those before A - 365 d (..._year_before); and how many of them in 2 or more events
-- of the last 365 days. Only groups whose history is complete count, and a year before only those
-- founded by then.
--
-- A joint event counts once: its copies in the window are united, hosts and yes alike, before
-- participants are taken. A person counts once.
--
-- gatherd counts these in one pass over the visits (src/metrics/people.rs); this is the definition,
-- and a test holds the two equal.
--
-- :as_of  A, in seconds since 1970
WITH counting AS (
  SELECT e.event, e.grp, e.starts_at, e.network_event_id,
         COALESCE(e.network_event_id, e.event) AS joint,   -- text or a number: these never meet
         (r.founded_at IS NULL OR r.founded_at <= :as_of - 365 * 86400)
           AND e.ends_at <= :as_of - 365 * 86400 AND e.starts_at <= :as_of - 365 * 86400 AS is_before
  FROM temp.given_group g JOIN group_row r ON r.key = g.grp CROSS JOIN temp.counted_event e ON e.grp = g.grp
  WHERE g.is_complete AND e.state = 'held' AND e.starts_at > :as_of - (365 + 365) * 86400 AND e.starts_at <= :as_of
),
inside AS (
  SELECT event, grp, network_event_id, joint,
         starts_at > :as_of - 30 * 86400 AS in_30,
         starts_at > :as_of - 90 * 86400 AS in_90,
         starts_at > :as_of - 365 * 86400 AS in_365,
         is_before AND starts_at > :as_of - (365 + 30) * 86400 AS before_30,
         is_before AND starts_at > :as_of - (365 + 90) * 86400 AS before_90,
         is_before AS before_365
  FROM counting
),
-- A person who took part in an event, and in which windows that was.
visit AS (
  SELECT p.member, i.in_30, i.in_90, i.in_365, i.before_30, i.before_90, i.before_365
  FROM inside i CROSS JOIN temp.at_event p ON p.event = i.event
  WHERE i.network_event_id IS NULL AND p.status IN (1, 2) AND NOT p.is_host
    AND p.member NOT IN (SELECT member FROM temp.given_staff)
  UNION ALL
  SELECT member,
         MAX(in_30 AND said_yes) AND NOT MAX(in_30 AND is_host),
         MAX(in_90 AND said_yes) AND NOT MAX(in_90 AND is_host),
         MAX(in_365 AND said_yes) AND NOT MAX(in_365 AND is_host),
         MAX(before_30 AND said_yes) AND NOT MAX(before_30 AND is_host),
         MAX(before_90 AND said_yes) AND NOT MAX(before_90 AND is_host),
         MAX(before_365 AND said_yes) AND NOT MAX(before_365 AND is_host)
  FROM (SELECT i.*, p.member, COALESCE(p.status, 0) IN (1, 2) AS said_yes, p.is_host
        FROM inside i CROSS JOIN temp.at_event p ON p.event = i.event
        WHERE i.network_event_id IS NOT NULL AND p.member NOT IN (SELECT member FROM temp.given_staff))
  GROUP BY joint, member
),
person AS (
  SELECT SUM(in_30) AS in_30, SUM(in_90) AS in_90, SUM(in_365) AS in_365,
         SUM(before_30) AS before_30, SUM(before_90) AS before_90, SUM(before_365) AS before_365
  FROM visit GROUP BY member
)
SELECT COUNT(*) FILTER (WHERE p.in_30) AS people_30, COUNT(*) FILTER (WHERE p.in_90) AS people_90,
       COUNT(*) FILTER (WHERE p.in_365) AS people_365,
       COUNT(*) FILTER (WHERE p.before_30) AS people_30_year_before,
       COUNT(*) FILTER (WHERE p.before_90) AS people_90_year_before,
       COUNT(*) FILTER (WHERE p.before_365) AS people_365_year_before,
       COUNT(*) FILTER (WHERE p.in_365 >= 2) AS repeaters_365
FROM person p;
