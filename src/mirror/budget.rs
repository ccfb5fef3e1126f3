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
//! How Meetup counts is not known: by the root fields of a question, or by the rows of its answer as well.
//! The first is believed until a refusal says that more was used up than that. If the rows answered in
//! the window explain the rest, they give the price of a row, and every question of the window, and each
//! to come, is counted by it: before the answer by the most rows that its operation had lately, after it
//! by its own. If they do not explain it, someone else uses the same account, and a refusal teaches
//! nothing but to wait. Coincidence can look like a price, so one is believed for ten minutes, and twice
//! as long each time that a refusal confirms it soon after it was forgotten.
//!
//! The row's number is the question's: `asked` everywhere else. It never comes again.

use rusqlite::{Connection, params};

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

/// What a row costs, in millionths of a point.
const PRICE: &str = "row_price";
const PRICE_SET: &str = "row_price_set_ms";
const PRICE_KEPT: &str = "row_price_kept_ms";
/// A row's parts may count as well, but hardly more of them: two points.
const HIGHEST_PRICE: i64 = 2_000_000;
const MILLION: i64 = 1_000_000;
/// A price is believed so long at first, and so long at most.
const PRICE_KEPT_FIRST: i64 = 600_000;
const PRICE_KEPT_LONGEST: i64 = 86_400_000;
/// Answers of an operation by which its next is judged, among so many questions.
const JUDGED_BY: i64 = 4;
const JUDGED_AMONG: i64 = 1_000;

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

/// The rows that may count at `?1`, without reading the day of them that is kept: they come about in the order in which
/// they were reserved, so from the latest back to the first that has been over for long.
const MAY_COUNT: &str = "id > coalesce(
    (SELECT id FROM budget_row WHERE reserved_ms <= ?1 - 600000 ORDER BY id DESC LIMIT 1), 0)";

/// What is taken, and until when at least.
fn taken(conn: &Connection, now_ms: i64, window_ms: i64) -> Result<Vec<(i64, i64)>> {
    conn.prepare_cached(&format!(
        "SELECT free_ms, points FROM (
           SELECT coalesce(answered_ms, min(max(?1, reserved_ms), reserved_ms + ?3)) + ?2 AS free_ms, points
           FROM budget_row
           WHERE {MAY_COUNT}
             AND (answered_ms > ?1 - ?2 OR (answered_ms IS NULL AND reserved_ms > ?1 - ?2 - ?3)))
         ORDER BY free_ms"
    ))?
    .query_map(params![now_ms, window_ms, LOST_AFTER], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// Points taken at `now_ms`.
///
/// # Errors
///
/// If the database cannot be read.
pub fn points_used(conn: &Connection, now_ms: i64, window_ms: i64) -> Result<i64> {
    Ok(taken(conn, now_ms, window_ms)?
        .iter()
        .map(|(_, points)| points)
        .sum())
}

/// What a row of an answer costs, in millionths of a point; 0 where only root fields are counted.
///
/// # Errors
///
/// If the database cannot be read.
pub fn row_price(conn: &Connection, now_ms: i64) -> Result<i64> {
    let set: i64 = meta::value(conn, PRICE_SET)?.unwrap_or(0);
    let kept: i64 = meta::value(conn, PRICE_KEPT)?.unwrap_or(0);
    if now_ms.saturating_sub(set) >= kept {
        return Ok(0);
    }
    Ok(meta::value(conn, PRICE)?.unwrap_or(0))
}

impl Writing<'_> {
    /// Reserves the points of an operation with so many root fields, unless they would exceed `limit`
    /// points in a window or a refusal said to wait. An operation that costs more than the limit is
    /// granted alone.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
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
        let points = root_fields.saturating_add(self.points_of_rows(now_ms, operation)?);
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
            "INSERT INTO budget_row (operation, fields, points, reserved_ms) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![operation, root_fields, points, now_ms])?;
        let asked = self.last_insert_rowid();
        if asked % DROP_EVERY == 0 {
            self.prepare_cached(
                "DELETE FROM budget_row WHERE coalesce(answered_ms, reserved_ms) < ?1",
            )?
            .execute([now_ms - KEPT])?;
        }
        Ok(Reserve::Granted { asked, points })
    }

    /// What the rows of an operation's next answer are taken to cost.
    fn points_of_rows(&self, now_ms: i64, operation: &str) -> Result<u32> {
        let price = row_price(self, now_ms)?;
        if price == 0 {
            return Ok(0);
        }
        let rows: i64 = self
            .prepare_cached(
                "SELECT coalesce(max(nodes), 0) FROM (
                   SELECT nodes FROM budget_row
                   WHERE operation = ?1 AND answered_ms IS NOT NULL
                     AND id > (SELECT max(id) FROM budget_row) - ?2
                   ORDER BY id DESC LIMIT ?3)",
            )?
            .query_row(params![operation, JUDGED_AMONG, JUDGED_BY], |row| {
                row.get(0)
            })?;
        Ok(u32::try_from((rows.saturating_mul(price) + MILLION - 1) / MILLION).unwrap_or(u32::MAX))
    }

    /// The clock by which the ledger is kept was set forward by `step_ms`, and it is `now_ms` now: what
    /// could still count moves along, or it would seem long over; what lay ahead, since the clock had been
    /// set back before, is as of now. Set back, it needs nothing: what then lies ahead counts as of now, or
    /// for a window longer.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn budget_clock_stepped(&self, step_ms: i64, now_ms: i64) -> Result<()> {
        if step_ms <= 0 {
            return Ok(());
        }
        self.prepare_cached(
            "UPDATE budget_row SET reserved_ms = ?1, answered_ms = max(answered_ms, ?1)
             WHERE reserved_ms > ?2 AND reserved_ms < ?1",
        )?
        .execute([now_ms, now_ms - step_ms])?;
        self.prepare_cached(
            "UPDATE budget_row SET reserved_ms = reserved_ms + ?1, answered_ms = answered_ms + ?1
             WHERE reserved_ms > ?2 AND reserved_ms <= ?3",
        )?
        .execute(params![
            step_ms,
            now_ms - step_ms - STILL_COUNTS,
            now_ms - step_ms
        ])?;
        for key in [NOT_BEFORE, NOT_BEFORE_SET, PRICE_SET] {
            if let Some(at) = meta::value::<i64>(self, key)? {
                meta::keep(self, key, at + step_ms)?;
            }
        }
        Ok(())
    }

    /// Rows later than the clock allows are from before it stepped back: they count as of now.
    fn forget_future(&self, now_ms: i64, window_ms: i64) -> Result<()> {
        let latest = now_ms + window_ms.max(PATIENCE);
        self.prepare_cached(&format!(
            "UPDATE budget_row SET reserved_ms = min(reserved_ms, ?1),
               answered_ms = CASE WHEN answered_ms > ?1 THEN ?1 ELSE answered_ms END
             WHERE {MAY_COUNT} AND (reserved_ms > ?2 OR answered_ms > ?2)"
        ))?
        .execute([now_ms, latest])?;
        if meta::value::<i64>(self, PRICE_SET)?.is_some_and(|set| set > latest) {
            meta::keep(self, PRICE_SET, now_ms)?;
        }
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

    /// Notes that a question was answered with so many rows, or that it will not be.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn answered(&self, asked: i64, now_ms: i64, nodes: u32) -> Result<()> {
        let price = row_price(self, now_ms)?;
        self.prepare_cached(
            "UPDATE budget_row SET answered_ms = max(?2, reserved_ms), nodes = ?3,
               points = fields + (?3 * ?4 + ?5 - 1) / ?5
             WHERE id = ?1 AND answered_ms IS NULL",
        )?
        .execute(params![asked, now_ms, nodes, price, MILLION])?;
        Ok(())
    }

    /// Notes that a question was refused for its rate, when Meetup had counted `consumed` points in the
    /// window: nothing is asked before `not_before_ms`.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn refused(
        &self,
        asked: i64,
        now_ms: i64,
        window_ms: i64,
        not_before_ms: i64,
        consumed: Option<u32>,
    ) -> Result<()> {
        self.answered(asked, now_ms, 0)?;
        if self
            .not_before(now_ms)?
            .is_none_or(|until| until < not_before_ms)
        {
            meta::keep(self, NOT_BEFORE, not_before_ms)?;
            meta::keep(self, NOT_BEFORE_SET, now_ms)?;
        }
        match consumed {
            Some(consumed) => self.learn_price(asked, now_ms, window_ms, consumed.into()),
            None => Ok(()),
        }
    }

    /// What the rows of the window must have cost, if they explain what was consumed.
    fn learn_price(&self, asked: i64, now_ms: i64, window_ms: i64, consumed: i64) -> Result<()> {
        let (fields, nodes): (i64, i64) = self
            .prepare_cached(&format!(
                "SELECT coalesce(sum(fields), 0), coalesce(sum(nodes), 0) FROM budget_row
                 WHERE {MAY_COUNT} AND id <> ?2 AND coalesce(answered_ms, reserved_ms) > ?1 - ?3"
            ))?
            .query_row(params![now_ms, asked, window_ms], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })?;
        let unexplained = consumed - fields;
        if unexplained <= 0 || unexplained.saturating_mul(MILLION) > nodes * HIGHEST_PRICE {
            return Ok(());
        }
        let price = (unexplained * MILLION + nodes - 1) / nodes;
        if price <= row_price(self, now_ms)? {
            return Ok(());
        }
        let set: Option<i64> = meta::value(self, PRICE_SET)?;
        let kept: i64 = meta::value(self, PRICE_KEPT)?.unwrap_or(0);
        let is_confirmed = set.is_some_and(|set| now_ms - set < 2 * kept);
        let kept = if is_confirmed {
            (2 * kept).min(PRICE_KEPT_LONGEST)
        } else {
            PRICE_KEPT_FIRST
        };
        meta::keep(self, PRICE, price)?;
        meta::keep(self, PRICE_SET, now_ms)?;
        meta::keep(self, PRICE_KEPT, kept)?;
        self.prepare_cached(
            "UPDATE budget_row SET points = fields + (nodes * ?1 + ?2 - 1) / ?2 WHERE reserved_ms > ?3 AND nodes > 0",
        )?
        .execute(params![price, MILLION, now_ms - STILL_COUNTS])?;
        tracing::info!(
            points = price as f64 / MILLION as f64,
            "a refusal shows that rows cost points"
        );
        Ok(())
    }
}
