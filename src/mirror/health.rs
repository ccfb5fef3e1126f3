//! How the mirror stands, for whoever watches it: freshness by group, and since when what failed fails.

use rusqlite::{Connection, Row};

use super::Result;
use super::failures::{self, READ_AT};

/// A sponsored group, as far as its freshness goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Freshness {
    /// The name in its URL.
    pub urlname: String,
    /// Whether all of its past was read.
    pub is_complete: bool,
    /// When the part of it that was verified longest ago was; none: some part never was.
    pub verified_at: Option<i64>,
    /// When it was last read without failure; none: never.
    pub read_at: Option<i64>,
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
            read_at: row.get(7)?,
        })
    }
}

/// All sponsored groups of Meetup's, what was never wholly verified and what was verified longest ago first.
///
/// # Errors
///
/// If the database cannot be read.
pub fn freshness(conn: &Connection) -> Result<Vec<Freshness>> {
    let outside = failures::outside_read_at(conn)?;
    conn.prepare_cached(&format!(
        "SELECT g.urlname, g.history_complete,
           min(coalesce(g.members_verified_at, 0), coalesce(e.at, g.members_verified_at, 0)) AS verified_at,
           g.failures, f.since, f.message, g.retry_at, {READ_AT}
         FROM group_row g LEFT JOIN network_row n ON n.key = g.network
         LEFT JOIN failure_row f ON f.grp = g.key AND f.is_part = 0
         LEFT JOIN (SELECT grp, min(coalesce(verified_at, 0)) AS at FROM event_row
                    WHERE source = 'meetup' AND gone_at IS NULL GROUP BY grp) e ON e.grp = g.key
         WHERE g.source = 'meetup' AND g.gone_at IS NULL
         ORDER BY verified_at, g.urlname"
    ))?
    .query_map([outside], Freshness::read)?
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
