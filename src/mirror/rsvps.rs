//! RSVPs, and how we know that the rows here are what Meetup has.
//!
//! **The sign.** Every listing of events carries, per event, the counts per status and the three RSVPs
//! that changed last. The sign under which the rows were last read is kept; while it comes back equal
//! there is nothing to walk. It can deceive only about a change in the very second of the newest one,
//! so a sign read within two seconds of that is *unsettled*, and read again whether or not it differs.
//! How recent it was is judged by the clock of the answer that carried the sign from *before* the
//! walk: whatever changed after that answer is later than the sign's newest, and shows.
//!
//! **A partial walk** reads from the newest down to the first row strictly older than the watermark,
//! so rows of the watermark's own second are read again. Every change that moved `updated` lies there.
//! What does not (a removal, a silent change of status) moves a count: the server's counts must
//! exceed our rows by exactly what the last full walk could not see (hidden rows), or a full walk
//! follows and nothing of the partial one is kept but its rows. The watermark moves only with
//! the last page, so a crash repeats the walk; recording rows twice changes nothing.
//!
//! **A full walk** reads all rows. Those it did not show are gone only if the sign was the same before
//! and after it: then nothing moved under the offsets the pages are cut by. Otherwise the sign kept is
//! the one from *before*, which the next pass finds different, and walks again. Counts above zero with
//! no row at all mean "not visible to us", never "all gone".
//!
//! **Order.** A row's values and its presence are told apart. Values: a lower `updated` loses; where
//! it is null or equal, the later question wins. Presence: the later question wins, so a row that
//! question N did not find stays gone when the answer to an earlier question still shows it, and is
//! back when the answer to a later one does.
//!
//! **Changes** are logged once an event's first walk is done: before that everything is new to us. A
//! status that Meetup does not tell is kept as null but not logged, since null there means removal.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::events::EventKey;
use super::recall::{Of, RowOf, digest};
use super::signs::{self, Hidden, Need};
use super::values::{KeptStatus, UpstreamId, seconds};
use super::{Result, Writing};
use crate::community::{Rsvp, RsvpId, RsvpSign};

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

/// What the sign of an event's RSVPs asks for. Also takes a [`Writing`], which sees its own rows.
pub fn rsvp_need(
    conn: &Connection,
    event: EventKey,
    sign: &RsvpSign,
    _answered_at: Option<DateTime<Utc>>,
) -> Result<Need> {
    let (kept, is_settled, watermark): (Option<String>, bool, Option<i64>) = conn
        .prepare_cached("SELECT sign, is_settled, watermark FROM event_row WHERE key = ?1")?
        .query_row([event.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let Some(kept) = kept else {
        return Ok(Need::Full);
    };
    let is_equal = kept == signs::text(sign);
    Ok(if is_equal && is_settled {
        Need::Nothing
    } else if watermark.is_none() || signs::is_timeless(sign) {
        Need::Full
    } else {
        Need::Partial
    })
}

/// Where the walks of an event stand.
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

fn is_first_walked(conn: &Connection, event: EventKey) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT first_walked_at IS NOT NULL FROM event_row WHERE key = ?1")?
        .query_row([event.0], |row| row.get(0))?)
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

/// What a question can change.
#[derive(Debug, PartialEq)]
struct Kept {
    member: i64,
    status: KeptStatus,
    guest_count: i64,
    is_host: bool,
    updated_at: Option<i64>,
}

/// A row as it stands, with the orders it keeps.
struct Row {
    kept: Kept,
    gone_asked: Option<i64>,
    asked: i64,
}

/// One line of the log of changes.
struct Change<'a> {
    rsvp: &'a UpstreamId,
    member: i64,
    old: Option<(&'a KeptStatus, i64)>,
    new: Option<(&'a KeptStatus, i64)>,
    changed_at: i64,
}

/// Where the confirmations of an RSVP are remembered: of its values, and of its presence.
fn places(event: i64, id: &UpstreamId) -> (RowOf, RowOf) {
    let id = match id {
        UpstreamId::Number(number) => *number,
        UpstreamId::Text(_) => digest(id).cast_signed(),
    };
    ((Of::Rsvp, event, id), (Of::RsvpPresence, event, id))
}

impl Writing<'_> {
    /// Records RSVPs of an event; those that had gone are back. Returns how many rows are new or
    /// changed.
    pub fn record_rsvps(&self, event: EventKey, rsvps: &[Rsvp], asked: i64) -> Result<usize> {
        let is_logged = is_first_walked(self, event)?;
        let mut changed = 0;
        for rsvp in rsvps {
            let given = Kept {
                member: self.member(&rsvp.member, asked)?,
                status: KeptStatus(rsvp.status.clone()),
                guest_count: rsvp.guest_count,
                is_host: rsvp.is_host,
                updated_at: seconds(rsvp.updated_at.as_ref()),
            };
            let id = UpstreamId::of(rsvp.id.as_str());
            changed += usize::from(self.record_rsvp(event.0, &id, &given, asked, is_logged)?);
        }
        self.count(changed);
        Ok(changed)
    }

    fn record_rsvp(
        &self,
        event: i64,
        id: &UpstreamId,
        given: &Kept,
        asked: i64,
        is_logged: bool,
    ) -> Result<bool> {
        let Some(Row {
            kept,
            gone_asked,
            asked: written,
        }) = self.rsvp(event, id)?
        else {
            self.prepare_cached(
                "INSERT INTO rsvp_row (event, id, member, status, guest_count, is_host, updated_at, asked)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            )?
            .execute(params![
                event, id, given.member, given.status, given.guest_count, given.is_host,
                given.updated_at, asked
            ])?;
            if is_logged {
                let new = Some((&given.status, given.guest_count));
                let changed_at = given.updated_at.unwrap_or(self.now);
                self.log(
                    event,
                    &Change {
                        rsvp: id,
                        member: given.member,
                        old: None,
                        new,
                        changed_at,
                    },
                )?;
            }
            return Ok(true);
        };
        let (values_at, presence_at) = places(event, id);
        let values = self
            .recall
            .borrow()
            .remembered(values_at)
            .unwrap_or(written);
        let presence = self.presence(values_at, presence_at, written);
        let wins = match (kept.updated_at, given.updated_at) {
            (Some(old), Some(new)) if new != old => new > old,
            _ => asked >= values,
        };
        let is_back = gone_asked.is_some_and(|gone| asked >= gone);
        let is_same = kept == *given;

        if wins && !is_same {
            self.prepare_cached(
                "UPDATE rsvp_row SET member = ?3, status = ?4, guest_count = ?5, is_host = ?6, updated_at = ?7, asked = ?8
                 WHERE event = ?1 AND id = ?2",
            )?
            .execute(params![
                event, id, given.member, given.status, given.guest_count, given.is_host,
                given.updated_at, asked
            ])?;
        }
        if is_back {
            self.prepare_cached(
                "UPDATE rsvp_row SET gone_at = NULL, gone_asked = NULL WHERE event = ?1 AND id = ?2",
            )?
            .execute(params![event, id])?;
        }
        {
            let mut recall = self.recall.borrow_mut();
            // A row says itself which question wrote it, unless something else is remembered.
            let is_remembered = recall.remembered(values_at).is_some();
            if wins && (is_remembered || (is_same && asked > written)) {
                recall.remember(values_at, asked);
            }
            let shown = presence.max(asked);
            if shown > if wins { asked } else { values } {
                recall.remember(presence_at, shown);
            }
        }

        if is_logged && (is_back || (wins && gone_asked.is_none())) {
            let now_kept = if wins { given } else { &kept };
            let old = (!is_back).then_some((&kept.status, kept.guest_count));
            let new = Some((&now_kept.status, now_kept.guest_count));
            let is_newer = now_kept.updated_at > kept.updated_at;
            let changed_at = now_kept.updated_at.filter(|_| is_newer).unwrap_or(self.now);
            if old != new {
                let member = now_kept.member;
                self.log(
                    event,
                    &Change {
                        rsvp: id,
                        member,
                        old,
                        new,
                        changed_at,
                    },
                )?;
            }
        }
        Ok(is_back || (wins && !is_same))
    }

    fn rsvp(&self, event: i64, id: &UpstreamId) -> Result<Option<Row>> {
        Ok(self
            .prepare_cached(
                "SELECT member, status, guest_count, is_host, updated_at, gone_asked, asked FROM rsvp_row
                 WHERE event = ?1 AND id = ?2",
            )?
            .query_row(params![event, id], |row| {
                Ok(Row {
                    kept: Kept {
                        member: row.get(0)?,
                        status: row.get(1)?,
                        guest_count: row.get(2)?,
                        is_host: row.get(3)?,
                        updated_at: row.get(4)?,
                    },
                    gone_asked: row.get(5)?,
                    asked: row.get(6)?,
                })
            })
            .optional()?)
    }

    /// The newest question whose answer showed the row at all.
    fn presence(&self, values_at: RowOf, presence_at: RowOf, written: i64) -> i64 {
        let recall = self.recall.borrow();
        recall.asked(presence_at, recall.asked(values_at, written))
    }

    fn log(&self, event: i64, change: &Change<'_>) -> Result<()> {
        if change.new.is_some_and(|(status, _)| status.0.is_none()) {
            return Ok(());
        }
        let (old, old_guests) = change.old.unzip();
        let (new, new_guests) = change.new.unzip();
        self.prepare_cached(
            "INSERT INTO rsvp_change_row (event, rsvp, member, old_status, new_status, old_guest_count,
               new_guest_count, changed_at, noticed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        )?
        .execute(params![
            event, change.rsvp, change.member, old, new, old_guests, new_guests,
            change.changed_at, self.now
        ])?;
        Ok(())
    }

    /// Ends a full walk, in the transaction of its last page. `seen` are all rows the walk showed,
    /// `before` and `after` the signs read before its first page and with or after its last one,
    /// `answered_at` Meetup's clock at the answer that carried `before`, and `asked` the question by
    /// which unseen rows are gone.
    pub fn finish_full_walk(
        &self,
        event: EventKey,
        seen: &HashSet<RsvpId>,
        before: &RsvpSign,
        after: &RsvpSign,
        answered_at: Option<DateTime<Utc>>,
        asked: i64,
    ) -> Result<FullOutcome> {
        let is_still = signs::text(before) == signs::text(after);
        let is_visible = !seen.is_empty() || before.counts.total() == 0;
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
        self.prepare_cached(
            "UPDATE event_row SET sign = ?2, is_settled = ?3, watermark = coalesce(?4, watermark),
               hidden = coalesce(?5, hidden),
               first_walked_at = CASE WHEN ?6 THEN coalesce(first_walked_at, ?8) ELSE first_walked_at END,
               verified_at = CASE WHEN ?7 THEN ?8 ELSE verified_at END
             WHERE key = ?1",
        )?
        .execute(params![
            event.0,
            signs::text(before),
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
        let is_logged = is_first_walked(self, event)?;
        let live = self
            .prepare_cached(
                "SELECT id, member, status, guest_count, asked FROM rsvp_row
                 WHERE event = ?1 AND gone_at IS NULL",
            )?
            .query_map([event.0], |row| {
                Ok((
                    row.get::<_, UpstreamId>(0)?,
                    row.get::<_, i64>(1)?,
                    row.get::<_, KeptStatus>(2)?,
                    row.get::<_, i64>(3)?,
                    row.get::<_, i64>(4)?,
                ))
            })?
            .collect::<rusqlite::Result<Vec<_>>>()?;
        let mut gone = 0;
        for (id, member, status, guests, written) in live {
            let (values_at, presence_at) = places(event.0, &id);
            if asked < self.presence(values_at, presence_at, written)
                || seen.contains(&RsvpId(id.clone().into_text()))
            {
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
        self.count(gone);
        Ok(gone)
    }

    /// Ends a partial walk, in the transaction of its last page. `sign` is the one its first page
    /// carried, `newest` the newest `updated` it read, `answered_at` Meetup's clock at that page.
    /// Where the rows do not account for the counts, nothing is kept.
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
            signs::text(sign),
            signs::is_settled(sign, answered_at, self.now),
            newest
        ])?;
        Ok(PartialOutcome::Done)
    }
}
