//! What the probe learnt of the API's open questions, and what is on record here that answers one.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, Writing};
use crate::community::closed;

/// A finding older than this, in seconds, is no longer relied on: the API changes without notice.
pub const CAPABILITY_LASTS: i64 = 30 * 86_400;

/// Whether `event(id)` still answers an id that was replaced.
pub const OLD_ID_ANSWERS: &str = "old_id_answers";

closed! {
    /// The answer to a question that can be answered in a word.
    Finding {
        /// It is so.
        Yes = "yes",
        /// It is not.
        No = "no",
        /// It was now so, now not.
        Sometimes = "sometimes",
    }
}

impl Finding {
    /// From how often it was so, and how often not; none where nothing was tried.
    pub fn of(so: i64, not_so: i64) -> Option<Self> {
        match (so, not_so) {
            (0, 0) => None,
            (_, 0) => Some(Self::Yes),
            (0, _) => Some(Self::No),
            _ => Some(Self::Sometimes),
        }
    }
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capability {
    /// Which question.
    pub name: String,
    /// Its answer.
    pub value: String,
    /// When it was found.
    pub found_at: i64,
}

impl Capability {
    /// Whether it is recent enough to rely on.
    pub fn is_fresh(&self, now: i64) -> bool {
        (now - CAPABILITY_LASTS..=now + 600).contains(&self.found_at)
    }
}

/// All findings, by name.
///
/// # Errors
///
/// If the database cannot be read.
pub fn capabilities(conn: &Connection) -> Result<Vec<Capability>> {
    conn.prepare_cached("SELECT name, value, found_at FROM capability_row ORDER BY name")?
        .query_map([], |row| {
            Ok(Capability {
                name: row.get(0)?,
                value: row.get(1)?,
                found_at: row.get(2)?,
            })
        })?
        .map(|row| Ok(row?))
        .collect()
}

/// The answer to a question, where there is one that is fresh.
///
/// # Errors
///
/// If the database cannot be read.
pub fn capability(conn: &Connection, name: &str, now: i64) -> Result<Option<String>> {
    let found = conn
        .prepare_cached("SELECT name, value, found_at FROM capability_row WHERE name = ?1")?
        .query_row([name], |row| {
            Ok(Capability {
                name: row.get(0)?,
                value: row.get(1)?,
                found_at: row.get(2)?,
            })
        })
        .optional()?;
    Ok(found.filter(|it| it.is_fresh(now)).map(|it| it.value))
}

impl Writing<'_> {
    /// Keeps the answer to a question.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn record_capability(&self, name: &str, value: &str) -> Result<()> {
        self.prepare_cached(
            "INSERT INTO capability_row (name, value, found_at) VALUES (?1, ?2, ?3)
             ON CONFLICT DO UPDATE SET value = excluded.value, found_at = excluded.found_at",
        )?
        .execute(params![name, value, self.now])?;
        Ok(())
    }
}

/// Changes of one kind on record: how often `updated` moved with them, and how often it did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Moves {
    /// It moved.
    pub moved: i64,
    /// It stayed where it was.
    pub stayed: i64,
}

/// Whether `updated` moved when nothing but an answer's guests changed.
///
/// # Errors
///
/// If the database cannot be read.
pub fn guest_moves(conn: &Connection) -> Result<Moves> {
    moves(
        conn,
        "c.old_status = c.new_status AND c.old_guest_count <> c.new_guest_count",
    )
}

/// Whether `updated` moved when attendance was marked.
///
/// # Errors
///
/// If the database cannot be read.
pub fn attendance_moves(conn: &Connection) -> Result<Moves> {
    moves(
        conn,
        "c.old_status IN (1, 3, 4) AND c.new_status IN (2, 5, 6)",
    )
}

/// Of each answer its latest change: `updated` is that change's instant, or older than our noticing.
fn moves(conn: &Connection, which: &str) -> Result<Moves> {
    let sql = format!(
        "SELECT coalesce(sum(r.updated_at = c.changed_at AND c.changed_at < c.noticed_at), 0),
                coalesce(sum(r.updated_at < c.changed_at AND c.changed_at = c.noticed_at), 0)
         FROM rsvp_change_row c JOIN rsvp_row r ON r.event = c.event AND r.id = c.rsvp
         WHERE {which} AND NOT EXISTS (SELECT 1 FROM rsvp_change_row later
                                       WHERE later.event = c.event AND later.rsvp = c.rsvp AND later.key > c.key)"
    );
    Ok(conn.query_row(&sql, [], |row| {
        Ok(Moves {
            moved: row.get(0)?,
            stayed: row.get(1)?,
        })
    })?)
}
