//! What one may do about a group, and how it stands towards being handed over: sentences fit for its
//! organizer's eyes.

use chrono::{Datelike as _, NaiveDate, TimeDelta};

use super::causes::hosts_left;
use super::compose::{GroupReport, Report};
use super::words::{count, local_day, share};
use crate::metrics::{Criteria, GroupFigures, Status};

/// How far ahead falling below the policy is told of.
pub(super) const FLOOR: TimeDelta = TimeDelta::days(60);

/// Days after which a group is quiet.
const QUIET_AFTER: i64 = 180;

/// One plain suggestion, by cause.
pub fn what_helps(report: &Report, group: &GroupReport) -> String {
    let figures = &group.figures;
    let Some(status) = figures.status else {
        return "Wait until its history has been read.".to_owned();
    };
    let is_silent = matches!(status, Status::Overdue | Status::Quiet);
    if figures.organizers.leaderless == Some(true) {
        return "It needs an organizer: ask who of its regulars would take it on.".to_owned();
    }
    if is_silent && hosts_left(figures) {
        return "Whoever hosted last has left the group: ask its organizers who could host next."
            .to_owned();
    }
    if figures
        .organizers
        .staff_hosted_share
        .is_some_and(|of| of.denominator > 0 && 2 * of.numerator >= of.denominator)
    {
        return "Mostly hosted by us: ask who of its regulars would host the next one.".to_owned();
    }
    match status {
        Status::New | Status::Unstarted if figures.next_event.is_some() => {
            "Wish them well for the first event.".to_owned()
        }
        Status::New if figures.events_ever == 0 => {
            "Offer a speaker and a date for the first event.".to_owned()
        }
        Status::Unstarted => "Ask what a first event would need.".to_owned(),
        Status::Quiet if figures.next_event.is_none() => would_like_to_meet(report, figures),
        Status::Overdue if figures.organizers.hosts_365 == 1 => {
            "One host for all of it: ask who else could host.".to_owned()
        }
        Status::Overdue => "Ask what is in the way of a next date.".to_owned(),
        Status::Restarted | Status::Quiet => "Thank them for coming back.".to_owned(),
        Status::New | Status::OnTarget | Status::Meeting => match usual_until(figures) {
            Some(day) => format!("Ask for the next date before {day}."),
            None => "A thank-you.".to_owned(),
        },
    }
}

/// What to ask a quiet group, with what such groups did in the past.
pub(super) fn would_like_to_meet(report: &Report, group: &GroupFigures) -> String {
    let survival = report.network.survival;
    let days = group.cadence.days_since_last_held.unwrap_or(0);
    let of = match days {
        ..365 => survival.months_6,
        365..730 => survival.months_12,
        730..1095 => survival.months_24,
        _ => survival.months_36,
    };
    let past = of.map_or_else(String::new, |of| {
        format!(
            " After so long a silence, our groups met again within a year in {}.",
            share(of, "cases")
        )
    });
    format!("Ask whether somebody would like to meet again.{past}")
}

/// The local date from which the present pause would be longer than usual; none where something is
/// announced.
pub(super) fn usual_until(group: &GroupFigures) -> Option<String> {
    if group.is_announced {
        return None;
    }
    overdue_from(group).map(|day| local_day(day, today(group)))
}

/// The local date from which it would be in a longer pause than usual, should nothing be held or
/// announced: days in the months it takes off do not count. None where it would be quiet by then.
pub(super) fn overdue_from(group: &GroupFigures) -> Option<NaiveDate> {
    let last = group.last_event.as_ref()?.starts_local.date();
    let usual = whole(group.cadence.overdue_after_days);
    let mut off = 0;
    for days in 1..=QUIET_AFTER {
        // The dates strictly between count; the last one joined them with this step.
        let between = last + TimeDelta::days(days - 1);
        off += i64::from(days > 1 && group.cadence.off_months.contains(&between.month()));
        if days - off > usual {
            let day = last + TimeDelta::days(days);
            // As long as it counts as restarted, it is nothing else.
            let since = group.restarted.map(|(on, _)| on + TimeDelta::days(90));
            return Some(since.map_or(day, |since| day.max(since)));
        }
    }
    None
}

/// From when it is below the policy, where that is near.
pub(super) fn floor(group: &GroupFigures) -> Option<String> {
    let on = group.cadence.falls_below_floor_on?;
    (on - today(group) <= FLOOR).then(|| {
        format!(
            "Below the events a year of the policy from {}, unless it meets before.",
            local_day(on, today(group))
        )
    })
}

fn today(group: &GroupFigures) -> NaiveDate {
    group.as_of_local.date_naive()
}

/// Days as a whole number: a pause counted in whole days exceeds the one exactly when the other.
#[allow(clippy::cast_possible_truncation)] // between 45 and 150
pub(super) fn whole(days: f64) -> i64 {
    days.floor() as i64
}

/// Where a group stands towards being handed over. None while staff is not configured.
pub fn handing_over(group: &GroupFigures) -> Option<String> {
    let handover = &group.handover;
    let criteria = handover.criteria?;
    if handover.ready == Some(true) {
        return Some(
            "could go on without us: led and mostly hosted locally, month after month".to_owned(),
        );
    }
    let (met, missing) = sides(criteria);
    let mut parts = Vec::new();
    if !met.is_empty() {
        parts.push(met.join(", "));
    }
    if !missing.is_empty() {
        parts.push(format!("still missing: {}", missing.join(", ")));
    }
    let observed = handover.organic_cadence.map_or(0, |of| of.denominator);
    if missing.is_empty() && criteria.local_lead.is_some() {
        parts.push(if observed < 12 {
            "too young to tell".to_owned()
        } else {
            format!(
                "only {} in the last 365 days",
                count(group.cadence.events_365, "event", "events")
            )
        });
    }
    Some(parts.join("; "))
}

/// What is true of it, and what is not. What is unknown is neither.
fn sides(criteria: Criteria) -> (Vec<&'static str>, Vec<&'static str>) {
    let (mut met, mut missing) = (Vec::new(), Vec::new());
    for (is_so, name) in [
        (criteria.local_lead, ("led locally", "a local lead")),
        (
            Some(criteria.two_local_hosts),
            ("two local hosts or more", "a second local host"),
        ),
        (
            criteria.local_majority,
            ("mostly hosted locally", "half of the events hosted locally"),
        ),
        (
            criteria.organic,
            (
                "meets by itself in half of the months",
                "meeting by itself in half of the months",
            ),
        ),
    ] {
        match is_so {
            Some(true) => met.push(name.0),
            Some(false) => missing.push(name.1),
            None => {}
        }
    }
    (met, missing)
}
