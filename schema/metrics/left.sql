-- One row: a group that left: no longer in the network, deleted, or no longer configured. Its
-- history is kept, outside all other figures: held events by A, and the last of them.
--
-- :as_of  A, in seconds since 1970
SELECT g.id, g.urlname, g.name, g.link, g.country, g.timezone, g.gone_at, g.gone_why,
       COUNT(e.key) AS held, MAX(e.starts_at) AS last_held_at
FROM group_row g
LEFT JOIN event_row e ON e.grp = g.key AND e.gone_at IS NULL
  AND e.status IN ('ACTIVE', 'PAST', 'AUTOSCHED', 'AUTOSCHED_FINISHED')
  AND COALESCE(e.ends_at, e.starts_at + 3 * 3600) <= :as_of
WHERE g.gone_at IS NOT NULL AND (g.founded_at IS NULL OR g.founded_at <= :as_of)
GROUP BY g.key ORDER BY g.urlname, g.id;
