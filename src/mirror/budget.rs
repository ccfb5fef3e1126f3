//! The request budget: a small ledger of points, over all tasks, processes and restarts.
//!
//! Points are reserved, and the reservation committed, before the question is asked. Meetup counts the
//! question at some moment between the reservation and the answer; so the points stay taken until a
//! window after the answer. Whenever a reservation is granted, all that could share a window with it
//! is still taken, and together they are within the limit: no window holds more.
//!
//! A reservation without an answer is a question under way, or a process that died with it; it counts
//! as answered two minutes after it was made, which is longer than any question lives.
//!
//! The wall clock may step back. What the ledger then has from the future counts as of now, so that
//! a step costs a window and not the length of the step.
//!
//! The row's number is the question's: `asked` everywhere else. It never comes again.

use rusqlite::{Connection, OptionalExtension, params};

use super::{Result, Writing, meta};

/// A question without an answer is over after this long, in milliseconds.
const LOST_AFTER: i64 = 120_000;
/// Callers read the clock before they queue for the transaction; so much later a row may seem.
const PATIENCE: i64 = 15_000;
/// What was reserved longer ago has been over for more than any window.
const STILL_COUNTS: i64 = 600_000;
/// How long rows are kept, in milliseconds.
const KEPT: i64 = 86_400_000;
/// Old rows are dropped at every so many reservations.
const DROP_EVERY: i64 = 256;

const NOT_BEFORE: &str = "not_before_ms";
const NOT_BEFORE_SET: &str = "not_before_set_ms";

/// The answer to a reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserve {
    /// Ask now.
    Granted {
        /// The number of the question.
        asked: i64,
        /// What it is taken to cost.
        points: u32,
    },
    /// Ask for it again at this time, in milliseconds since 1970.
    Wait {
        /// When.
        until_ms: i64,
    },
}

/// What is taken, and until when at least.
fn taken(conn: &Connection, now_ms: i64, window_ms: i64) -> Result<Vec<(i64, i64)>> {
    conn.prepare_cached(
        "SELECT free_ms, points FROM (
           SELECT coalesce(answered_ms, min(max(?1, reserved_ms), reserved_ms + ?3)) + ?2 AS free_ms, points
           FROM budget_row
           WHERE answered_ms > ?1 - ?2 OR (answered_ms IS NULL AND reserved_ms > ?1 - ?2 - ?3))
         ORDER BY free_ms",
    )?
    .query_map(params![now_ms, window_ms, LOST_AFTER], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// Points taken at `now_ms`.
pub fn points_used(conn: &Connection, now_ms: i64, window_ms: i64) -> Result<i64> {
    Ok(taken(conn, now_ms, window_ms)?
        .iter()
        .map(|(_, points)| points)
        .sum())
}

impl Writing<'_> {
    /// Reserves the points of an operation with so many root fields, unless they would exceed `limit`
    /// points in a window or a refusal said to wait. An operation that costs more than the limit is
    /// granted alone.
    pub fn reserve(
        &self,
        now_ms: i64,
        window_ms: i64,
        limit: u32,
        operation: &str,
        root_fields: u32,
    ) -> Result<Reserve> {
        self.forget_future(now_ms, window_ms)?;
        if let Some(until_ms) = self.not_before(now_ms)? {
            return Ok(Reserve::Wait { until_ms });
        }
        let learned: Option<u32> = self
            .prepare_cached("SELECT points FROM cost_row WHERE operation = ?1")?
            .query_row([operation], |row| row.get(0))
            .optional()?;
        let points = learned.unwrap_or(0).max(root_fields);
        let taken = taken(self, now_ms, window_ms)?;
        let mut sum: i64 = taken.iter().map(|(_, points)| points).sum();
        let room = i64::from(limit) - i64::from(points);
        let mut freed = taken.iter();
        let mut until = None;
        while sum > room.max(0) {
            // Not reachable without rows: an empty sum is never above zero.
            let Some((free_ms, points)) = freed.next() else {
                break;
            };
            sum -= points;
            until = Some(*free_ms);
        }
        if let Some(until_ms) = until {
            return Ok(Reserve::Wait {
                until_ms: until_ms.max(now_ms + 1),
            });
        }
        self.prepare_cached(
            "INSERT INTO budget_row (operation, points, reserved_ms) VALUES (?1, ?2, ?3)",
        )?
        .execute(params![operation, points, now_ms])?;
        let asked = self.last_insert_rowid();
        if asked % DROP_EVERY == 0 {
            self.prepare_cached(
                "DELETE FROM budget_row WHERE coalesce(answered_ms, reserved_ms) < ?1",
            )?
            .execute([now_ms - KEPT])?;
        }
        Ok(Reserve::Granted { asked, points })
    }

    /// The clock by which the ledger is kept was set forward by `step_ms`, and it is `now_ms` now: what
    /// could still count moves along, or it would seem long over. Set back, it needs nothing: what then
    /// lies ahead counts as of now, or for a window longer.
    pub fn budget_clock_stepped(&self, step_ms: i64, now_ms: i64) -> Result<()> {
        if step_ms <= 0 {
            return Ok(());
        }
        self.prepare_cached(
            "UPDATE budget_row SET reserved_ms = reserved_ms + ?1, answered_ms = answered_ms + ?1
             WHERE reserved_ms > ?2 AND reserved_ms <= ?3",
        )?
        .execute(params![
            step_ms,
            now_ms - step_ms - STILL_COUNTS,
            now_ms - step_ms
        ])?;
        for key in [NOT_BEFORE, NOT_BEFORE_SET] {
            if let Some(at) = meta::value::<i64>(self, key)? {
                meta::keep(self, key, at + step_ms)?;
            }
        }
        Ok(())
    }

    /// Rows later than the clock allows are from before it stepped back: they count as of now.
    fn forget_future(&self, now_ms: i64, window_ms: i64) -> Result<()> {
        let latest = now_ms + window_ms.max(PATIENCE);
        self.prepare_cached(
            "UPDATE budget_row SET reserved_ms = min(reserved_ms, ?2),
               answered_ms = CASE WHEN answered_ms > ?2 THEN ?2 ELSE answered_ms END
             WHERE reserved_ms > ?1 OR answered_ms > ?1",
        )?
        .execute([latest, now_ms])?;
        Ok(())
    }

    /// Until when nothing is to be asked, if so.
    fn not_before(&self, now_ms: i64) -> Result<Option<i64>> {
        let Some(until) = meta::value::<i64>(self, NOT_BEFORE)? else {
            return Ok(None);
        };
        let set: i64 = meta::value(self, NOT_BEFORE_SET)?.unwrap_or(until);
        if now_ms < set - PATIENCE {
            // The clock stepped back: the same pause, from now.
            let until = now_ms + (until - set).max(0);
            meta::keep(self, NOT_BEFORE, until)?;
            meta::keep(self, NOT_BEFORE_SET, now_ms)?;
            return Ok(Some(until));
        }
        Ok((until > now_ms).then_some(until))
    }

    /// Notes that a question was answered, or that it will not be.
    pub fn answered(&self, asked: i64, now_ms: i64) -> Result<()> {
        self.prepare_cached(
            "UPDATE budget_row SET answered_ms = max(?2, reserved_ms) WHERE id = ?1 AND answered_ms IS NULL",
        )?
        .execute([asked, now_ms])?;
        Ok(())
    }

    /// Notes that a question was refused for its rate: nothing is asked before `not_before_ms`, and the
    /// operation costs from now on at least what was learned.
    pub fn refused(
        &self,
        asked: i64,
        operation: &str,
        now_ms: i64,
        not_before_ms: i64,
        learned: Option<u32>,
    ) -> Result<()> {
        self.answered(asked, now_ms)?;
        if self
            .not_before(now_ms)?
            .is_none_or(|until| until < not_before_ms)
        {
            meta::keep(self, NOT_BEFORE, not_before_ms)?;
            meta::keep(self, NOT_BEFORE_SET, now_ms)?;
        }
        if let Some(points) = learned {
            self.prepare_cached(
                "INSERT INTO cost_row (operation, points) VALUES (?1, ?2)
                 ON CONFLICT DO UPDATE SET points = max(points, excluded.points) WHERE points < excluded.points",
            )?
            .execute(params![operation, points])?;
        }
        Ok(())
    }
}
