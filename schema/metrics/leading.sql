-- One row: a leader of a measured group (leads.sql).
SELECT grp, member FROM temp.leads;
