//! A full walk over an event's RSVPs, at its end.

use crate::{
    community::{RsvpId, RsvpSign},
    mirror::{EventKey, MirrorError, WalkLoss, Writing},
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
    /// Row by row: what it read is no sign, and the next pass walks again.
    pub is_apart: bool,
}

impl Held {
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
        if self.is_apart {
            w.rewalk(self.key)?;
        }
        self.unit.map_or(Ok(()), |unit| w.unit_done(unit))
    }
}
