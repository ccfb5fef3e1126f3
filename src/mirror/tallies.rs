//! Counts over what the mirror holds, for whoever watches it: passes by what came of them, messages, rows.
//!
//! Passes are dropped when they are old. What they came to is kept as a sum (in `meta`), so that the counts never
//! fall: whoever looks twice sees what came in between.

use std::collections::BTreeMap;

use rusqlite::Connection;

use super::journal::{PassKind, PassOutcome};
use super::meta;
use super::outbox::DeliveryState;
use super::{Result, Writing};

/// What passes came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct PassTally {
    /// How many there were.
    pub passes: i64,
    /// Requests they made.
    pub requests: i64,
    /// Points they used.
    pub points: i64,
    /// Rows they inserted or changed.
    pub rows_changed: i64,
    /// How long they took, in seconds.
    pub seconds: i64,
}

type Tallies = BTreeMap<(PassKind, PassOutcome), PassTally>;

/// Tables whose rows are counted, by the names of their views, the largest last.
pub const TABLES: [&str; 9] = [
    "networks",
    "groups",
    "events",
    "venues",
    "members",
    "memberships",
    "deliveries",
    "rsvp_changes",
    "rsvps",
];

/// Where what a dropped pass came to is kept.
fn kept_at(kind: PassKind, outcome: PassOutcome, figure: &str) -> String {
    format!("old {kind} {outcome} {figure}")
}

impl PassTally {
    fn figures(&mut self) -> [(&'static str, &mut i64); 5] {
        [
            ("passes", &mut self.passes),
            ("requests", &mut self.requests),
            ("points", &mut self.points),
            ("rows_changed", &mut self.rows_changed),
            ("seconds", &mut self.seconds),
        ]
    }
}

/// Of the passes that are there, those that began before an instant.
fn there(conn: &Connection, before: i64) -> Result<Tallies> {
    conn.prepare_cached(
        "SELECT kind, outcome, count(*), sum(requests), sum(points), sum(rows_changed),
                sum(max(finished_at - started_at, 0))
         FROM pass_row WHERE outcome IS NOT NULL AND started_at < ?1 GROUP BY kind, outcome",
    )?
    .query_map([before], |row| {
        let tally = PassTally {
            passes: row.get(2)?,
            requests: row.get(3)?,
            points: row.get(4)?,
            rows_changed: row.get(5)?,
            seconds: row.get(6)?,
        };
        Ok(((row.get(0)?, row.get(1)?), tally))
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// All passes that ended, ever, by kind and outcome; those that never came are there with zeros.
///
/// # Errors
///
/// If the database cannot be read.
pub fn pass_tallies(conn: &Connection) -> Result<Tallies> {
    let mut tallies = there(conn, i64::MAX)?;
    for kind in PassKind::ALL {
        for outcome in PassOutcome::ALL {
            let tally = tallies.entry((*kind, *outcome)).or_default();
            for (name, figure) in tally.figures() {
                let old = meta::value::<i64>(conn, &kept_at(*kind, *outcome, name))?;
                *figure += old.unwrap_or(0);
            }
        }
    }
    Ok(tallies)
}

/// How many messages there are to each channel in each state.
///
/// # Errors
///
/// If the database cannot be read.
pub fn delivery_tallies(conn: &Connection) -> Result<Vec<(String, DeliveryState, i64)>> {
    conn.prepare_cached(
        "SELECT channel, state, count(*) FROM delivery_row GROUP BY channel, state ORDER BY channel, state",
    )?
    .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
    .map(|row| Ok(row?))
    .collect()
}

/// How many rows each of [`TABLES`] has, what is gone included: takes a second where there are ten million.
///
/// # Errors
///
/// If the database cannot be read.
pub fn row_counts(conn: &Connection) -> Result<Vec<(&'static str, i64)>> {
    let counted: [i64; TABLES.len()] = conn
        .prepare_cached(
            "SELECT (SELECT count(*) FROM network_row), (SELECT count(*) FROM group_row), (SELECT count(*) FROM event_row),
                    (SELECT count(*) FROM venue_row), (SELECT count(*) FROM member_row), (SELECT count(*) FROM membership_row),
                    (SELECT count(*) FROM delivery_row), (SELECT count(*) FROM rsvp_change_row), (SELECT count(*) FROM rsvp_row)",
        )?
        .query_row([], |row| {
            let mut counted = [0; TABLES.len()];
            for (nth, count) in counted.iter_mut().enumerate() {
                *count = row.get(nth)?;
            }
            Ok(counted)
        })?;
    Ok(TABLES.into_iter().zip(counted).collect())
}

impl Writing<'_> {
    /// Keeps what passes came to that are about to be dropped.
    pub(super) fn keep_tallies_of_old(&self, before: i64) -> Result<()> {
        for ((kind, outcome), mut tally) in there(self, before)? {
            for (name, figure) in tally.figures() {
                let key = kept_at(kind, outcome, name);
                let old = meta::value::<i64>(self, &key)?.unwrap_or(0);
                meta::keep(self, &key, old + *figure)?;
            }
        }
        Ok(())
    }
}
