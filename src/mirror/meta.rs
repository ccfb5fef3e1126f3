//! Facts about the database itself: what it mirrors, and its id.

use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, Stamp};

const ENDPOINT: &str = "endpoint";
const IS_DEMO: &str = "is_demo";
const DATABASE_ID: &str = "database_id";
const FIGURES: &str = "figures_version";
/// Set while RSVPs have no index by their id.
pub(super) const WITHOUT_INDEX: &str = "rsvps_without_index";

/// Set while no names of persons are to be kept.
pub(super) const NAMELESS: &str = "keeps_no_names";

/// One fact, if it was ever kept.
pub(super) fn value<T: FromSql>(conn: &Connection, key: &str) -> Result<Option<T>> {
    Ok(conn
        .prepare_cached("SELECT value FROM meta WHERE key = ?1")?
        .query_row([key], |row| row.get::<_, Option<T>>(0))
        .optional()?
        .flatten())
}

/// Keeps one fact.
pub(super) fn keep(conn: &Connection, key: &str, value: impl ToSql) -> Result<()> {
    conn.prepare_cached("INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = excluded.value")?
        .execute(params![key, value])?;
    Ok(())
}

/// Whether names of persons are kept.
pub(super) fn keeps_names(conn: &Connection) -> Result<bool> {
    Ok(!value(conn, NAMELESS)?.unwrap_or(false))
}

/// Marks a new database.
pub(super) fn write_stamp(conn: &Connection, stamp: &Stamp) -> Result<()> {
    keep(conn, IS_DEMO, stamp.is_demo)?;
    keep(conn, ENDPOINT, &stamp.endpoint)?;
    let id: String = conn.query_row("SELECT lower(hex(randomblob(8)))", [], |row| row.get(0))?;
    keep(conn, DATABASE_ID, id)
}

/// What the database mirrors.
///
/// # Errors
///
/// If the database cannot be read.
pub fn stamp(conn: &Connection) -> Result<Stamp> {
    Ok(Stamp {
        is_demo: value(conn, IS_DEMO)?.unwrap_or(false),
        endpoint: value(conn, ENDPOINT)?.unwrap_or_default(),
    })
}

/// The random id a database gets when it is created: makes its message ids unique in the world.
///
/// # Errors
///
/// If the database cannot be read.
pub fn database_id(conn: &Connection) -> Result<String> {
    Ok(value(conn, DATABASE_ID)?.unwrap_or_default())
}

/// Grows with every transaction after which a measurement may come out otherwise, whatever process made
/// it: while it stays, so do all figures as of an instant.
///
/// # Errors
///
/// If the database cannot be read.
pub fn figures_version(conn: &Connection) -> Result<i64> {
    Ok(value(conn, FIGURES)?.unwrap_or(0))
}

/// Whether RSVPs have no index by their id, since a first load is under way or was killed (`first_load.rs`).
///
/// # Errors
///
/// If the database cannot be read.
pub fn lacks_index(conn: &Connection) -> Result<bool> {
    Ok(value::<i64>(conn, WITHOUT_INDEX)?.is_some())
}

pub(super) fn step_figures(conn: &Connection) -> Result<()> {
    keep(conn, FIGURES, figures_version(conn)? + 1)
}
