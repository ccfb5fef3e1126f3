-- Adds to year_visit and year_older who took part in joint events: their copies in a span are united, hosts and yes
-- alike, before participants are taken. Runs once, after year_visit.sql has run for all groups.
INSERT INTO temp.year_visit
SELECT joint, member, yes_year AND NOT host_year, yes_before AND NOT host_before FROM temp.year_known
WHERE (yes_year AND NOT host_year) OR (yes_before AND NOT host_before);

INSERT INTO temp.year_older
SELECT member, yes_older_before AND NOT host_older_before FROM temp.year_known WHERE yes_older AND NOT host_older
ON CONFLICT (member) DO UPDATE SET older_before = MAX(older_before, excluded.older_before);
