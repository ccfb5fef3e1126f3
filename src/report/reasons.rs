//! Why a group has its status, in sentences with the numbers that decided it.

use chrono::NaiveDate;

use super::pause::{alike, nothing_held};
use super::words::{ago, count, local_day, month, number, weekday};
use crate::metrics::{GroupFigures, Status};

/// The sentences, most telling first.
pub(super) fn reasons(group: &GroupFigures) -> Vec<String> {
    let Some(status) = group.status else {
        return vec!["Its history is still being read, so there is no status yet.".to_owned()];
    };
    let mut sentences = match status {
        Status::New => vec![beginning(group)],
        Status::Unstarted => vec![unstarted(group)],
        Status::Restarted => restarted(group).into_iter().collect(),
        Status::Quiet => quiet(group).into_iter().collect(),
        Status::Overdue => return overdue(group),
        Status::OnTarget | Status::Meeting => vec![regularity(group)],
    };
    sentences.push(next(group));
    sentences
}

fn today(group: &GroupFigures) -> NaiveDate {
    group.as_of_local.date_naive()
}

fn last_day(group: &GroupFigures) -> Option<NaiveDate> {
    group
        .last_event
        .as_ref()
        .map(|event| event.starts_local.date())
}

fn beginning(group: &GroupFigures) -> String {
    let today = today(group);
    let began = match (group.founded_local, group.joined_network_local) {
        (Some(founded), _) => format!("Founded on {}", local_day(founded.date_naive(), today)),
        (None, Some(joined)) => format!(
            "In the network since {}",
            local_day(joined.date_naive(), today)
        ),
        (None, None) => "Just begun".to_owned(),
    };
    match group.events_ever {
        0 => match group.growth.members {
            Some(members) => format!(
                "{began}, no first event yet; {}.",
                count(members, "member", "members")
            ),
            None => format!("{began}, no first event yet."),
        },
        n => format!("{began}; {} so far.", count(n, "event", "events")),
    }
}

fn unstarted(group: &GroupFigures) -> String {
    match group.founded_local {
        Some(founded) => {
            let days = (today(group) - founded.date_naive()).num_days();
            format!(
                "No first event yet; founded in {} ({}).",
                month(founded.date_naive(), today(group)),
                ago(days)
            )
        }
        None => "No first event yet.".to_owned(),
    }
}

fn restarted(group: &GroupFigures) -> Option<String> {
    let (on, after) = group.restarted?;
    Some(format!(
        "Met again on {} after a pause of {}.",
        local_day(on, today(group)),
        count(after, "day", "days")
    ))
}

fn quiet(group: &GroupFigures) -> Option<String> {
    let last = last_day(group)?;
    let days = group.cadence.days_since_last_held?;
    Some(format!(
        "Quiet since {}: last met on {}, {} ago.",
        month(last, today(group)),
        local_day(last, today(group)),
        count(days, "day", "days"),
    ))
}

fn overdue(group: &GroupFigures) -> Vec<String> {
    let mut sentences = vec![nothing_held(group)];
    sentences.extend(group.pause.as_ref().and_then(alike));
    sentences
}

fn regularity(group: &GroupFigures) -> String {
    let cadence = &group.cadence;
    let (met, observed) = (
        cadence.monthly_cadence.numerator,
        cadence.monthly_cadence.denominator,
    );
    let agreed = match cadence.every_months {
        1 => "an event every month".to_owned(),
        n => format!("an event every {n} months"),
    };
    if observed == 0 {
        return format!(
            "{} so far, no full month yet.",
            count(group.events_ever, "event", "events")
        );
    }
    let months = format!(
        "Met in {met} of the last {}",
        count(observed, "month", "months")
    );
    let spans = cadence.target_cadence;
    match cadence.every_months {
        1 => format!("{months} (agreed: {agreed})."),
        n => format!(
            "{months}: in {} of {} (agreed: {agreed}).",
            spans.numerator,
            count(
                spans.denominator,
                &format!("span of {n}"),
                &format!("spans of {n}")
            ),
        ),
    }
}

/// What is announced.
fn next(group: &GroupFigures) -> String {
    let today = today(group);
    if let Some(event) = &group.next_event {
        return format!(
            "Next on {}, {}; {} said yes so far.",
            weekday(event.starts_local.date(), today),
            event.starts_local.format("%H:%M"),
            number(event.yes),
        );
    }
    if group.is_announced {
        return "An event is on right now.".to_owned();
    }
    "Nothing is announced.".to_owned()
}
