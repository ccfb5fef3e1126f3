//! Full walks over RSVPs that end with a loss of half or more: they wait for the others of their group.

use super::losses::Losses;
use crate::{
    community::{RsvpId, RsvpSign},
    mirror::{EventKey, MirrorError, Missed, WalkLoss, Writing},
};
use chrono::{DateTime, Utc};
use std::collections::HashSet;

/// A full walk at its end; `before` and `after` are the signs read before its first page and with or
/// after its last one.
#[derive(Debug, Clone)]
pub(super) struct Held {
    pub key: EventKey,
    pub seen: HashSet<RsvpId>,
    pub before: RsvpSign,
    pub after: RsvpSign,
    pub answered_at: Option<DateTime<Utc>>,
    pub asked: i64,
    /// Done with the walk.
    pub unit: Option<i64>,
    pub loss: WalkLoss,
}

impl Held {
    /// Ends the walk, in the transaction of its last page, or holds it: then its sign is not kept, so that
    /// whatever comes between, the next pass walks again.
    pub fn end(mut self, w: &Writing<'_>, losses: &Losses) -> Result<(), MirrorError> {
        self.loss = w.loss_of_walk(self.key, &self.seen, &self.before, &self.after)?;
        if self.loss.lost > 0 && self.loss.lost * 2 >= self.loss.known {
            losses.hold(self);
            return Ok(());
        }
        losses.release(self.key);
        let missed = Missed::rsvps(self.key);
        if losses.is_doubted(&missed) {
            losses.forget(&missed);
            w.end_doubts(&[missed])?;
        }
        self.finish(w)
    }

    /// Believes it.
    pub fn finish(self, w: &Writing<'_>) -> Result<(), MirrorError> {
        w.finish_full_walk(
            self.key,
            &self.seen,
            &self.before,
            &self.after,
            self.answered_at,
            self.asked,
        )?;
        self.unit.map_or(Ok(()), |unit| w.unit_done(unit))
    }
}
