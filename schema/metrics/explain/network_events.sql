-- One row: an event of the network in the windows that reach back furthest; a joint one once, with the groups that
-- have a copy.
SELECT MIN(e.starts_at) AS at, e.starts_on AS on_date, r.title, group_concat(DISTINCT o.urlname) AS urlname, 1 AS one,
       MAX(i.in_30) AS in_30, MAX(i.in_90) AS in_90, MAX(i.in_365) AS in_365,
       MAX(i.before_30) AS before_30, MAX(i.before_90) AS before_90, MAX(i.before_365) AS before_365
FROM temp.network_event i JOIN temp.counted_event e ON e.event = i.event
JOIN event_row r ON r.key = i.event JOIN group_row o ON o.key = i.grp
WHERE i.in_365 OR i.before_365
GROUP BY i.joint ORDER BY at DESC, r.token;
