-- One row: a held event as the pass over visits needs it, in the order of its key.
SELECT e.event, e.grp, e.place, e.starts_at, e.ends_at, e.is_online, e.network_event_id, g.is_complete, r.founded_at
FROM temp.counted_event e JOIN temp.given_group g ON g.grp = e.grp JOIN group_row r ON r.key = e.grp
WHERE e.state = 'held' ORDER BY e.event;
