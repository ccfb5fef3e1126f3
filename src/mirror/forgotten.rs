//! Whom the mirror must not know, and knows again all the same.
//!
//! Of somebody who was forgotten there is a row in `member_row` whose id says nothing (`forgotten-` and 64 random
//! bits), and a keyed hash of the id that Meetup knows them by. Whenever Meetup shows a person whom no row knows, the
//! hash is looked for: whoever is found stays the person without a name that they became, so nothing of them is
//! doubled, gone, or back. **The secret of the hashes lies in the database and in the file beside the sign-in**
//! (`forgotten_file.rs`), in both: a database that goes elsewhere without that file must go on knowing them, and so
//! must a backup from before, which knows neither hash nor secret until the file tells it. Whoever holds one of the two can try
//! whether an id that they already know is among them. That much is what knowing somebody again takes.

use hmac::{Hmac, Mac};
use rand::RngCore as _;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::Sha256;

use super::values::UpstreamId;
use super::{Result, Writing};
use crate::community::MemberId;

/// Bytes of a secret.
pub(super) const SECRET: usize = 32;

/// A hash of an id.
pub(super) fn hash(secret: &[u8], id: &str) -> Vec<u8> {
    let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(secret)
        .unwrap_or_else(|_| unreachable!("a key of any length will do"));
    mac.update(id.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

/// The secrets that hashes were made under, the database's own first.
pub(super) fn secrets(conn: &Connection) -> Result<Vec<Vec<u8>>> {
    conn.prepare_cached("SELECT secret FROM forgotten_key_row ORDER BY key")?
        .query_map([], |row| row.get(0))?
        .map(|row| Ok(row?))
        .collect()
}

/// What is known of somebody who was forgotten.
#[derive(Debug)]
pub(super) struct Trace {
    pub(super) hash: Vec<u8>,
    /// Their row; none: Meetup never showed them here.
    pub(super) member: Option<i64>,
    /// Something of theirs from then on ends it; none: nothing does.
    pub(super) older_than: Option<i64>,
}

/// Whether that person was forgotten.
pub(super) fn trace(conn: &Connection, id: &str) -> Result<Option<Trace>> {
    for secret in secrets(conn)? {
        let hash = hash(&secret, id);
        let found = conn
            .prepare_cached("SELECT member, older_than FROM forgotten_row WHERE hash = ?1")?
            .query_row([&hash], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()?;
        if let Some((member, older_than)) = found {
            return Ok(Some(Trace {
                hash,
                member,
                older_than,
            }));
        }
    }
    Ok(None)
}

/// The row of a person, forgotten or not.
///
/// # Errors
///
/// If the database cannot be read.
pub fn member_key(conn: &Connection, id: &MemberId) -> Result<Option<i64>> {
    let known = conn
        .prepare_cached("SELECT key FROM member_row WHERE id = ?1")?
        .query_row([UpstreamId::of(id.as_str())], |row| row.get(0))
        .optional()?;
    match known {
        Some(key) => Ok(Some(key)),
        None => Ok(trace(conn, id.as_str())?.and_then(|trace| trace.member)),
    }
}

/// The id that the mirror has for a person of Meetup's: another one for somebody who was forgotten.
///
/// # Errors
///
/// If the database cannot be read.
pub fn known_as(conn: &Connection, id: &MemberId) -> Result<MemberId> {
    let Some(trace) = trace(conn, id.as_str())? else {
        return Ok(id.clone());
    };
    let found = trace.member.map(|key| id_of(conn, key)).transpose()?;
    Ok(found.unwrap_or_else(|| id.clone()))
}

/// How many people are kept with their id, how many of them with a name, and how many were forgotten.
///
/// # Errors
///
/// If the database cannot be read.
pub fn people_kept(conn: &Connection) -> Result<(i64, i64, i64)> {
    let all: (i64, i64) =
        conn.query_row("SELECT count(*), count(name) FROM member_row", [], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })?;
    let forgotten: i64 = conn.query_row(
        "SELECT count(DISTINCT member) FROM forgotten_row",
        [],
        |row| row.get(0),
    )?;
    Ok((all.0 - forgotten, all.1, forgotten))
}

pub(super) fn id_of(conn: &Connection, key: i64) -> Result<MemberId> {
    Ok(conn
        .prepare_cached("SELECT id FROM member_row WHERE key = ?1")?
        .query_row([key], |row| row.get::<_, UpstreamId>(0))
        .map(|id| MemberId(id.into_text()))?)
}

/// Those of these people's rows who were forgotten.
pub(super) fn forgotten_among<'a>(
    conn: &Connection,
    ids: impl Iterator<Item = &'a MemberId>,
) -> Result<std::collections::HashSet<i64>> {
    let mut found = std::collections::HashSet::new();
    for id in ids {
        found.extend(trace(conn, id.as_str())?.and_then(|trace| trace.member));
    }
    Ok(found)
}

impl Writing<'_> {
    /// The secret that new hashes are made under, made if there is none.
    pub(super) fn own_secret(&self) -> Result<Vec<u8>> {
        if let Some(secret) = secrets(self)?.into_iter().next() {
            return Ok(secret);
        }
        let mut secret = vec![0; SECRET];
        rand::rng().fill_bytes(&mut secret);
        self.execute(
            "INSERT INTO forgotten_key_row (secret) VALUES (?1)",
            [&secret],
        )?;
        Ok(secret)
    }

    /// A row for somebody of whom nothing is to be known: its key.
    pub(super) fn nobody(&self, asked: i64) -> Result<i64> {
        self.prepare_cached(
            "INSERT INTO member_row (id, name, asked) VALUES (?1 || lower(hex(randomblob(8))), NULL, ?2)",
        )?
        .execute(params![crate::community::FORGOTTEN, asked])?;
        Ok(self.last_insert_rowid())
    }

    /// Gives a person's row an id that says nothing, and no name.
    pub(super) fn becomes_nobody(&self, key: i64) -> Result<MemberId> {
        self.prepare_cached(
            "UPDATE member_row SET id = ?2 || lower(hex(randomblob(8))), name = NULL WHERE key = ?1",
        )?
        .execute(params![key, crate::community::FORGOTTEN])?;
        id_of(self, key)
    }
}
