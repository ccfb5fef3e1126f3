-- Fills year_event (year_tables.sql) from counted_event.sql.
INSERT INTO temp.year_event
SELECT e.event, e.grp, COALESCE(e.network_event_id, e.event), e.network_event_id IS NOT NULL, NOT e.is_online, e.place = 1,
       COALESCE(e.starts_at - e.previous_at > 180 * 86400, 0),
       e.month / 12 = y.year AND substr(e.starts_on, 6) <= y.until,
       e.month / 12 = y.year - 1 AND substr(e.starts_on, 6) <= y.until,
       e.month / 12 < y.year, e.month / 12 < y.year - 1
FROM temp.given_year y CROSS JOIN temp.given_group g CROSS JOIN temp.counted_event e ON e.grp = g.grp
WHERE g.is_complete AND e.state = 'held';
