-- One row: a person, staff left out, who said yes to an event or hosted it, in the order of the event's key.
SELECT event, member, COALESCE(status, 0) IN (1, 2) AS said_yes, is_host
FROM temp.at_event
WHERE (is_host OR status IN (1, 2)) AND member NOT IN (SELECT member FROM temp.given_staff)
ORDER BY event;
