//! Facts about the database itself: what it mirrors, its id, and the one-time acceptance of a shrunken
//! roster.

use rusqlite::types::{FromSql, ToSql};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, Writing};

const ENDPOINT: &str = "endpoint";
const IS_DEMO: &str = "is_demo";
const DATABASE_ID: &str = "database_id";
const SHRINK: &str = "shrink_accepted_at";
const FIGURES: &str = "figures_version";

/// What a database mirrors; written once, when it is created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// Whether it holds the simulated community.
    pub is_demo: bool,
    /// The API it was read from.
    pub endpoint: String,
}

impl Stamp {
    /// Whether a database with this stamp may be used for `wanted`. The simulated Meetup has another
    /// port at every start, so a demo's endpoint decides nothing.
    pub(super) fn suits(&self, wanted: &Self) -> bool {
        self.is_demo == wanted.is_demo && (self.is_demo || self.endpoint == wanted.endpoint)
    }
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.is_demo {
            "the demo"
        } else {
            &self.endpoint
        })
    }
}

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

fn forget(conn: &Connection, key: &str) -> Result<()> {
    conn.execute("DELETE FROM meta WHERE key = ?1", [key])?;
    Ok(())
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

/// Whether a shrunken roster may be believed once.
///
/// # Errors
///
/// If the database cannot be read.
pub fn shrink_accepted(conn: &Connection) -> Result<bool> {
    Ok(value::<i64>(conn, SHRINK)?.is_some())
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

pub(super) fn step_figures(conn: &Connection) -> Result<()> {
    keep(conn, FIGURES, figures_version(conn)? + 1)
}

impl Writing<'_> {
    /// Lets the next pass believe a shrunken roster, once.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn accept_shrink(&self) -> Result<()> {
        keep(self, SHRINK, self.now)
    }

    /// Uses the acceptance up.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn consume_shrink(&self) -> Result<()> {
        forget(self, SHRINK)
    }
}
