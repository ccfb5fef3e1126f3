-- One row: two groups in both of which 5 or more people took part in the last 365 days, with how many
-- took part in each. In a joint event people take part in each group that has a copy (network_visit.sql).
--
-- gatherd counts these in its pass over the visits (src/metrics/crowd.rs); this is the definition,
-- and a test holds the two equal.
WITH people AS (SELECT grp, COUNT(*) AS people FROM temp.network_guest GROUP BY grp)
SELECT a.grp AS one, b.grp AS other, COUNT(*) AS shared,
       (SELECT MIN(p.people) FROM people p WHERE p.grp IN (a.grp, b.grp)) AS smaller
FROM temp.network_guest a JOIN temp.network_guest b ON b.member = a.member AND b.grp > a.grp
GROUP BY a.grp, b.grp HAVING COUNT(*) >= 5;
