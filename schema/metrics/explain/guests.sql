-- One row: a person who ever took part in the group.
WITH person AS (
  SELECT member, MIN(starts_at) AS first_at, MAX(starts_at) AS last_at, COUNT(*) AS times,
         SUM(starts_at > :as_of - 365 * 86400) AS times_365
  FROM temp.took_part WHERE grp = :group GROUP BY member
)
SELECT CAST(m.id AS TEXT) AS member_id, m.name, p.first_at AS at,
       'first time then; events since: ' || p.times || ', in the last 365 days: ' || p.times_365 AS note,
       p.times_365 >= 1 AS in_365, p.times_365 >= 2 AS is_repeater, p.first_at > :as_of - 90 * 86400 AS is_new, 1 AS one,
       p.last_at > (SELECT MAX(starts_at) FROM temp.counted_event WHERE grp = :group AND state = 'held') - 365 * 86400 AS at_stake,
       p.first_at > :as_of - 455 * 86400 AND p.first_at <= :as_of - 90 * 86400 AS had_time,
       EXISTS (SELECT 1 FROM temp.took_part t WHERE t.grp = :group AND t.member = p.member
                  AND t.starts_at > p.first_at AND t.starts_at <= p.first_at + 90 * 86400) AS came_back
FROM person p JOIN member_row m ON m.key = p.member
ORDER BY p.times_365 DESC, p.first_at DESC, m.id;
