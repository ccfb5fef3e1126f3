-- One row: a group that is measured, in urlname order: one that has not gone and was not founded
-- after A. (The group's zone, hence its local month, is worked out from `timezone` outside of SQL;
-- where the zone is unknown, from `latest_offset`: seconds east of UTC of its latest event, whatever its status.)
--
-- A first look takes a group for complete once all of its events of the 365 days before A, and later ones, are read.
--
-- :as_of       A, in seconds since 1970
-- :urlname     only the group of that urlname; null: all
-- :first_look  1: a first look
SELECT g.key, g.id, g.urlname, g.name, g.link, g.city, g.country, g.lat, g.lon, g.timezone,
       g.founded_at, g.joined_network_at,
       g.history_complete OR (:first_look AND g.backfill_planned_at IS NOT NULL AND NOT EXISTS (
         SELECT 1 FROM unit_row u
         WHERE u.state = 'due' AND u.purpose = 'backfill' AND u.kind = 'events' AND (u.network = g.network OR u.grp = g.key)
           AND (u.to_at IS NULL OR u.to_at > :as_of - 365 * 86400))) AS history_complete,
       g.status, g.tie_status,
       t.every_months,                    -- from the command `target`; null: none given
       (SELECT e.starts_offset FROM event_row e INDEXED BY event_by_group
         WHERE e.grp = g.key AND e.gone_at IS NULL AND e.starts_at IS NOT NULL AND e.starts_offset IS NOT NULL
         ORDER BY e.starts_at DESC, e.token DESC LIMIT 1) AS latest_offset
FROM group_row g LEFT JOIN target_row t ON t.grp = g.key
WHERE (:urlname IS NULL OR g.urlname = :urlname COLLATE NOCASE) AND g.gone_at IS NULL AND (g.founded_at IS NULL OR g.founded_at <= :as_of)
ORDER BY g.urlname, g.id;
