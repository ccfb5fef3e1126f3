//! What one may do about a group, and how it stands towards being handed over: sentences fit for its
//! organizer's eyes.

use super::compose::{GroupReport, Report};
use super::pause::call_from;
use super::words::{count, local_day};
use crate::metrics::{Criteria, GroupFigures, Status};

/// One plain suggestion: of the most urgent cause, else what keeps it going.
pub fn what_helps(report: &Report, group: &GroupReport) -> String {
    let figures = &group.figures;
    let Some(status) = figures.status else {
        return "Wait until its history has been read.".to_owned();
    };
    if let Some(cause) = group.causes.first() {
        return cause.suggestion(report, figures);
    }
    let today = figures.as_of_local.date_naive();
    match status {
        Status::New | Status::Unstarted if figures.events_ever == 0 => {
            "Wish them well for the first event.".to_owned()
        }
        Status::Restarted => "Thank them for coming back.".to_owned(),
        Status::Quiet if figures.is_announced => "Thank them for coming back.".to_owned(),
        Status::Quiet => "Ask whether somebody would like to meet again.".to_owned(),
        _ if figures.is_announced => "A thank-you.".to_owned(),
        _ => match call_from(figures) {
            Some(day) => format!("Ask for the next date before {}.", local_day(day, today)),
            None => "A thank-you.".to_owned(),
        },
    }
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
