//! Whether the clock can be believed, before anything is filed by it.
//!
//! A machine that starts with its clock years ahead would find every digest overdue and every group silent.
//! Meetup's answers carry the time. Until the first one, the time of the last pass stands in for it: a
//! clock that is two months past it may be right, and then Meetup's first answer will say so.

use super::Life;
use crate::app::passes;
use chrono::{TimeDelta, Utc};
use std::sync::Arc;

/// A daemon that was away for longer waits for Meetup's answer.
const UNHEARD: TimeDelta = TimeDelta::days(60);

/// The clock, as far as it can be judged.
#[derive(Default)]
pub(super) struct Clock {
    is_told: bool,
}

impl Clock {
    /// Whether what is filed now is dated rightly; tells once when it is not.
    pub(super) async fn is_believed(&mut self, life: &Arc<Life>) -> bool {
        let doubt = if life.syncer.meetup().clock_ahead().is_some() {
            let wrong = life.syncer.clock_is_wrong_by();
            wrong.map(|by| format!("Meetup's differs by {} days", by.num_days().abs()))
        } else if is_long_after_all(life).await {
            Some(
                "nothing was read for two months by it, and Meetup has not answered yet".to_owned(),
            )
        } else {
            None
        };
        if let (Some(doubt), false) = (&doubt, self.is_told) {
            tracing::warn!(
                "the clock of this machine may be wrong ({doubt}): no digest or alert is filed meanwhile; set the clock if it is"
            );
        }
        self.is_told = doubt.is_some();
        doubt.is_none()
    }
}

async fn is_long_after_all(life: &Life) -> bool {
    let last = passes::last_good_at(&life.database).await;
    last.ok()
        .flatten()
        .is_some_and(|at| Utc::now() - at > UNHEARD)
}
