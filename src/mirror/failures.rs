//! What fails now: one row for each thing that fails, with since when and how. The one memory of trouble,
//! which `status`, reports, digests and alerts all read.
//!
//! A row appears with the first pass in which something failed and goes with the first pass that read it.
//! A pass that was interrupted, or that failed as a whole, ends no row: it says nothing of what it did not
//! come to. When a group was last read follows from its network's last reading while it does not fail,
//! and is kept in its row while it does; so a pass that finds nothing new writes one instant a network.

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, Row, params};

use super::keys::{GroupKey, PassId};
use super::networks::NetworkKey;
use super::{Result, Writing, meta};
use crate::community::{FailureKind, GroupId, GroupName, Scope};

/// When the groups outside networks were last read.
const OUTSIDE_READ_AT: &str = "outside_read_at";

/// A failure, to be noted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFailure {
    /// Of what.
    pub scope: Scope,
    /// Of a group: the urlname of the network whose failure it is a part of.
    pub network: Option<String>,
    /// In which way.
    pub kind: FailureKind,
    /// What went wrong and what to do.
    pub message: String,
    /// Only some of it fails: the rest was read.
    pub is_part: bool,
    /// It failed before and was not asked for again, so that what is known of it stands.
    pub is_waiting: bool,
}

/// What fails now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// Of what, by the name it has now; by its id where no name is known.
    pub scope: Scope,
    /// Meetup's id of the group or the network, where it is mirrored.
    pub id: Option<String>,
    /// The network, where it is one that is mirrored; of a group, the one whose failure it is a part of.
    pub network: Option<NetworkKey>,
    /// The group, where it is one that is mirrored.
    pub group: Option<GroupKey>,
    /// In which way.
    pub kind: FailureKind,
    /// Only some of it fails: the rest was read.
    pub is_part: bool,
    /// What went wrong and what to do.
    pub message: String,
    /// When the first pass began of those in a row in which it failed.
    pub since: i64,
    /// When it failed last.
    pub last_at: i64,
}

/// What a pass that came to its end says of what failed before it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reading {
    /// It asked for everything that is sponsored: what did not fail in it was read.
    pub is_whole: bool,
    /// What was read to its end.
    pub read: Vec<Scope>,
    /// Groups outside networks were asked for.
    pub has_outside: bool,
    /// It went on with what an earlier one had planned: what was never read since was read then.
    pub goes_on: bool,
}

impl ToSql for FailureKind {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(self.as_str().into())
    }
}

impl FromSql for FailureKind {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        let word = value.as_str()?;
        let known = Self::ALL.into_iter().find(|kind| kind.as_str() == word);
        known.ok_or(FromSqlError::InvalidType)
    }
}

/// Everything that fails now: the sign-in and the pass first, then networks, then groups by name.
///
/// # Errors
///
/// If the database cannot be read.
pub fn failing(conn: &Connection) -> Result<Vec<Failing>> {
    conn.prepare_cached(
        "SELECT f.scope, coalesce(g.urlname, n.urlname, f.name), coalesce(g.id, n.id), f.network, f.grp,
                f.kind, f.is_part, f.message, f.since, f.last_at
         FROM failure_row f LEFT JOIN network_row n ON n.key = f.network LEFT JOIN group_row g ON g.key = f.grp
         ORDER BY CASE f.scope WHEN 'sign_in' THEN 0 WHEN 'pass' THEN 1 WHEN 'network' THEN 2 ELSE 3 END, 2",
    )?
    .query_map([], read)?
    .map(|row| Ok(row?))
    .collect()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Failing> {
    let name = row.get::<_, Option<String>>(1)?.unwrap_or_default();
    let scope = match row.get_ref(0)?.as_str()? {
        "sign_in" => Scope::SignIn,
        "network" => Scope::Network(name),
        "group" => Scope::group(name),
        _ => Scope::Pass,
    };
    Ok(Failing {
        scope,
        id: row.get(2)?,
        network: row.get::<_, Option<i64>>(3)?.map(NetworkKey),
        group: row.get::<_, Option<i64>>(4)?.map(GroupKey),
        kind: row.get(5)?,
        is_part: row.get(6)?,
        message: row.get(7)?,
        since: row.get(8)?,
        last_at: row.get(9)?,
    })
}

/// When each network was last read; none: never.
///
/// # Errors
///
/// If the database cannot be read.
pub fn networks_read(conn: &Connection) -> Result<Vec<(NetworkKey, String, Option<i64>)>> {
    conn.prepare_cached("SELECT key, urlname, read_at FROM network_row ORDER BY urlname, key")?
        .query_map([], |row| {
            Ok((NetworkKey(row.get(0)?), row.get(1)?, row.get(2)?))
        })?
        .map(|row| Ok(row?))
        .collect()
}

/// When each sponsored group was last read without failure, in urlname order; none: never.
///
/// # Errors
///
/// If the database cannot be read.
pub fn groups_read(conn: &Connection) -> Result<Vec<(GroupKey, Option<i64>)>> {
    let outside = outside_read_at(conn)?;
    conn.prepare_cached(&format!(
        "SELECT g.key, {READ_AT} FROM group_row g LEFT JOIN network_row n ON n.key = g.network
           LEFT JOIN failure_row f ON f.grp = g.key AND f.is_part = 0
         WHERE g.source = 'meetup' AND g.gone_at IS NULL ORDER BY g.urlname, g.key"
    ))?
    .query_map([outside], |row| Ok((GroupKey(row.get(0)?), row.get(1)?)))?
    .map(|row| Ok(row?))
    .collect()
}

/// When the groups outside networks were last read.
pub(super) fn outside_read_at(conn: &Connection) -> Result<Option<i64>> {
    meta::value(conn, OUTSIDE_READ_AT)
}

/// A group's last reading, of `group_row g`, its network `n` and its failure `f`; `?1` is that of the
/// groups outside networks.
pub(super) const READ_AT: &str = "CASE WHEN f.key IS NOT NULL THEN f.read_at
  WHEN g.configured_as IS NULL THEN n.read_at WHEN n.read_at IS NULL THEN ?1 ELSE max(n.read_at, coalesce(?1, 0)) END";

/// What a failure is kept under.
struct Subject {
    network: Option<i64>,
    grp: Option<i64>,
    name: Option<String>,
}

impl Writing<'_> {
    /// Notes that something fails: since now if it did not before.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn note_failure(&self, failure: &NewFailure, since: i64) -> Result<()> {
        let mut subject = self.subject(&failure.scope)?;
        if let Some(network) = &failure.network {
            subject.network = self.subject(&Scope::network(network))?.network;
        }
        let pass: i64 = self
            .prepare_cached("SELECT coalesce(max(id), 0) FROM pass_row")?
            .query_row([], |row| row.get(0))?;
        let outside = outside_read_at(self)?;
        let known: Option<(i64, bool)> = self
            .prepare_cached(
                "SELECT key, is_part FROM failure_row WHERE scope = ?1
                   AND (scope = 'group' OR coalesce(network, 0) = coalesce(?2, 0))
                   AND coalesce(grp, 0) = coalesce(?3, 0) AND coalesce(name, '') = coalesce(?4, '')",
            )?
            .query_row(
                params![failure.scope.word(), subject.network, subject.grp, subject.name],
                |row| Ok((row.get(0)?, row.get(1)?)),
            )
            .optional()?;
        // A group that only failed in part was read until now.
        let read_at: Option<i64> = match known {
            Some((_, false)) => None,
            // One that was not there yet when the others were read was never read with them.
            _ => self
                .prepare_cached(&format!(
                    "SELECT CASE WHEN it.first_seen_at > (SELECT max(finished_at) FROM pass_row WHERE started_at = it.at)
                       THEN NULL ELSE it.at END
                     FROM (SELECT g.first_seen_at, {READ_AT} AS at
                           FROM group_row g LEFT JOIN network_row n ON n.key = g.network
                             LEFT JOIN failure_row f ON f.grp = g.key AND f.is_part = 0 WHERE g.key = ?2) it"
                ))?
                .query_row(params![outside, subject.grp], |row| row.get(0))
                .optional()?
                .flatten(),
        };
        match known {
            Some((key, _)) if failure.is_waiting => self
                .prepare_cached("UPDATE failure_row SET pass = ?2 WHERE key = ?1")?
                .execute([key, pass])?,
            Some((key, was_part)) => self
                .prepare_cached(
                    "UPDATE failure_row SET kind = ?2, is_part = ?3, message = ?4, last_at = ?5, pass = ?8, network = ?9,
                       read_at = CASE WHEN ?6 THEN ?7 ELSE read_at END
                     WHERE key = ?1",
                )?
                .execute(params![
                    key,
                    failure.kind,
                    failure.is_part,
                    failure.message,
                    self.now,
                    was_part,
                    read_at,
                    pass,
                    subject.network
                ])?,
            None => self
                .prepare_cached(
                    "INSERT INTO failure_row (scope, network, grp, name, kind, is_part, message, since, last_at, read_at, pass)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                )?
                .execute(params![
                    failure.scope.word(),
                    subject.network,
                    subject.grp,
                    subject.name,
                    failure.kind,
                    failure.is_part,
                    failure.message,
                    since,
                    self.now,
                    read_at,
                    pass
                ])?,
        };
        Ok(())
    }

    /// The rows that a scope names; a network or a group without one keeps its name.
    fn subject(&self, scope: &Scope) -> Result<Subject> {
        let mut subject = Subject {
            network: None,
            grp: None,
            name: None,
        };
        let (found, name) = match scope {
            Scope::SignIn | Scope::Pass => return Ok(subject),
            Scope::Network(urlname) => (
                &mut subject.network,
                (
                    "SELECT key FROM network_row WHERE urlname = ?1 COLLATE NOCASE",
                    urlname,
                ),
            ),
            Scope::Group(GroupName::Id(GroupId(id))) => (
                &mut subject.grp,
                (
                    "SELECT key FROM group_row WHERE id = ?1 AND source = 'meetup'",
                    id,
                ),
            ),
            Scope::Group(GroupName::Urlname(urlname)) => (
                &mut subject.grp,
                (
                    "SELECT key FROM group_row WHERE source = 'meetup'
                       AND (urlname = ?1 COLLATE NOCASE OR configured_as = ?1 COLLATE NOCASE)
                     ORDER BY gone_at IS NOT NULL, urlname = ?1 COLLATE NOCASE DESC LIMIT 1",
                    urlname,
                ),
            ),
        };
        let (sql, name) = name;
        *found = self
            .prepare_cached(sql)?
            .query_row([name], |row| row.get(0))
            .optional()?;
        if found.is_none() {
            subject.name = Some(name.clone());
        }
        Ok(subject)
    }

    /// Ends what was read at a pass's end, after its own failures were noted at `self.now`; `began_at` is
    /// when it began, so old is what was read at the least.
    pub(super) fn note_reading(
        &self,
        reading: &Reading,
        pass: PassId,
        began_at: i64,
    ) -> Result<()> {
        self.execute(
            "DELETE FROM failure_row WHERE scope IN ('sign_in', 'pass') AND pass < ?1",
            [pass.0],
        )?;
        let mut networks = Vec::new();
        for scope in &reading.read {
            let subject = self.subject(scope)?;
            if let Some(network) = subject.network {
                networks.push(network);
            }
            if let Some(grp) = subject.grp {
                self.prepare_cached("DELETE FROM failure_row WHERE grp = ?1 AND pass < ?2")?
                    .execute([grp, pass.0])?;
            }
        }
        for network in networks {
            self.prepare_cached(
                "DELETE FROM failure_row WHERE scope = 'network' AND network = ?1 AND pass < ?2",
            )?
            .execute([network, pass.0])?;
            self.prepare_cached(
                "DELETE FROM failure_row WHERE pass < ?2 AND grp IN (SELECT key FROM group_row WHERE network = ?1)",
            )?
            .execute([network, pass.0])?;
            self.prepare_cached(
                "UPDATE network_row SET read_at = ?2 WHERE key = ?1 AND read_at IS NOT ?2
                   AND NOT EXISTS (SELECT 1 FROM failure_row f WHERE f.scope = 'network' AND f.network = ?1 AND f.is_part = 0)",
            )?
            .execute([network, began_at])?;
        }
        if reading.has_outside {
            meta::keep(self, OUTSIDE_READ_AT, began_at)?;
        }
        if reading.goes_on {
            self.execute(
                "UPDATE network_row SET read_at = backfill_planned_at WHERE read_at IS NULL",
                [],
            )?;
            self.execute(
                "INSERT OR IGNORE INTO meta (key, value)
                 SELECT ?1, min(backfill_planned_at) FROM group_row
                 WHERE configured_as IS NOT NULL AND gone_at IS NULL HAVING count(backfill_planned_at) > 0",
                [OUTSIDE_READ_AT],
            )?;
        }
        if reading.is_whole {
            // Whatever is not sponsored any more, or is known under its own row by now.
            self.execute(
                "DELETE FROM failure_row WHERE pass < ?1
                   AND (name IS NOT NULL OR grp IN (SELECT key FROM group_row WHERE gone_at IS NOT NULL))",
                [pass.0],
            )?;
        }
        Ok(())
    }

    /// Ends the failures of networks that are not sponsored any more.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn end_failures_of(&self, networks: &[NetworkKey]) -> Result<()> {
        networks.iter().try_for_each(|network| {
            self.prepare_cached("DELETE FROM failure_row WHERE scope = 'network' AND network = ?1")?
                .execute([network.0])
                .map(drop)
                .map_err(Into::into)
        })
    }
}
