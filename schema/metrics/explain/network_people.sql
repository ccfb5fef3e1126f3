-- One row: a person who took part in an event of the network.
WITH person AS (
  SELECT member, MAX(in_30) AS in_30, MAX(in_90) AS in_90, SUM(in_365) AS times_365, MAX(older) AS older,
         MAX(older_before) AS older_before,
         MAX(before_30) AS before_30, MAX(before_90) AS before_90, MAX(before_365) AS before_365
  FROM temp.network_visit GROUP BY member
),
places AS (SELECT member, COUNT(*) AS groups FROM temp.network_guest GROUP BY member)
SELECT CAST(m.id AS TEXT) AS member_id, m.name,
       'last 365 days: events ' || p.times_365 || ', groups ' || COALESCE(g.groups, 0) AS note,
       1 AS one, p.in_30, p.in_90, p.times_365 >= 1 AS in_365, p.before_30, p.before_90, p.before_365,
       p.times_365 >= 2 AS is_repeater, COALESCE(g.groups, 0) >= 2 AS is_crossing, p.in_90 AND NOT p.older AS is_new,
       p.before_90 AND NOT p.older_before AS was_new
FROM person p JOIN member_row m ON m.key = p.member LEFT JOIN places g ON g.member = p.member
ORDER BY p.times_365 DESC, m.id;
