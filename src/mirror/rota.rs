//! What was verified longest ago: the rota spends left-over points on it.

use rusqlite::Connection;

use super::Result;
use super::events::KnownEvent;
use super::groups::GroupKey;

/// Events of sponsored groups, neither gone nor with a unit due, that were walked in full longest ago
/// or never.
pub fn unverified_events(conn: &Connection, limit: usize) -> Result<Vec<KnownEvent>> {
    conn.prepare_cached(
        "SELECT e.key, e.token, e.id, e.grp, e.starts_at
         FROM event_row e JOIN group_row g ON g.key = e.grp
         WHERE e.gone_at IS NULL AND g.gone_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM unit_row u WHERE u.event = e.key AND u.state = 'due')
         ORDER BY e.verified_at, e.key LIMIT ?1",
    )?
    .query_map([limit as i64], KnownEvent::read)?
    .map(|row| Ok(row?))
    .collect()
}

/// Sponsored groups without a due unit of their members, whose memberships were walked longest ago or
/// never.
pub fn unverified_groups(conn: &Connection, limit: usize) -> Result<Vec<GroupKey>> {
    conn.prepare_cached(
        "SELECT g.key FROM group_row g
         WHERE g.gone_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM unit_row u
             WHERE u.grp = g.key AND u.kind = 'members' AND u.state = 'due')
         ORDER BY g.members_verified_at, g.key LIMIT ?1",
    )?
    .query_map([limit as i64], |row| Ok(GroupKey(row.get(0)?)))?
    .map(|row| Ok(row?))
    .collect()
}

/// When the event or group that is verified longest was; none where some never was, or there is none.
pub fn oldest_verification(conn: &Connection) -> Result<Option<i64>> {
    let oldest: i64 = conn
        .prepare_cached(
            "SELECT coalesce(min(at), 0) FROM (
               SELECT coalesce(e.verified_at, 0) AS at FROM event_row e JOIN group_row g ON g.key = e.grp
               WHERE e.gone_at IS NULL AND g.gone_at IS NULL
               UNION ALL
               SELECT coalesce(members_verified_at, 0) FROM group_row WHERE gone_at IS NULL)",
        )?
        .query_row([], |row| row.get(0))?;
    Ok((oldest > 0).then_some(oldest))
}
