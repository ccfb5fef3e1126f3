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
//! it is null or equal, or the answer is a full walk's, the later question wins: what a wrong date once
//! put in front of all others, the next full walk puts right. Presence: the later question wins, so a row that
//! question N did not find stays gone when the answer to an earlier question still shows it, and is
//! back when the answer to a later one does.
//!
//! **Changes** are logged once an event's first walk is done: before that everything is new to us. A
//! status that Meetup does not tell is kept as null but not logged, since null there means removal.

use rusqlite::{Connection, OptionalExtension, params};

use super::keys::EventKey;
use super::members::Sight;
use super::meta::lacks_index;
use super::recall::{Of, RowOf, digest};
use super::touched::Whose;
use super::values::{KeptStatus, UpstreamId, seconds};
use super::{Result, Writing};
use crate::community::Rsvp;

/// Whether all of an event's rows were read once; changes are logged since.
pub(super) fn is_first_walked(conn: &Connection, event: EventKey) -> Result<bool> {
    Ok(conn
        .prepare_cached("SELECT first_walked_at IS NOT NULL FROM event_row WHERE key = ?1")?
        .query_row([event.0], |row| row.get(0))?)
}

/// What a question can change.
#[derive(Debug, Clone, PartialEq)]
struct Kept {
    member: i64,
    status: KeptStatus,
    guest_count: i64,
    is_host: bool,
    updated_at: Option<i64>,
}

impl Kept {
    /// With what is known where nothing was asked.
    fn knowing(&self, kept: &Self, w: &Writing<'_>) -> Self {
        let mut given = self.clone();
        w.keep(
            &["Rsvp.guestsCount"],
            &mut given.guest_count,
            &kept.guest_count,
        );
        w.keep(&["Rsvp.isHost"], &mut given.is_host, &kept.is_host);
        w.keep(&["Rsvp.updated"], &mut given.updated_at, &kept.updated_at);
        if given.status.0.is_none() && w.may_be_error(&["Rsvp.status"]) {
            given.status = kept.status.clone();
        }
        given
    }
}

/// What a question says of a row.
struct Given<'a> {
    kept: &'a Kept,
    asked: i64,
    is_walked: bool,
    on: Ground,
}

/// What is known of an event's rows before some are recorded.
#[derive(Clone, Copy)]
struct Ground {
    /// Whether changes are logged.
    is_logged: bool,
    /// There was no row: none has to be looked for.
    is_bare: bool,
    /// Whether other events' rows can be looked for by id.
    has_index: bool,
}

/// A row as it stands, with the orders it keeps.
struct Row {
    kept: Kept,
    gone_asked: Option<i64>,
    asked: i64,
}

/// One line of the log of changes.
pub(super) struct Change<'a> {
    pub(super) rsvp: &'a UpstreamId,
    pub(super) member: i64,
    pub(super) old: Option<(&'a KeptStatus, i64)>,
    pub(super) new: Option<(&'a KeptStatus, i64)>,
    pub(super) changed_at: i64,
}

/// The newest questions that showed a row's values, showed it at all, and found it gone (if it is).
pub(super) struct Standing {
    values: i64,
    pub(super) presence: i64,
    pub(super) absence: Option<i64>,
}

/// Where the confirmations of an RSVP are remembered.
pub(super) struct Places {
    values: RowOf,
    presence: RowOf,
    pub(super) absence: RowOf,
}

pub(super) fn places(event: i64, id: &UpstreamId) -> Places {
    let id = match id {
        UpstreamId::Number(number) => *number,
        UpstreamId::Text(_) => digest(id).cast_signed(),
    };
    Places {
        values: (Of::Rsvp, event, id),
        presence: (Of::RsvpPresence, event, id),
        absence: (Of::RsvpAbsence, event, id),
    }
}

impl Writing<'_> {
    /// Records RSVPs of an event; those that had gone are back. Returns how many rows are new or
    /// changed.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn record_rsvps(&self, event: EventKey, rsvps: &[Rsvp], asked: i64) -> Result<usize> {
        self.record_rows(event, rsvps, asked, false)
    }

    /// The same for rows of a full walk: whatever their dates, the later question wins.
    ///
    /// # Errors
    ///
    /// If the database cannot be read or written.
    pub fn record_walked(&self, event: EventKey, rsvps: &[Rsvp], asked: i64) -> Result<usize> {
        self.record_rows(event, rsvps, asked, true)
    }

    fn record_rows(
        &self,
        event: EventKey,
        rsvps: &[Rsvp],
        asked: i64,
        is_walked: bool,
    ) -> Result<usize> {
        let on = Ground {
            is_logged: is_first_walked(self, event)?,
            is_bare: !self
                .prepare_cached("SELECT 1 FROM rsvp_row WHERE event = ?1")?
                .exists([event.0])?,
            has_index: !lacks_index(self)?,
        };
        let starts_at: Option<i64> = self
            .prepare_cached("SELECT starts_at FROM event_row WHERE key = ?1")?
            .query_row([event.0], |row| row.get(0))?;
        let mut changed = 0;
        for rsvp in rsvps {
            let sight = Sight::At(seconds(rsvp.updated_at.as_ref()).or(starts_at));
            let given = Kept {
                member: self.member(&rsvp.member, sight, asked)?,
                status: KeptStatus(rsvp.status.clone()),
                guest_count: rsvp.guest_count,
                is_host: rsvp.is_host,
                updated_at: seconds(rsvp.updated_at.as_ref()),
            };
            let id = UpstreamId::of(rsvp.id.as_str());
            let given = Given {
                kept: &given,
                asked,
                is_walked,
                on,
            };
            changed += usize::from(self.record_rsvp(event.0, &id, &given)?);
        }
        if changed > 0 {
            // The kept sign told of other rows. A walk that ends settles it anew; after one that dies, an
            // equal sign must not pass for "nothing changed".
            self.prepare_cached(
                "UPDATE event_row SET is_settled = 0 WHERE key = ?1 AND is_settled = 1",
            )?
            .execute([event.0])?;
        }
        self.count(changed, Whose::Event(event.0));
        Ok(changed)
    }

    fn record_rsvp(&self, event: i64, id: &UpstreamId, given: &Given<'_>) -> Result<bool> {
        let (asked, is_walked, on) = (given.asked, given.is_walked, given.on);
        if on.is_bare && self.add_rsvp(event, id, given)? {
            return Ok(true);
        }
        let Some(row) = self.rsvp(event, id)? else {
            return self.add_rsvp(event, id, given);
        };
        let given = given.kept;
        let kept = &row.kept;
        let known;
        let given = if self.unasked.is_empty() && self.nulls.is_empty() {
            given
        } else {
            known = given.knowing(kept, self);
            &known
        };
        let places = places(event, id);
        let standing = self.standing(&places, row.asked, row.gone_asked);
        let wins = match (kept.updated_at, given.updated_at) {
            (Some(old), Some(new)) if new != old && !is_walked => new > old,
            _ => asked >= standing.values,
        };
        let is_back = standing.absence.is_some_and(|gone| asked >= gone);
        if is_back && on.has_index {
            self.live_once(event, id, given.member, asked)?;
        }
        let is_same = kept == given;

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
            let is_remembered = recall.remembered(places.values).is_some();
            if wins && (is_remembered || (is_same && asked > row.asked)) {
                recall.remember(places.values, asked);
            }
            let shown = standing.presence.max(asked);
            if shown > if wins { asked } else { standing.values } {
                recall.remember(places.presence, shown);
            }
        }

        if on.is_logged && (is_back || (wins && standing.absence.is_none())) {
            let stands = if wins { given } else { kept };
            let old = (!is_back).then_some((&kept.status, kept.guest_count));
            let new = Some((&stands.status, stands.guest_count));
            let newer = stands
                .updated_at
                .filter(|_| stands.updated_at > kept.updated_at);
            if old != new {
                let member = stands.member;
                let changed_at = newer.unwrap_or(self.now);
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

    /// Adds a row; false where it is there already.
    fn add_rsvp(&self, event: i64, id: &UpstreamId, given: &Given<'_>) -> Result<bool> {
        let (on, asked, given) = (given.on, given.asked, given.kept);
        let added = self
            .prepare_cached(
                "INSERT INTO rsvp_row (event, id, member, status, guest_count, is_host, updated_at, asked)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
            )?
            .execute(params![
            event, id, given.member, given.status, given.guest_count, given.is_host,
            given.updated_at, asked
        ])?;
        if added == 0 {
            return Ok(false);
        }
        if on.has_index {
            self.live_once(event, id, given.member, asked)?;
        }
        if on.is_logged {
            let member = given.member;
            let new = Some((&given.status, given.guest_count));
            let changed_at = given.updated_at.unwrap_or(self.now);
            self.log(
                event,
                &Change {
                    rsvp: id,
                    member,
                    old: None,
                    new,
                    changed_at,
                },
            )?;
        }
        Ok(true)
    }

    /// An RSVP belongs to one event: shown under another one, it is gone from where it was.
    fn live_once(&self, event: i64, id: &UpstreamId, member: i64, asked: i64) -> Result<()> {
        // Ids have an index of their own; members have none, since it would be written all over.
        let elsewhere = self
            .prepare_cached(
                "SELECT event, status, guest_count, asked FROM rsvp_row
                 WHERE member = ?3 AND id = ?2 AND event <> ?1 AND gone_at IS NULL",
            )?
            .query_map(params![event, id, member], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?))
            })?
            .collect::<rusqlite::Result<Vec<(i64, KeptStatus, i64, i64)>>>()?;
        for (from, status, guests, written) in elsewhere {
            if asked < self.standing(&places(from, id), written, None).presence {
                continue;
            }
            self.prepare_cached(
                "UPDATE rsvp_row SET gone_at = ?3, gone_asked = ?4 WHERE event = ?1 AND id = ?2",
            )?
            .execute(params![from, id, self.now, asked])?;
            self.count(1, Whose::Event(from));
            if is_first_walked(self, EventKey(from))? {
                self.log(
                    from,
                    &Change {
                        rsvp: id,
                        member,
                        old: Some((&status, guests)),
                        new: None,
                        changed_at: self.now,
                    },
                )?;
            }
        }
        Ok(())
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

    /// Which questions stand behind a row, with what is remembered of it.
    pub(super) fn standing(
        &self,
        places: &Places,
        written: i64,
        gone_asked: Option<i64>,
    ) -> Standing {
        let recall = self.recall.borrow();
        let values = recall.remembered(places.values).unwrap_or(written);
        Standing {
            values,
            presence: recall.asked(places.presence, values.max(written)),
            absence: gone_asked.map(|gone| recall.asked(places.absence, gone)),
        }
    }

    pub(super) fn log(&self, event: i64, change: &Change<'_>) -> Result<()> {
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
}
