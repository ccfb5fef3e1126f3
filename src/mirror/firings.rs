//! Firings of the daemon's schedule: the instant last served, by name.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, Writing};

/// The due instant that was served last; none before the first.
///
/// # Errors
///
/// If the database cannot be read.
pub fn firing(conn: &Connection, name: &str) -> Result<Option<i64>> {
    Ok(conn
        .prepare_cached("SELECT served_at FROM firing_row WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

impl Writing<'_> {
    /// Notes that the firing due at `at` was served.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn served(&self, name: &str, at: DateTime<Utc>) -> Result<()> {
        self.prepare_cached(
            "INSERT INTO firing_row (name, served_at) VALUES (?1, ?2)
             ON CONFLICT DO UPDATE SET served_at = excluded.served_at WHERE served_at IS NOT excluded.served_at",
        )?
        .execute(params![name, at.timestamp()])?;
        Ok(())
    }
}
