//! How Meetup's API differs from what gatherd uses of it: what the last look found, and what questions
//! were refused for in the last pass.

use rusqlite::{Connection, params};

use super::words::words;
use super::{Result, Writing, meta};

/// How long a field that the API has anew is worth a note, in seconds.
const NEWS: i64 = 30 * 86_400;
const CHECKED: &str = "schema_checked_at";

words! {
    /// How much a difference matters. The worst first.
    DriftWeight {
        /// Operations fail.
        Error = "error",
        /// Something is not read any more, or may fail some day.
        Warning = "warning",
        /// Good to know.
        Note = "note",
    }
    /// How a difference was found.
    DriftSource {
        /// By a look at the schema.
        Check = "check",
        /// By a question that was refused.
        Pass = "pass",
    }
}

/// One difference.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DriftFinding {
    /// How much it matters.
    pub weight: DriftWeight,
    /// Where in the schema: `Event.token`.
    pub place: String,
    /// The operations that use it, with commas.
    pub operations: String,
    /// What is different and what follows from it.
    pub what: String,
    /// Since when it is known.
    pub found_at: i64,
}

/// All differences as last found, the worst first, each once.
///
/// # Errors
///
/// If the database cannot be read.
pub fn drift_findings(conn: &Connection) -> Result<Vec<DriftFinding>> {
    let mut found = conn
        .prepare_cached(
            "SELECT weight, place, operations, what, min(found_at) FROM drift_row
             GROUP BY weight, place, operations, what",
        )?
        .query_map([], |row| {
            Ok(DriftFinding {
                weight: row.get(0)?,
                place: row.get(1)?,
                operations: row.get(2)?,
                what: row.get(3)?,
                found_at: row.get(4)?,
            })
        })?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    found.sort();
    Ok(found)
}

/// When the API's schema was last compared with ours.
///
/// # Errors
///
/// If the database cannot be read.
pub fn schema_checked_at(conn: &Connection) -> Result<Option<i64>> {
    meta::value(conn, CHECKED)
}

impl Writing<'_> {
    /// Keeps what a source found now, instead of what it found before; `found_at` of what stays, stays.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn record_drift(&self, source: DriftSource, findings: &[DriftFinding]) -> Result<()> {
        let known = self
            .prepare_cached("SELECT place, what FROM drift_row WHERE source = ?1")?
            .query_map([source], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(String, String)>>>()?;
        for (place, what) in known {
            if !findings
                .iter()
                .any(|it| it.place == place && it.what == what)
            {
                self.prepare_cached(
                    "DELETE FROM drift_row WHERE source = ?1 AND place = ?2 AND what = ?3",
                )?
                .execute(params![source, place, what])?;
            }
        }
        for it in findings {
            self.prepare_cached(
                "INSERT INTO drift_row (source, place, weight, operations, what, found_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO UPDATE SET weight = excluded.weight, operations = excluded.operations",
            )?
            .execute(params![
                source,
                it.place,
                it.weight,
                it.operations,
                it.what,
                self.now
            ])?;
        }
        if source == DriftSource::Check {
            meta::keep(self, CHECKED, self.now)?;
        }
        Ok(())
    }

    /// Notes fields that the API has beside those we ask for; answers those it did not have at an earlier look, with
    /// the instant at which they were first seen, as long as that is news.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn note_schema_fields(&self, places: &[String]) -> Result<Vec<(String, i64)>> {
        let is_first: bool = self.query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM schema_field_row)",
            [],
            |row| row.get(0),
        )?;
        let seen = if is_first { 0 } else { self.now };
        for place in places {
            self.prepare_cached(
                "INSERT INTO schema_field_row (place, first_seen_at) VALUES (?1, ?2) ON CONFLICT DO NOTHING",
            )?
            .execute(params![place, seen])?;
        }
        self.prepare_cached(
            "SELECT place, first_seen_at FROM schema_field_row WHERE first_seen_at > ?1 ORDER BY place",
        )?
        .query_map([self.now - NEWS], |row| Ok((row.get(0)?, row.get(1)?)))?
        .map(|row| Ok(row?))
        .collect()
    }
}
