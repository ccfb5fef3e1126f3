-- One row: a person who took part in an event of the group that counts for who met whom (side_to_side.sql),
-- with how many others they met twice or more. A pair is told with both.
WITH fitting AS (
  SELECT e.event FROM temp.counted_event e JOIN temp.took_part t ON t.grp = e.grp AND t.place = e.place
  WHERE e.grp = :group AND e.state = 'held' AND NOT e.is_online
    AND e.starts_at > :as_of - 365 * 86400 AND e.starts_at <= :as_of
  GROUP BY e.event HAVING COUNT(*) <= 60
),
part AS (SELECT t.member, t.event FROM temp.took_part t WHERE t.grp = :group AND t.event IN (SELECT event FROM fitting)),
pair AS (
  SELECT a.member AS one, b.member AS other FROM part a JOIN part b ON b.event = a.event AND b.member <> a.member
  GROUP BY a.member, b.member HAVING COUNT(*) >= 2
),
person AS (
  SELECT p.member, COUNT(DISTINCT p.event) AS times, (SELECT COUNT(*) FROM pair WHERE pair.one = p.member) AS met,
         (SELECT COUNT(*) FROM pair WHERE pair.one = p.member AND pair.other > p.member) AS pairs
  FROM part p GROUP BY p.member
)
SELECT CAST(m.id AS TEXT) AS member_id, m.name,
       'events: ' || p.times || ', others met twice or more: ' || p.met AS note,
       p.met > 0 AS is_acquainted, p.pairs, 1 AS one
FROM person p JOIN member_row m ON m.key = p.member
ORDER BY p.met DESC, p.times DESC, m.id;
