-- One row: a calendar month (1 to 12) that a group regularly takes off (month_off in cadence.sql).
SELECT grp, month FROM temp.month_off ORDER BY grp, month;
