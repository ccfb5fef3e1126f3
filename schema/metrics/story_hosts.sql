-- One row: a host (at_event.sql) of a held event of one group, by the event's start, then by id.
--
-- :group  group_row.key
SELECT h.event, CAST(m.id AS TEXT) AS id, m.name, h.is_staff
FROM temp.hosted h JOIN member_row m ON m.key = h.member
WHERE h.grp = :group
ORDER BY h.place, m.id;
