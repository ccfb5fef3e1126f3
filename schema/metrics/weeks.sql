-- One row: the week before A's date (is_to_come 0) or the one that begins with it (1), by the clock of the schedule,
-- over groups whose history is complete. No row: no events. Before count held events; to come, all live ones
-- (those on A's date that are over or running as well). A joint event counts once, its copies in the week
-- united, and for each group that has one; it is called by its earliest copy (by start, then token). The biggest
-- is that with the most yes, then the earlier start, then the token; biggest_groups: how many groups have a copy.
--
-- :today        when the local date of A began, in seconds since 1970
-- :week_before  when the date 7 days before that began
-- :week_after   when the date 7 days after it begins
WITH near AS MATERIALIZED (
  SELECT e.starts_at >= :today AS is_to_come, e.event, e.grp, COALESCE(e.network_event_id, e.event) AS joint,
         e.network_event_id IS NOT NULL AS is_joint, e.starts_at
  FROM temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp
  WHERE g.is_complete AND e.starts_at >= :week_before AND e.starts_at < :week_after
    AND (e.state = 'held' OR (e.starts_at >= :today AND e.state IN ('running', 'scheduled')))
),
answered AS MATERIALIZED (
  SELECT n.is_to_come, n.joint, COUNT(DISTINCT p.member) AS said_yes
  FROM near n CROSS JOIN temp.joint_yes p ON p.event = n.event
  GROUP BY n.is_to_come, n.joint
  UNION ALL
  SELECT n.is_to_come, n.joint, t.said_yes FROM near n JOIN temp.turnout t ON t.event = n.event WHERE NOT n.is_joint
),
copy AS MATERIALIZED (
  SELECT n.is_to_come, n.joint, n.grp, n.starts_at, r.token, r.title, o.urlname,
         ROW_NUMBER() OVER (PARTITION BY n.is_to_come, n.joint ORDER BY n.starts_at, r.token) AS n
  FROM near n JOIN event_row r ON r.key = n.event JOIN group_row o ON o.key = n.grp
),
one AS MATERIALIZED (
  SELECT c.is_to_come, c.title, c.urlname, COALESCE(a.said_yes, 0) AS said_yes,
         (SELECT COUNT(DISTINCT o.grp) FROM copy o WHERE o.is_to_come = c.is_to_come AND o.joint = c.joint) AS groups,
         ROW_NUMBER() OVER (PARTITION BY c.is_to_come ORDER BY COALESCE(a.said_yes, 0) DESC, c.starts_at, c.token) AS n
  FROM copy c LEFT JOIN answered a ON a.is_to_come = c.is_to_come AND a.joint = c.joint
  WHERE c.n = 1
)
SELECT is_to_come, COUNT(*) AS events, SUM(said_yes) AS said_yes,
       (SELECT COUNT(DISTINCT grp) FROM near WHERE near.is_to_come = one.is_to_come) AS groups,
       MAX(urlname) FILTER (WHERE n = 1) AS biggest_group, MAX(title) FILTER (WHERE n = 1) AS biggest_title,
       MAX(said_yes) AS biggest_yes, MAX(groups) FILTER (WHERE n = 1) AS biggest_groups
FROM one GROUP BY is_to_come;
