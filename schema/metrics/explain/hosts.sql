-- One row: a person who ever hosted in the group, the busiest of the last 365 days first.
WITH host AS (
  SELECT member, is_staff, MIN(starts_at) AS first_at, MAX(starts_at) AS last_at,
         COUNT(*) FILTER (WHERE starts_at > :as_of - 365 * 86400 AND starts_at <= :as_of) AS pairs
  FROM temp.hosted WHERE grp = :group GROUP BY member
),
ranked AS (
  SELECT *, ROW_NUMBER() OVER busy AS n, SUM(pairs) OVER busy - pairs AS busier, SUM(pairs) OVER () AS all_pairs
  FROM host WINDOW busy AS (ORDER BY pairs DESC, member ROWS UNBOUNDED PRECEDING)
)
SELECT CAST(m.id AS TEXT) AS member_id, m.name, h.last_at AS at,
       'last hosted then; events of the last 365 days: ' || h.pairs || CASE WHEN h.is_staff THEN '; staff' ELSE '' END AS note,
       1 AS one, h.last_at > :as_of - 90 * 86400 AS in_90, h.pairs > 0 AS in_365,
       h.last_at > :as_of - 90 * 86400 AND NOT h.is_staff AS local_90,
       h.last_at > :as_of - 180 * 86400 AND NOT h.is_staff AS local_180,
       h.first_at > :as_of - 365 * 86400 AS is_new,
       h.pairs > 0 AND 2 * h.busier < h.all_pairs AS is_needed,
       h.pairs, CASE h.n WHEN 1 THEN h.pairs ELSE 0 END AS of_the_busiest
FROM ranked h JOIN member_row m ON m.key = h.member
ORDER BY h.n;
