//! Walks over an event's RSVPs: what its sign asks for, and how a walk ends. The protocol, and why it
//! is safe, is told in `rsvps.rs`.

use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::keys::EventKey;
use super::rsvps::{Change, is_first_walked, places};
use super::signs::{self, Hidden, Need};
use super::touched::Whose;
use super::values::{KeptStatus, UpstreamId};
use super::{Result, Writing};
use crate::community::{RsvpId, RsvpSign};

/// Where the walks of an event stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WalkState {
    /// Newest `updated` that a finished walk covers.
    pub watermark: Option<i64>,
    /// Whether all rows were read once; changes are logged since.
    pub first_walked: bool,
    /// Rows that are not gone.
    pub live_rows: i64,
}

/// What a partial walk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PartialOutcome {
    /// The rows account for the counts: the sign is kept.
    Done,
    /// They do not: all must be walked.
    NeedsFull,
}

/// What a full walk came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FullOutcome {
    /// Rows that went.
    pub gone: usize,
    /// Whether the sign held still; if not, the next pass walks again.
    pub is_verified: bool,
}

/// What the sign of an event's RSVPs asks for.
///
/// # Errors
///
/// If the database cannot be read.
pub fn rsvp_need(conn: &Connection, event: EventKey, sign: &RsvpSign) -> Result<Need> {
    need(conn, event, sign, &BTreeSet::new())
}

fn need(
    conn: &Connection,
    event: EventKey,
    sign: &RsvpSign,
    unasked: &BTreeSet<String>,
) -> Result<Need> {
    let (kept, is_settled, watermark): (Option<String>, bool, Option<i64>) = conn
        .prepare_cached("SELECT sign, is_settled, watermark FROM event_row WHERE key = ?1")?
        .query_row([event.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let Some(kept) = kept else {
        return Ok(Need::Full);
    };
    let is_equal = signs::is_same(&kept, sign, unasked);
    Ok(if is_equal && is_settled {
        Need::Nothing
    } else if watermark.is_none() || signs::is_timeless(sign) {
        Need::Full
    } else {
        Need::Partial
    })
}

/// Where the walks of an event stand.
///
/// # Errors
///
/// If the database cannot be read.
pub fn walk_state(conn: &Connection, event: EventKey) -> Result<WalkState> {
    Ok(conn
        .prepare_cached(
            "SELECT watermark, first_walked_at IS NOT NULL,
                    (SELECT count(*) FROM rsvp_row r WHERE r.event = e.key AND r.gone_at IS NULL)
             FROM event_row e WHERE key = ?1",
        )?
        .query_row([event.0], |row| {
            Ok(WalkState {
                watermark: row.get(0)?,
                first_walked: row.get(1)?,
                live_rows: row.get(2)?,
            })
        })?)
}

fn hidden(conn: &Connection, event: EventKey, sign: &RsvpSign) -> Result<Hidden> {
    let live = conn
        .prepare_cached(
            "SELECT status, count(*) FROM rsvp_row
             WHERE event = ?1 AND gone_at IS NULL AND typeof(status) = 'integer' GROUP BY status",
        )?
        .query_map([event.0], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<HashMap<i64, i64>>>()?;
    Ok(Hidden::of(sign, |status| {
        live.get(&status).copied().unwrap_or(0)
    }))
}

impl Writing<'_> {
    /// What the sign of an event's RSVPs asks for, as this transaction sees its rows.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn rsvp_need(&self, event: EventKey, sign: &RsvpSign) -> Result<Need> {
        need(self, event, sign, self.unasked)
    }

    /// Ends a full walk, in the transaction of its last page. `seen` are all rows the walk showed,
    /// `before` and `after` the signs read before its first page and with or after its last one,
    /// `answered_at` Meetup's clock at the answer that carried `before`, and `asked` the question by
    /// which unseen rows are gone.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn finish_full_walk(
        &self,
        event: EventKey,
        seen: &HashSet<RsvpId>,
        before: &RsvpSign,
        after: &RsvpSign,
        answered_at: Option<DateTime<Utc>>,
        asked: i64,
    ) -> Result<FullOutcome> {
        let sign = signs::text(before, self.unasked);
        let is_still = sign == signs::text(after, self.unasked);
        // Counts that are not told may be anything: then nobody is gone for not being shown.
        let is_nobody = before.counts.total() == 0
            && (before.counts.is_complete() || walk_state(self, event)?.live_rows == 0);
        let is_visible = !seen.is_empty() || is_nobody;
        let gone = if is_still && is_visible {
            self.mark_unseen_gone(event, seen, asked)?
        } else {
            0
        };
        let hidden = if is_still {
            Some(hidden(self, event, before)?.text())
        } else {
            None
        };
        if is_visible && !is_first_walked(self, event)? {
            // From here on its answers were watched, which forecasts rest on.
            self.moves_figures();
        }
        self.prepare_cached(
            "UPDATE event_row SET sign = ?2, is_settled = ?3, watermark = ?4,
               hidden = coalesce(?5, hidden),
               first_walked_at = CASE WHEN ?6 THEN coalesce(first_walked_at, ?8) ELSE first_walked_at END,
               verified_at = CASE WHEN ?7 THEN ?8 ELSE verified_at END
             WHERE key = ?1",
        )?
        .execute(params![
            event.0,
            sign,
            signs::is_settled(before, answered_at, self.now),
            signs::newest(before),
            hidden,
            is_visible,
            is_still,
            self.now
        ])?;
        Ok(FullOutcome {
            gone,
            is_verified: is_still,
        })
    }

    fn mark_unseen_gone(
        &self,
        event: EventKey,
        seen: &HashSet<RsvpId>,
        asked: i64,
    ) -> Result<usize> {
        // All that were seen are recorded: where there are no more, none is unseen.
        let rows: i64 = self
            .prepare_cached("SELECT count(*) FROM rsvp_row WHERE event = ?1")?
            .query_row([event.0], |row| row.get(0))?;
        if usize::try_from(rows).is_ok_and(|rows| rows == seen.len()) {
            return Ok(0);
        }
        let is_logged = is_first_walked(self, event)?;
        let kept = self
            .prepare_cached(
                "SELECT id, member, status, guest_count, asked, gone_asked FROM rsvp_row WHERE event = ?1",
            )?
            .query_map([event.0], |row| {
                Ok((
                    row.get::<_, UpstreamId>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, KeptStatus>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, i64>(4)?,
                    row.get::<_, Option<i64>>(5)?,
                ))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let mut gone = 0;
        for (id, member, status, guests, written, gone_asked) in kept {
            let places = places(event.0, &id);
            let standing = self.standing(&places, written, gone_asked);
            if asked < standing.presence || seen.contains(&RsvpId(id.clone().into_text())) {
                continue;
            }
            if let Some(absence) = standing.absence {
                if asked > absence {
                    self.recall.borrow_mut().remember(places.absence, asked);
                }
                continue;
            }
            gone += self
                .prepare_cached("UPDATE rsvp_row SET gone_at = ?3, gone_asked = ?4 WHERE event = ?1 AND id = ?2")?
                .execute(params![event.0, id, self.now, asked])?;
            if is_logged {
                let old = Some((&status, guests));
                let changed_at = self.now;
                self.log(
                    event.0,
                    &Change {
                        rsvp: &id,
                        member,
                        old,
                        new: None,
                        changed_at,
                    },
                )?;
            }
        }
        self.count(gone, Whose::Event(event.0));
        Ok(gone)
    }

    /// Ends a partial walk, in the transaction of its last page. `sign` is the one its first page
    /// carried, `newest` the newest `updated` it read, `answered_at` Meetup's clock at that page.
    /// Where the rows do not account for the counts, nothing is kept.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn finish_partial_walk(
        &self,
        event: EventKey,
        sign: &RsvpSign,
        newest: Option<i64>,
        answered_at: Option<DateTime<Utc>>,
    ) -> Result<PartialOutcome> {
        let kept: Option<String> = self
            .prepare_cached("SELECT hidden FROM event_row WHERE key = ?1")?
            .query_row([event.0], |row| row.get(0))?;
        let last = kept.as_deref().and_then(Hidden::read);
        if !hidden(self, event, sign)?.is_as(last.as_ref()) {
            return Ok(PartialOutcome::NeedsFull);
        }
        self.prepare_cached(
            "UPDATE event_row SET sign = ?2, is_settled = ?3, watermark = coalesce(?4, watermark) WHERE key = ?1",
        )?
        .execute(params![
            event.0,
            signs::text(sign, self.unasked),
            signs::is_settled(sign, answered_at, self.now),
            newest
        ])?;
        Ok(PartialOutcome::Done)
    }
}
