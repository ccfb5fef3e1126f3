//! The journal of passes, and what failed in them.

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::failures::{NewFailure, Reading};
use super::keys::PassId;
use super::units::PARKED;
use super::words::words;
use super::{Result, Writing};

/// Passes older than this are dropped, in seconds.
const KEPT: i64 = 400 * 86_400;
/// Units done longer ago than this are dropped.
const UNITS_KEPT: i64 = 30 * 86_400;

/// No group, unit or message that failed waits longer for its next try, in seconds.
const LONGEST_WAIT: i64 = 86_400;

words! {
    /// What a pass was for.
    PassKind {
        /// Working off the whole history.
        Backfill = "backfill",
        /// What changed since the last one.
        Pass = "pass",
        /// Everything again.
        Sweep = "sweep",
    }
    /// How a pass ended.
    PassOutcome {
        /// All of it.
        Done = "done",
        /// Some groups or networks failed.
        Partly = "partly",
        /// Nothing came of it.
        Failed = "failed",
        /// Its process ended first.
        Interrupted = "interrupted",
    }
}

/// A pass as the journal has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pass {
    /// Which.
    pub id: PassId,
    /// What it was for.
    pub kind: PassKind,
    /// When it began.
    pub started_at: i64,
    /// When it ended; none while it runs.
    pub finished_at: Option<i64>,
    /// How it ended; none while it runs.
    pub outcome: Option<PassOutcome>,
    /// Requests it made.
    pub requests: i64,
    /// Points it used.
    pub points: i64,
    /// Rows it inserted or changed.
    pub rows_changed: i64,
    /// Scopes that failed.
    pub failures: i64,
    /// Some of it came through, and no network failed as a whole.
    pub is_good: bool,
}

/// What a pass came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassTotals {
    /// How it ended.
    pub outcome: PassOutcome,
    /// Requests it made.
    pub requests: u64,
    /// Points it used.
    pub points: u64,
    /// Rows it inserted or changed.
    pub rows_changed: u64,
    /// Things that failed in it.
    pub failures: u64,
    /// Some of it came through, and no network failed as a whole.
    pub is_good: bool,
}

impl Pass {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: PassId(row.get(0)?),
            kind: row.get(1)?,
            started_at: row.get(2)?,
            finished_at: row.get(3)?,
            outcome: row.get(4)?,
            requests: row.get(5)?,
            points: row.get(6)?,
            rows_changed: row.get(7)?,
            failures: row.get(8)?,
            is_good: row.get(9)?,
        })
    }
}

const COLUMNS: &str = "SELECT id, kind, started_at, finished_at, outcome, requests, points, rows_changed, failures, is_good FROM pass_row";

/// The latest pass of a kind that has ended.
///
/// # Errors
///
/// If the database cannot be read.
pub fn last_pass(conn: &Connection, kind: PassKind) -> Result<Option<Pass>> {
    Ok(conn
        .prepare_cached(&format!(
            "{COLUMNS} WHERE kind = ?1 AND finished_at IS NOT NULL ORDER BY id DESC LIMIT 1"
        ))?
        .query_row([kind], Pass::read)
        .optional()?)
}

/// The latest pass of any kind that read Meetup: no network failed in it as a whole.
///
/// # Errors
///
/// If the database cannot be read.
pub fn last_good_pass(conn: &Connection) -> Result<Option<Pass>> {
    Ok(conn
        .prepare_cached(&format!(
            "{COLUMNS} WHERE is_good = 1 ORDER BY id DESC LIMIT 1"
        ))?
        .query_row([], Pass::read)
        .optional()?)
}

/// Passes, the latest first.
///
/// # Errors
///
/// If the database cannot be read.
pub fn recent_passes(conn: &Connection, limit: usize) -> Result<Vec<Pass>> {
    conn.prepare_cached(&format!("{COLUMNS} ORDER BY id DESC LIMIT ?1"))?
        .query_map([limit as i64], Pass::read)?
        .map(|row| Ok(row?))
        .collect()
}

impl Writing<'_> {
    /// Begins a pass. The caller holds the lock, so whatever is still open was interrupted.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn begin_pass(&self, kind: PassKind) -> Result<PassId> {
        self.prepare_cached(
            "UPDATE pass_row SET finished_at = max(?1, started_at), outcome = 'interrupted' WHERE finished_at IS NULL",
        )?
        .execute([self.now])?;
        self.hasten_what_lies_ahead()?;
        self.prepare_cached("INSERT INTO pass_row (kind, started_at) VALUES (?1, ?2)")?
            .execute(params![kind, self.now])?;
        Ok(PassId(self.last_insert_rowid()))
    }

    /// What failed waits for a day at most. Whatever waits longer was put off by a clock that has been set
    /// back since.
    fn hasten_what_lies_ahead(&self) -> Result<()> {
        let latest = self.now + LONGEST_WAIT;
        self.prepare_cached(
            "UPDATE unit_row SET next_due = ?1 WHERE state = 'due' AND next_due > ?2 AND next_due < ?3",
        )?
        .execute(params![self.now, latest, PARKED])?;
        self.prepare_cached("UPDATE group_row SET retry_at = ?1 WHERE retry_at > ?2")?
            .execute([self.now, latest])?;
        self.prepare_cached(
            "UPDATE delivery_row SET next_attempt_at = ?1 WHERE state = 'pending' AND next_attempt_at > ?2",
        )?
        .execute([self.now, latest])?;
        Ok(())
    }

    /// Drops what is old; at the end of a pass that came through, for until Meetup has answered nobody knows
    /// whether the clock is right: one that is years ahead would make everything old.
    fn drop_old(&self) -> Result<()> {
        self.keep_tallies_of_old(self.now - KEPT)?;
        for (sql, kept) in [
            ("DELETE FROM pass_row WHERE started_at < ?1", KEPT),
            (
                "DELETE FROM unit_row WHERE state = 'done' AND finished_at < ?1",
                UNITS_KEPT,
            ),
        ] {
            self.prepare_cached(sql)?.execute([self.now - kept])?;
        }
        Ok(())
    }

    /// Ends a pass: notes what failed in it and, where it came to its end, what was read.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn finish_pass(
        &self,
        pass: PassId,
        totals: &PassTotals,
        failures: &[NewFailure],
        reading: Option<&Reading>,
    ) -> Result<()> {
        let began_at: i64 = self
            .prepare_cached("SELECT started_at FROM pass_row WHERE id = ?1")?
            .query_row([pass.0], |row| row.get(0))?;
        for failure in failures {
            self.note_failure(failure, began_at)?;
        }
        if let Some(reading) = reading {
            self.note_reading(reading, pass, began_at)?;
        }
        self.prepare_cached(
            "UPDATE pass_row SET finished_at = ?2, outcome = ?3, requests = ?4, points = ?5, rows_changed = ?6,
               failures = ?7, is_good = ?8
             WHERE id = ?1",
        )?
        .execute(params![
            pass.0,
            self.now,
            totals.outcome,
            totals.requests as i64,
            totals.points as i64,
            totals.rows_changed as i64,
            totals.failures as i64,
            totals.is_good
        ])?;
        if totals.is_good {
            self.drop_old()?;
        }
        Ok(())
    }
}
