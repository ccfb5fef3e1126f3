//! Who may be the sponsor's own people, by what they do.

use rusqlite::Connection;

use super::Result;
use crate::community::MemberId;

/// Somebody who may be one of the sponsor's own people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposed {
    /// Meetup's id.
    pub id: MemberId,
    /// Display name, where it is known.
    pub name: Option<String>,
    /// In how many groups they are a named host.
    pub groups: i64,
    /// Whether they are a network's primary admin.
    pub is_admin: bool,
}

/// The networks' primary admins, and the named hosts of events in at least so many groups; the most groups
/// first.
///
/// # Errors
///
/// If the database cannot be read.
pub fn proposed(conn: &Connection, groups: i64) -> Result<Vec<Proposed>> {
    conn.prepare_cached(
        "WITH hosting AS (
           SELECT h.member, count(DISTINCT e.grp) AS groups
           FROM host_row h JOIN event_row e ON e.key = h.event JOIN group_row g ON g.key = e.grp
           WHERE e.gone_at IS NULL AND g.gone_at IS NULL GROUP BY h.member
         )
         SELECT CAST(m.id AS TEXT), m.name, coalesce(h.groups, 0) AS groups,
                EXISTS (SELECT 1 FROM network_row n WHERE n.primary_admin = m.key) AS is_admin
         FROM member_row m LEFT JOIN hosting h ON h.member = m.key
         WHERE h.groups >= ?1 OR m.key IN (SELECT primary_admin FROM network_row)
         ORDER BY groups DESC, is_admin DESC, m.id",
    )?
    .query_map([groups], |row| {
        Ok(Proposed {
            id: MemberId(row.get(0)?),
            name: row.get(1)?,
            groups: row.get(2)?,
            is_admin: row.get(3)?,
        })
    })?
    .filter(|row| !row.as_ref().is_ok_and(|it| it.id.is_forgotten()))
    .map(|row| Ok(row?))
    .collect()
}
