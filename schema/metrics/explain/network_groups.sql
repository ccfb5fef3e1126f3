-- One row: a group that is measured and whose history is complete.
WITH met AS (
  SELECT grp, MAX(in_30) AS in_30, MAX(in_90) AS in_90, MAX(in_365) AS in_365,
         MAX(before_30) AS before_30, MAX(before_90) AS before_90, MAX(before_365) AS before_365,
         SUM(in_365) AS events
  FROM temp.network_event GROUP BY grp
)
SELECT r.urlname,
       CASE s.status WHEN 'new' THEN 'new' WHEN 'unstarted' THEN 'no first event yet' WHEN 'restarted' THEN 'restarted'
         WHEN 'quiet' THEN 'quiet' WHEN 'overdue' THEN 'long without a date' WHEN 'on_target' THEN 'meets as agreed'
         WHEN 'meeting' THEN 'meets now and then' END
         || ' (' || s.status || '), ' || COALESCE(m.events, 0) || ' held in the last 365 days' AS note, 1 AS one,
       COALESCE(m.in_30, 0) AS in_30, COALESCE(m.in_90, 0) AS in_90, COALESCE(m.in_365, 0) AS in_365,
       COALESCE(m.before_30, 0) AS before_30, COALESCE(m.before_90, 0) AS before_90, COALESCE(m.before_365, 0) AS before_365,
       s.status = 'on_target' AS on_target,
       s.status NOT IN ('new', 'unstarted') AND NOT (s.status = 'quiet' AND p.days_since_last_held > 365) AS is_expected
FROM temp.given_group g JOIN group_row r ON r.key = g.grp JOIN temp.standing s ON s.grp = g.grp JOIN temp.gaps p ON p.grp = g.grp
LEFT JOIN met m ON m.grp = g.grp
WHERE g.is_complete ORDER BY r.urlname, r.id;
