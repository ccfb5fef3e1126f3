-- One row: a group that alerts watch, those that left included, in urlname order.
SELECT g.key, g.id, g.urlname, g.name, g.link, g.country, g.timezone, g.status, g.tie_status,
       g.history_complete, g.backfill_planned_at, g.gone_at IS NOT NULL AS is_gone, g.gone_why,
       (SELECT e.starts_offset FROM event_row e
         WHERE e.grp = g.key AND e.gone_at IS NULL AND e.starts_at IS NOT NULL AND e.starts_offset IS NOT NULL
         ORDER BY e.starts_at DESC, e.token DESC LIMIT 1) AS latest_offset
FROM group_row g ORDER BY g.urlname, g.id;
