//! How the mirror stands, for whoever watches it: freshness by group, and since when what failed fails.

use rusqlite::{Connection, Row, params};

use super::Result;
use super::journal::PassId;

/// A sponsored group, as far as its freshness goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// The name in its URL.
    pub urlname: String,
    /// Whether all of its past was read.
    pub is_complete: bool,
    /// When the part of it that was verified longest ago was; none: some part never was.
    pub verified_at: Option<i64>,
    /// How often in a row it could not be read.
    pub failures: i64,
    /// Since when it fails.
    pub failing_since: Option<i64>,
    /// Why.
    pub failure: Option<String>,
    /// Not to be tried before.
    pub retry_at: Option<i64>,
}

impl Freshness {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        let verified_at: i64 = row.get(2)?;
        Ok(Self {
            urlname: row.get(0)?,
            is_complete: row.get(1)?,
            verified_at: (verified_at > 0).then_some(verified_at),
            failures: row.get(3)?,
            failing_since: row.get(4)?,
            failure: row.get(5)?,
            retry_at: row.get(6)?,
        })
    }
}

/// All sponsored groups, what was never wholly verified and what was verified longest ago first.
///
/// # Errors
///
/// If the database cannot be read.
pub fn freshness(conn: &Connection) -> Result<Vec<Freshness>> {
    conn.prepare_cached(
        "SELECT g.urlname, g.history_complete,
           min(coalesce(g.members_verified_at, 0), coalesce(e.at, g.members_verified_at, 0)) AS verified_at,
           g.failures, g.failing_since, g.failure, g.retry_at
         FROM group_row g
         LEFT JOIN (SELECT grp, min(coalesce(verified_at, 0)) AS at FROM event_row
                    WHERE gone_at IS NULL GROUP BY grp) e ON e.grp = g.key
         WHERE g.gone_at IS NULL
         ORDER BY verified_at, g.urlname",
    )?
    .query_map([], Freshness::read)?
    .map(|row| Ok(row?))
    .collect()
}

/// What failed in a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failing {
    /// `group acme-berlin`, `network acme`.
    pub scope: String,
    /// Why, in that pass.
    pub message: String,
    /// When the first pass began of those in a row in which it failed.
    pub since: i64,
}

/// What failed in a pass, by scope. A pass that was interrupted, or that failed as a whole, says nothing
/// of what it did not come to, so it ends no row of failures.
///
/// # Errors
///
/// If the database cannot be read.
pub fn failing(conn: &Connection, pass: PassId) -> Result<Vec<Failing>> {
    conn.prepare_cached(
        "SELECT f.scope, f.message,
           -- each the first that fits, from one end of the journal: it may be long
           (SELECT p.started_at FROM pass_row p
            WHERE p.id > coalesce(
                (SELECT w.id FROM pass_row w WHERE w.id < ?1 AND w.outcome IN ('done', 'partly')
                   AND NOT EXISTS (SELECT 1 FROM pass_failure_row x WHERE x.pass = w.id AND x.scope = f.scope)
                 ORDER BY w.id DESC LIMIT 1), 0)
              AND EXISTS (SELECT 1 FROM pass_failure_row o WHERE o.pass = p.id AND o.scope = f.scope)
            ORDER BY p.id LIMIT 1)
         FROM pass_failure_row f WHERE f.pass = ?1 ORDER BY f.scope",
    )?
    .query_map(params![pass.0], |row| {
        Ok(Failing {
            scope: row.get(0)?,
            message: row.get(1)?,
            since: row.get(2)?,
        })
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// Points reserved since that instant, in milliseconds; the ledger remembers a day.
///
/// # Errors
///
/// If the database cannot be read.
pub fn points_since(conn: &Connection, since_ms: i64) -> Result<i64> {
    Ok(conn
        .prepare_cached("SELECT coalesce(sum(points), 0) FROM budget_row WHERE reserved_ms > ?1")?
        .query_row([since_ms], |row| row.get(0))?)
}
