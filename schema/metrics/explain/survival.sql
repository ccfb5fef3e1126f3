-- One row: a pause of over 180 days that has had another year to end.
SELECT r.urlname, since AS at,
       CASE WHEN until IS NULL THEN 'then silent' ELSE printf('then silent for %d days', (until - since) / 86400) END AS note, 1 AS one
FROM (SELECT e.grp, e.starts_at AS since, LEAD(e.starts_at) OVER (PARTITION BY e.grp ORDER BY e.place) AS until
      FROM temp.given_group g JOIN temp.counted_event e ON e.grp = g.grp WHERE g.is_complete AND e.state = 'held') p
JOIN group_row r ON r.key = p.grp
WHERE (until IS NULL OR until > since + 180 * 86400) AND since + (180 + 365) * 86400 <= :as_of
ORDER BY since DESC, r.urlname;
