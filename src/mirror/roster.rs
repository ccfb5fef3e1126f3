//! The groups as they are known: all of them, or those that a piece of work is about.
//!
//! Meetup's groups only, as in `groups.rs`.

use rusqlite::{Connection, Params};

use super::Result;
use super::keys::GroupKey;
use super::networks::NetworkKey;
use crate::community::{GoneWhy, GroupId};

/// A group as it is known, with what a pass needs to decide on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownGroup {
    /// Key here.
    pub key: GroupKey,
    /// Meetup's id.
    pub id: GroupId,
    /// Its network, where that is known here.
    pub network: Option<NetworkKey>,
    /// The name in its URL.
    pub urlname: String,
    /// Display name.
    pub name: String,
    /// Since when it is no longer sponsored.
    pub gone_at: Option<i64>,
    /// Why it is not.
    pub gone_why: Option<GoneWhy>,
    /// Whether all of its past was read.
    pub history_complete: bool,
    /// When its own whole history was planned as units of work.
    pub backfill_planned_at: Option<i64>,
    /// How often in a row it could not be read.
    pub failures: i64,
    /// Not to be tried before.
    pub retry_at: Option<i64>,
    /// Members as Meetup counts them.
    pub member_count: Option<i64>,
    /// That count less the live memberships, as the last full walk left it; none: never walked.
    pub roster_gap: Option<i64>,
    /// Past events as Meetup counts them.
    pub past_events: Option<i64>,
    /// The urlname under which it is configured outside a network, where it is.
    pub configured_as: Option<String>,
    /// Last full walk of its memberships.
    pub members_verified_at: Option<i64>,
    /// Until then its events are asked one by one, because one of them cannot be read.
    pub split_until: Option<i64>,
}

/// All groups of Meetup's ever recorded, gone ones included, in urlname order.
///
/// # Errors
///
/// If the database cannot be read.
pub fn roster(conn: &Connection) -> Result<Vec<KnownGroup>> {
    known(conn, "TRUE", [])
}

/// One group, gone or not.
///
/// # Errors
///
/// If the database cannot be read.
pub fn group_by_key(conn: &Connection, key: GroupKey) -> Result<Option<KnownGroup>> {
    Ok(known(conn, "key = ?1", [key.0])?.pop())
}

/// The same by its id.
///
/// # Errors
///
/// If the database cannot be read.
pub fn group_by_id(conn: &Connection, id: &GroupId) -> Result<Option<KnownGroup>> {
    Ok(known(conn, "id = ?1", [id.as_str()])?.pop())
}

/// The sponsored groups of a network, in urlname order.
///
/// # Errors
///
/// If the database cannot be read.
pub fn groups_of_network(conn: &Connection, network: NetworkKey) -> Result<Vec<KnownGroup>> {
    known(conn, "network = ?1 AND gone_at IS NULL", [network.0])
}

/// The sponsored groups that could not be read and are not to be tried before a later instant.
///
/// # Errors
///
/// If the database cannot be read.
pub fn groups_waiting(conn: &Connection, now: i64) -> Result<Vec<KnownGroup>> {
    known(conn, "retry_at > ?1 AND gone_at IS NULL", [now])
}

fn known(conn: &Connection, which: &str, of: impl Params) -> Result<Vec<KnownGroup>> {
    let groups = conn
        .prepare_cached(&format!(
        "SELECT key, id, network, urlname, name, gone_at, gone_why, history_complete, backfill_planned_at,
                failures, retry_at, member_count, roster_gap,
                past_events, configured_as, members_verified_at, split_until
         FROM group_row WHERE source = 'meetup' AND {which} ORDER BY urlname, key"
    ))?
    .query_map(of, |row| {
        Ok(KnownGroup {
            key: GroupKey(row.get(0)?),
            id: GroupId(row.get(1)?),
            network: row.get::<_, Option<i64>>(2)?.map(NetworkKey),
            urlname: row.get(3)?,
            name: row.get(4)?,
            gone_at: row.get(5)?,
            gone_why: row.get(6)?,
            history_complete: row.get(7)?,
            backfill_planned_at: row.get(8)?,
            failures: row.get(9)?,
            retry_at: row.get(10)?,
            member_count: row.get(11)?,
            roster_gap: row.get(12)?,
            past_events: row.get(13)?,
            configured_as: row.get(14)?,
            members_verified_at: row.get(15)?,
            split_until: row.get(16)?,
        })
    })?
    .map(|row| Ok(row?))
    .collect::<Result<Vec<KnownGroup>>>()?;
    tracing::trace!(groups = groups.len(), "groups were looked up");
    Ok(groups)
}
