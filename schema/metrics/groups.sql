-- One row: a group that is measured, in urlname order: one that has not gone and was not founded
-- after A. (The group's zone, hence its local month, is worked out from `timezone` outside of SQL;
-- where the zone is unknown, from `latest_offset`: seconds east of UTC of its latest event, whatever its status.)
--
-- :as_of  A, in seconds since 1970
SELECT g.key, g.id, g.urlname, g.name, g.link, g.city, g.country, g.timezone,
       g.founded_at, g.joined_network_at, g.history_complete, g.status, g.tie_status,
       t.every_months,                    -- from the command `target`; null: none given
       (SELECT e.starts_offset FROM event_row e INDEXED BY event_by_group
         WHERE e.grp = g.key AND e.gone_at IS NULL AND e.starts_at IS NOT NULL AND e.starts_offset IS NOT NULL
         ORDER BY e.starts_at DESC, e.token DESC LIMIT 1) AS latest_offset
FROM group_row g LEFT JOIN target_row t ON t.grp = g.key
WHERE g.gone_at IS NULL AND (g.founded_at IS NULL OR g.founded_at <= :as_of)
ORDER BY g.urlname, g.id;
