-- One row: a measured group and a year of its wall clock in which it held events.
SELECT grp, month / 12 AS year, SUM(events) AS events FROM temp.month_met GROUP BY grp, year ORDER BY grp, year;
