//! Where a group stands beside the sponsor's policy.
//!
//! A step is passed at an instant: so many days of 86,400 seconds after the latest event (or after the group
//! began, where it never met), or when fewer events than asked lie in the 365 days before. The group is
//! below it from that instant on, and `on` is its local date.

use chrono::{DateTime, TimeDelta, Utc};
use rusqlite::Row;

use super::Settings;
use super::figures::{Cadence, PolicyFigures, StepDue};
use super::local::instant;
use super::workbench::Measurable;
use crate::community::PolicyStep;

/// What was held, as in `policy.sql`.
#[derive(Clone, Copy)]
pub(super) struct Held {
    last_at: Option<DateTime<Utc>>,
    /// The start of the n-th latest event, n being the events asked a year.
    nth_at: Option<DateTime<Utc>>,
}

impl Held {
    pub(super) fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            last_at: row.get::<_, Option<i64>>("last_at")?.map(instant),
            nth_at: row.get::<_, Option<i64>>("nth_at")?.map(instant),
        })
    }
}

/// Every configured step, and those the group is below. `active_leaders`: those seen in the 90 days before;
/// none where the roster is unknown.
pub(super) fn stand(
    settings: &Settings,
    group: &Measurable,
    cadence: &Cadence,
    held: Held,
    active_leaders: Option<i64>,
) -> PolicyFigures {
    let began_at = group.founded_at.max(group.joined_network_at);
    let after = |since: Option<DateTime<Utc>>, days: u32| {
        since.and_then(|at| at.checked_add_signed(TimeDelta::days(i64::from(days))))
    };
    let mut figures = PolicyFigures {
        steps: Vec::new(),
        below: Vec::new(),
    };
    for &step in PolicyStep::ALL {
        let Some(asked) = settings.policy.asks(step) else {
            continue;
        };
        let falls_at = match step {
            PolicyStep::EventsPerYear => after(held.nth_at, 365),
            PolicyStep::FirstEventWithinDays if held.last_at.is_some() => None,
            PolicyStep::FirstEventWithinDays => after(began_at, asked),
            PolicyStep::WarnAfterDays | PolicyStep::ActAfterDays | PolicyStep::CloseAfterDays => {
                after(held.last_at.or(began_at), asked)
            }
            PolicyStep::MinLeaders => None,
        };
        let is_below = match step {
            PolicyStep::EventsPerYear => cadence.events_365 < i64::from(asked),
            PolicyStep::MinLeaders => active_leaders.is_some_and(|seen| seen < i64::from(asked)),
            PolicyStep::FirstEventWithinDays
            | PolicyStep::WarnAfterDays
            | PolicyStep::ActAfterDays
            | PolicyStep::CloseAfterDays => falls_at.is_some_and(|at| at <= settings.as_of),
        };
        figures.steps.push(StepDue {
            step,
            on: falls_at.map(|at| group.local(at).date_naive()),
        });
        if is_below {
            figures.below.push(step);
        }
    }
    figures
}

/// From when fewer events than asked will lie within a year; none where that is so already.
pub(super) fn floor(policy: &PolicyFigures) -> Option<chrono::NaiveDate> {
    if policy.below.contains(&PolicyStep::EventsPerYear) {
        return None;
    }
    let step = |due: &&StepDue| due.step == PolicyStep::EventsPerYear;
    policy.steps.iter().find(step).and_then(|due| due.on)
}
