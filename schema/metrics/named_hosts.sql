-- One row: a host whom Meetup names for one event.
--
-- :event    event_row.key
SELECT member FROM host_row WHERE event = :event;
