-- One row: a member of staff (given.sql).
SELECT member FROM temp.given_staff;
