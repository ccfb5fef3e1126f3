//! Where a group stands beside the sponsor's policy.
//!
//! A step is passed at an instant: so many days of 86,400 seconds after the latest event (or after the group
//! began, where it never met), or when fewer events than asked lie in the 365 days before. The group is
//! below it from that instant on, and `on` is its local date.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use rusqlite::Row;

use super::figures::{PolicyFigures, StepDue};
use super::local::instant;
use crate::community::{Policy, PolicyStep};

/// What was held, as in `policy.sql`.
#[derive(Clone, Copy)]
pub(super) struct Held {
    pub last_at: Option<DateTime<Utc>>,
    /// The start of the n-th latest event, n being the events asked a year.
    pub nth_at: Option<DateTime<Utc>>,
    /// When the group was founded or joined the network, the later.
    pub began_at: Option<DateTime<Utc>>,
    /// Events of the last 365 days.
    pub in_365: i64,
}

impl Held {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            last_at: row.get::<_, Option<i64>>("last_at")?.map(instant),
            nth_at: row.get::<_, Option<i64>>("nth_at")?.map(instant),
            began_at: None,
            in_365: 0,
        })
    }
}

/// Every configured step, and those the group is below; `on` says the local date of an instant. `active_leaders`: those seen in the 90 days before;
/// none where the roster is unknown.
pub(super) fn stand(
    policy: &Policy,
    as_of: DateTime<Utc>,
    held: Held,
    active_leaders: Option<i64>,
    on: impl Fn(DateTime<Utc>) -> NaiveDate,
) -> PolicyFigures {
    let after = |since: Option<DateTime<Utc>>, days: u32| {
        since.and_then(|at| at.checked_add_signed(TimeDelta::days(i64::from(days))))
    };
    let mut figures = PolicyFigures {
        steps: Vec::new(),
        below: Vec::new(),
    };
    for &step in PolicyStep::ALL {
        let Some(asked) = policy.asks(step) else {
            continue;
        };
        let falls_at = match step {
            PolicyStep::EventsPerYear => after(held.nth_at, 365),
            PolicyStep::FirstEventWithinDays if held.last_at.is_some() => None,
            PolicyStep::FirstEventWithinDays => after(held.began_at, asked),
            PolicyStep::WarnAfterDays | PolicyStep::ActAfterDays | PolicyStep::CloseAfterDays => {
                after(held.last_at.or(held.began_at), asked)
            }
            PolicyStep::MinLeaders => None,
        };
        let is_below = match step {
            PolicyStep::EventsPerYear => held.in_365 < i64::from(asked),
            PolicyStep::MinLeaders => active_leaders.is_some_and(|seen| seen < i64::from(asked)),
            PolicyStep::FirstEventWithinDays
            | PolicyStep::WarnAfterDays
            | PolicyStep::ActAfterDays
            | PolicyStep::CloseAfterDays => falls_at.is_some_and(|at| at <= as_of),
        };
        figures.steps.push(StepDue {
            step,
            on: falls_at.map(&on),
        });
        if is_below {
            figures.below.push(step);
        }
    }
    figures
}

/// From when fewer events than asked will lie within a year; none where that is so already.
pub(super) fn floor(policy: &PolicyFigures) -> Option<NaiveDate> {
    if policy.below.contains(&PolicyStep::EventsPerYear) {
        return None;
    }
    let step = |due: &&StepDue| due.step == PolicyStep::EventsPerYear;
    policy.steps.iter().find(step).and_then(|due| due.on)
}
