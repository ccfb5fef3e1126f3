//! Where a group stands beside the sponsor's policy, in sentences.

use chrono::{NaiveDate, TimeDelta};

use super::compose::Report;
use super::words::{count, local_day, number};
use crate::community::PolicyStep;
use crate::metrics::{GroupFigures, StepDue};

/// How far ahead falling below the policy is told of.
pub(super) const SOON: TimeDelta = TimeDelta::days(60);

/// A step in words that follow "below": "4 events a year".
pub(super) fn named(report: &Report, step: PolicyStep) -> String {
    let n = i64::from(report.known.policy.asks(step).unwrap_or_default());
    match step {
        PolicyStep::EventsPerYear => format!("{} a year", count(n, "event", "events")),
        PolicyStep::FirstEventWithinDays => {
            format!("a first event within {}", count(n, "day", "days"))
        }
        PolicyStep::WarnAfterDays | PolicyStep::ActAfterDays | PolicyStep::CloseAfterDays => {
            format!("an event within {}", count(n, "day", "days"))
        }
        PolicyStep::MinLeaders => format!("{} seen lately", count(n, "leader", "leaders")),
    }
}

/// Of the steps that a group is below: those that say more than the others. Of silence, the furthest.
pub(super) fn below(group: &GroupFigures) -> Vec<StepDue> {
    let Some(policy) = &group.policy else {
        return Vec::new();
    };
    let is_below = |step: PolicyStep| policy.below.contains(&step);
    let is_passed = |step: PolicyStep| match step {
        PolicyStep::WarnAfterDays => {
            is_below(PolicyStep::ActAfterDays) || is_below(PolicyStep::CloseAfterDays)
        }
        PolicyStep::ActAfterDays => is_below(PolicyStep::CloseAfterDays),
        _ => false,
    };
    policy
        .below
        .iter()
        .filter(|step| !is_passed(**step))
        .map(|step| {
            let due = policy.steps.iter().find(|due| due.step == *step);
            StepDue {
                step: *step,
                on: due.and_then(|due| due.on),
            }
        })
        .collect()
}

/// The steps it will be below within two months unless it meets before, the nearest first.
pub(super) fn soon(group: &GroupFigures) -> Vec<(NaiveDate, PolicyStep)> {
    let Some(policy) = &group.policy else {
        return Vec::new();
    };
    let today = group.as_of_local.date_naive();
    let mut soon: Vec<(NaiveDate, PolicyStep)> = policy
        .steps
        .iter()
        .filter(|due| !policy.below.contains(&due.step))
        .filter_map(|due| Some((due.on?, due.step)))
        .filter(|(on, _)| *on - today <= SOON)
        .collect();
    soon.sort_by_key(|(on, _)| *on);
    soon
}

/// "Below 4 events a year since 5 Aug: 3 in the last 365 days."
pub(super) fn sentence(report: &Report, group: &GroupFigures, due: StepDue) -> String {
    let since = since(group, due);
    let held = match due.step {
        PolicyStep::EventsPerYear => format!(
            ": {} in the last 365 days",
            number(group.cadence.events_365)
        ),
        PolicyStep::WarnAfterDays | PolicyStep::ActAfterDays | PolicyStep::CloseAfterDays => group
            .cadence
            .days_since_last_held
            .map_or_else(String::new, |days| {
                format!(": nothing held for {}", count(days, "day", "days"))
            }),
        PolicyStep::FirstEventWithinDays | PolicyStep::MinLeaders => String::new(),
    };
    let step = named(report, due.step);
    let what = match due.step {
        PolicyStep::WarnAfterDays => " (a word is due)",
        PolicyStep::ActAfterDays => " (something is to be done)",
        PolicyStep::CloseAfterDays => " (to be closed)",
        _ => "",
    };
    format!("Below the policy of {step}{what}{since}{held}.")
}

/// " since 5 Aug"; nothing where that cannot be told.
pub(super) fn since(group: &GroupFigures, due: StepDue) -> String {
    let today = group.as_of_local.date_naive();
    due.on
        .map_or_else(String::new, |on| format!(" since {}", local_day(on, today)))
}

/// From when it is below the policy, where that is near.
pub(super) fn ahead(report: &Report, group: &GroupFigures) -> Vec<String> {
    let today = group.as_of_local.date_naive();
    soon(group)
        .into_iter()
        .map(|(on, step)| {
            format!(
                "Below the policy of {} from {}, unless it meets before.",
                named(report, step),
                local_day(on, today)
            )
        })
        .collect()
}
