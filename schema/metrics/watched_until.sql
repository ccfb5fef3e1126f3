-- One row, one column: the first instant after A at which, by time alone, something of one group comes out otherwise
-- in watched_events.sql, watched_leaders.sql or watched_hosts.sql: an event is announced, starts or ends, somebody
-- joins, or the last event that a host hosted is 365 days old. Null: there is none, as far as its rows tell.
--
-- :group  group_row.key
-- :as_of  A, in seconds since 1970
SELECT MIN(at) FROM (
  SELECT e.starts_at AS at FROM event_row e WHERE e.grp = :group AND e.starts_at > :as_of
  UNION ALL
  SELECT COALESCE(e.ends_at, e.starts_at + 3 * 3600) FROM event_row e WHERE e.grp = :group AND e.starts_at IS NOT NULL
  UNION ALL
  SELECT COALESCE(e.created_at, e.starts_at - 14 * 86400) FROM event_row e WHERE e.grp = :group AND e.starts_at > :as_of
  UNION ALL
  SELECT i.first_seen_at FROM event_row e JOIN event_id_row i ON i.event = e.key WHERE e.grp = :group AND e.starts_at > :as_of
  UNION ALL
  SELECT e.starts_at + 365 * 86400 FROM event_row e WHERE e.grp = :group AND e.starts_at > :as_of - 365 * 86400
  UNION ALL
  SELECT s.joined_at FROM membership_row s WHERE s.grp = :group AND s.role IS NOT NULL
) WHERE at > :as_of;
