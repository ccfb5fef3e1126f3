//! Part two: at most five groups to write to, never the same ones every week.

use chrono::TimeDelta;
use std::cmp::Reverse;

use super::causes::{Cause, urgency};
use super::desk::{Desk, Place};
use super::given::Named;
use super::persons::whom_to_ask;
use crate::metrics::GroupFigures;
use crate::report::compose::GroupReport;
use crate::report::message::{Entry, Line, Section, Tone};
use crate::report::plain::clean;
use crate::report::words::{count, number, say, weekday};

/// Groups told one by one.
const MOST: usize = 5;
/// Reasons told of each.
const REASONS: usize = 2;
/// How long a group that was named is not named again.
const REST: TimeDelta = TimeDelta::days(21);

/// The section, and which groups it names.
pub(super) fn section(desk: &Desk<'_>) -> (Option<Section>, Vec<Named>) {
    let mut all: Vec<(&GroupReport, &[Cause])> = desk
        .places()
        .filter_map(|(group, place)| match place {
            Place::WriteTo(causes) => Some((group, causes.as_slice())),
            _ => None,
        })
        .collect();
    if all.is_empty() {
        return (None, Vec::new());
    }
    all.sort_by_key(|(group, causes)| {
        let first = causes[0];
        let urgency = urgency(first, &group.figures);
        (
            first,
            urgency,
            Reverse(causes.len()),
            &group.figures.urlname,
        )
    });
    let of = all.len();
    all.retain(|(group, causes)| !is_resting(desk, group, causes));
    all.truncate(MOST);
    if all.is_empty() {
        return (Some(all_resting(of)), Vec::new());
    }
    let what = if desk.given.before.is_empty() {
        "Where to start"
    } else {
        "Please write to"
    };
    let shown = all.len();
    let heading = if shown == of {
        format!("{what} ({of})")
    } else {
        format!("{what} ({shown} of {of})")
    };
    let named = all
        .iter()
        .map(|(group, causes)| name(group, causes))
        .collect();
    let section = Section {
        heading: Some(heading),
        tone: Tone::Attention,
        entries: all
            .iter()
            .map(|(group, causes)| entry(desk, group, causes))
            .collect(),
        unlisted: of - shown,
        ..Section::default()
    };
    (Some(section), named)
}

/// Nobody is asked the same thing every week.
fn all_resting(of: usize) -> Section {
    let groups = count(
        of as i64,
        "group would still be glad of a word; it was",
        "groups would still be glad of a word; all were",
    );
    Section {
        lines: vec![Line::plain(format!(
            "Nobody new to write to. {groups} named here in the last three weeks (gatherd report)."
        ))],
        ..Section::default()
    }
}

fn name(group: &GroupReport, causes: &[Cause]) -> Named {
    Named {
        id: group.figures.id.clone(),
        urlname: group.figures.urlname.clone(),
        causes: causes
            .iter()
            .map(|cause| cause.as_str().to_owned())
            .collect(),
    }
}

/// Whether it was named in the last three weeks, and for all of the causes it has now.
fn is_resting(desk: &Desk<'_>, group: &GroupReport, causes: &[Cause]) -> bool {
    let today = desk.given.today();
    let zone = desk.given.now.timezone();
    let lately = desk.given.before.iter().filter(|before| {
        let day = before.as_of.with_timezone(&zone).date_naive();
        today - day < REST
    });
    let told: Vec<&str> = lately
        .flat_map(|before| &before.please_write_to)
        .filter(|named| named.id == group.figures.id)
        .flat_map(|named| named.causes.iter().map(String::as_str))
        .collect();
    !told.is_empty() && causes.iter().all(|cause| told.contains(&cause.as_str()))
}

fn entry(desk: &Desk<'_>, group: &GroupReport, causes: &[Cause]) -> Entry {
    let figures = &group.figures;
    let status = figures.status.map_or("", say);
    let reasons: Vec<String> = causes
        .iter()
        .take(REASONS)
        .map(|cause| cause.reason(figures))
        .collect();
    let first = Line::default()
        .link(clean(&figures.name), &figures.link)
        .text(format!(" · {status} · {}", reasons.join(" ")));
    let second = Line::plain(format!(
        "{}. {}",
        last_and_next(figures),
        causes[0].suggestion(desk.report, figures)
    ));
    Entry {
        lines: vec![first, second, whom_to_ask(desk, group)],
    }
}

/// "Last met Mon 9 Mar, 4 said yes; nothing is announced".
fn last_and_next(group: &GroupFigures) -> String {
    let today = group.as_of_local.date_naive();
    let last = group.last_event.as_ref().map(|event| {
        format!(
            "Last met {}, {} said yes",
            weekday(event.starts_local.date(), today),
            number(event.yes)
        )
    });
    let next = match &group.next_event {
        Some(event) => format!(
            "next on {}, {} yes so far",
            weekday(event.starts_local.date(), today),
            number(event.yes)
        ),
        None if group.is_announced => "an event is on right now".to_owned(),
        None => "nothing is announced".to_owned(),
    };
    match last {
        Some(last) => format!("{last}; {next}"),
        None => format!("Never met; {next}"),
    }
}
