-- One row: two groups that share 5 or more people.
SELECT min(a.urlname, b.urlname) || ',' || max(a.urlname, b.urlname) AS urlname, COUNT(*) || ' people in both' AS note, 1 AS one
FROM temp.network_guest x JOIN temp.network_guest y ON y.member = x.member AND y.grp > x.grp
JOIN group_row a ON a.key = x.grp JOIN group_row b ON b.key = y.grp
GROUP BY x.grp, y.grp HAVING COUNT(*) >= 5 ORDER BY COUNT(*) DESC, 1;
