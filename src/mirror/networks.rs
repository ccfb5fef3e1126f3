//! Networks: few, and each pass confirms them.

use rusqlite::{Connection, OptionalExtension, Row, params};
use std::collections::{BTreeMap, BTreeSet};

use super::recall::Of;
use super::touched::Whose;
use super::{Result, Writing};
use crate::community::{Network, NetworkId};

/// A network in this database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NetworkKey(pub i64);

/// A network as it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownNetwork {
    /// Key here.
    pub key: NetworkKey,
    /// Meetup's id.
    pub id: NetworkId,
    /// The name in its URL.
    pub urlname: String,
    /// Display name.
    pub name: String,
    /// When its whole history was planned as units of work.
    pub backfill_planned_at: Option<i64>,
}

/// All networks ever recorded, in urlname order.
///
/// # Errors
///
/// If the database cannot be read.
pub fn networks(conn: &Connection) -> Result<Vec<KnownNetwork>> {
    conn.prepare_cached(
        "SELECT key, id, urlname, name, backfill_planned_at FROM network_row ORDER BY urlname, key",
    )?
    .query_map([], |row| {
        Ok(KnownNetwork {
            key: NetworkKey(row.get(0)?),
            id: NetworkId(row.get(1)?),
            urlname: row.get(2)?,
            name: row.get(3)?,
            backfill_planned_at: row.get(4)?,
        })
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// The groups that are in each network now, all by urlname.
///
/// # Errors
///
/// If the database cannot be read.
pub fn groups_of_networks(conn: &Connection) -> Result<BTreeMap<String, BTreeSet<String>>> {
    let mut all: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let mut query = conn.prepare_cached(
        "SELECT n.urlname, g.urlname FROM group_row g JOIN network_row n ON n.key = g.network
         WHERE g.gone_at IS NULL",
    )?;
    for pair in query.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))? {
        let (network, group) = pair?;
        all.entry(network).or_default().insert(group);
    }
    Ok(all)
}

/// What a question can change.
#[derive(PartialEq)]
struct Kept {
    urlname: String,
    name: String,
    primary_admin: Option<i64>,
}

impl Kept {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            urlname: row.get(2)?,
            name: row.get(3)?,
            primary_admin: row.get(4)?,
        })
    }
}

impl Writing<'_> {
    /// Records a network.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn record_network(&self, network: &Network, asked: i64) -> Result<NetworkKey> {
        let found = self
            .prepare_cached(
                "SELECT key, asked, urlname, name, primary_admin FROM network_row WHERE id = ?1",
            )?
            .query_row([network.id.as_str()], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, i64>(1)?,
                    Kept::read(row)?,
                ))
            })
            .optional()?;
        let mut given = Kept {
            urlname: network.urlname.clone(),
            name: network.name.clone(),
            primary_admin: self.member_if_any(network.primary_admin.as_ref(), asked)?,
        };
        let Some((key, written, kept)) = found else {
            self.prepare_cached(
                "INSERT INTO network_row (id, urlname, name, primary_admin, asked) VALUES (?1, ?2, ?3, ?4, ?5)",
            )?
            .execute(params![network.id.as_str(), given.urlname, given.name, given.primary_admin, asked])?;
            self.count(1, Whose::Everybody);
            return Ok(NetworkKey(self.last_insert_rowid()));
        };
        self.keep(&["ProNetwork.name"], &mut given.name, &kept.name);
        let admin = &mut given.primary_admin;
        self.keep(&["ProNetwork.primaryAdmin"], admin, &kept.primary_admin);
        if self.is_news((Of::Network, key, 0), written, asked, kept == given) {
            self.prepare_cached(
                "UPDATE network_row SET urlname = ?2, name = ?3, primary_admin = ?4, asked = ?5 WHERE key = ?1",
            )?
            .execute(params![key, given.urlname, given.name, given.primary_admin, asked])?;
            self.count(1, Whose::Everybody);
        }
        Ok(NetworkKey(key))
    }
}
