//! What was verified longest ago: the rota spends left-over points on it. What is not Meetup's cannot be.

use rusqlite::{Connection, OptionalExtension};

use super::Result;
use super::keys::GroupKey;

/// The sponsored group, without a due unit of its own and not failing, of which something was verified
/// longest ago, if that is before `before`.
///
/// # Errors
///
/// If the database cannot be read.
pub fn stalest_group(conn: &Connection, before: i64) -> Result<Option<GroupKey>> {
    Ok(conn
        .prepare_cached(
            "SELECT key FROM (
               SELECT g.key, min(coalesce(g.members_verified_at, 0),
                 coalesce((SELECT min(coalesce(e.verified_at, 0)) FROM event_row e
                   WHERE e.grp = g.key AND e.source = 'meetup' AND e.gone_at IS NULL), g.members_verified_at, 0)) AS at
               FROM group_row g
               WHERE g.source = 'meetup' AND g.gone_at IS NULL AND g.history_complete AND g.failures = 0
                 AND NOT EXISTS (SELECT 1 FROM unit_row u WHERE u.grp = g.key AND u.state = 'due')
                 -- an event that no listing shows must not hold the rota for ever
                 AND NOT EXISTS (SELECT 1 FROM unit_row u WHERE u.grp = g.key AND u.purpose = 'rota'
                   AND u.kind = 'events' AND u.state = 'done' AND u.finished_at >= ?1))
             WHERE at < ?1 ORDER BY at, key LIMIT 1",
        )?
        .query_row([before], |row| Ok(GroupKey(row.get(0)?)))
        .optional()?)
}

/// When the event or group that is verified longest was; none where some never was, or there is none.
///
/// # Errors
///
/// If the database cannot be read.
pub fn oldest_verification(conn: &Connection) -> Result<Option<i64>> {
    let oldest: i64 = conn
        .prepare_cached(
            "SELECT coalesce(min(at), 0) FROM (
               SELECT coalesce(e.verified_at, 0) AS at FROM event_row e JOIN group_row g ON g.key = e.grp
               WHERE e.source = 'meetup' AND e.gone_at IS NULL AND g.gone_at IS NULL
               UNION ALL
               SELECT coalesce(members_verified_at, 0) FROM group_row
               WHERE source = 'meetup' AND gone_at IS NULL)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok((oldest > 0).then_some(oldest))
}
