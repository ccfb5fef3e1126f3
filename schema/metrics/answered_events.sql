-- One row: an event that counts, as the pass over the answers needs it, group by group (by key), state by state, in order.
SELECT e.grp, e.event, e.state, e.starts_at, e.ends_at, e.is_online, e.network_event_id, e.place
FROM temp.counted_event e ORDER BY e.grp, e.state, e.place;
