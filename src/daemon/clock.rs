//! Whether the clock can be believed, before anything is filed by it.
//!
//! A machine that starts with its clock years ahead would find every digest overdue and every group silent.
//! Meetup's answers carry the time. Until the first one, the time of the last pass stands in for it: a
//! clock that is two months past it may be right, and then Meetup's first answer will say so.

use crate::{
    mirror::{self, Mirror},
    sync::Syncer,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::cell::Cell;

/// A daemon that was away for longer waits for Meetup's answer.
const UNHEARD: TimeDelta = TimeDelta::days(60);

/// The clock, as far as it can be judged.
pub(super) struct Clock<'a> {
    database: &'a Mirror,
    syncer: &'a Syncer,
    is_told: Cell<bool>,
}

impl<'a> Clock<'a> {
    pub(super) fn new(database: &'a Mirror, syncer: &'a Syncer) -> Self {
        Self {
            database,
            syncer,
            is_told: Cell::new(false),
        }
    }

    /// Whether what is filed now is dated rightly; tells once when it is not.
    pub(super) fn is_believed(&self) -> bool {
        let doubt = if self.syncer.meetup().clock_ahead().is_some() {
            let wrong = self.syncer.clock_is_wrong_by();
            wrong.map(|by| format!("Meetup's clock differs by {} days", by.num_days().abs()))
        } else {
            self.is_long_after_all().then(|| {
                "nothing was read for two months by it, and Meetup has not answered yet".to_owned()
            })
        };
        if let (Some(doubt), false) = (&doubt, self.is_told.get()) {
            tracing::warn!(
                "the clock of this machine may be wrong ({doubt}): no digest or alert is filed meanwhile; set the clock if it is"
            );
        }
        self.is_told.set(doubt.is_some());
        doubt.is_none()
    }

    fn is_long_after_all(&self) -> bool {
        let last = self.database.read(mirror::last_good_pass);
        let last = last.ok().flatten().and_then(|pass| pass.finished_at);
        last.and_then(|at| DateTime::from_timestamp(at, 0))
            .is_some_and(|at| Utc::now() - at > UNHEARD)
    }
}
