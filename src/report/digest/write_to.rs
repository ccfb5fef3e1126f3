//! Part two: at most five groups to write to, never the same ones every week.

use chrono::TimeDelta;
use std::cmp::Reverse;

use super::causes::urgency;
use super::desk::{Desk, Place};
use super::persons::whom_to_ask;
use crate::community::{Before, Cause, Named};
use crate::metrics::{GroupFigures, Status};
use crate::report::compose::GroupReport;
use crate::report::message::{Entry, Line, Section, Tone};
use crate::report::plain::clean;
use crate::report::words::{count, month, number, say, weekday};

/// Groups told one by one.
const MOST: usize = 5;
/// Of one cause, as long as others wait.
const OF_ONE_CAUSE: usize = 2;
/// Reasons told of each.
const REASONS: usize = 2;
/// How long a group that was named is not named again.
const REST: TimeDelta = TimeDelta::days(21);

/// A group to write to, with its causes, the most urgent first.
type Wanted<'a> = (&'a GroupReport, &'a [Cause]);

/// The section, and which groups it names.
pub(super) fn section(desk: &Desk<'_>) -> (Option<Section>, Vec<Named>) {
    let mut all: Vec<Wanted<'_>> = desk
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
    let shown = choose(desk, &all);
    if shown.is_empty() {
        return (Some(all_resting(of)), Vec::new());
    }
    let what = if desk.given.before.is_empty() {
        "Where to start"
    } else {
        "Please write to"
    };
    let heading = if shown.len() == of {
        format!("{what} ({of})")
    } else {
        format!("{what} ({} of {of})", shown.len())
    };
    let section = Section {
        heading: Some(heading),
        tone: Tone::Attention,
        lines: by_cause(&all).into_iter().collect(),
        entries: shown
            .iter()
            .map(|(group, causes)| entry(desk, group, causes))
            .collect(),
        unlisted: of - shown.len(),
        ..Section::default()
    };
    let named = shown
        .iter()
        .map(|(group, causes)| name(group, causes))
        .collect();
    (Some(section), named)
}

/// The few to name: of those that do not rest, first whoever was not named for long, and of every
/// cause a few, so that one kind of trouble does not hide the others. In the order of urgency.
fn choose<'a>(desk: &Desk<'_>, all: &[Wanted<'a>]) -> Vec<Wanted<'a>> {
    let last: Vec<Option<TimeDelta>> = all
        .iter()
        .map(|(group, causes)| named_ago(desk, group, causes))
        .collect();
    let mut chosen: Vec<usize> = Vec::new();
    for (was_named, of_one_cause) in [(false, OF_ONE_CAUSE), (false, MOST), (true, MOST)] {
        for (nth, (_, causes)) in all.iter().enumerate() {
            let alike = chosen.iter().filter(|it| all[**it].1[0] == causes[0]);
            let is_turn = last[nth].map_or(!was_named, |ago| was_named && ago >= REST);
            if chosen.len() < MOST
                && is_turn
                && !chosen.contains(&nth)
                && alike.count() < of_one_cause
            {
                chosen.push(nth);
            }
        }
    }
    chosen.sort_unstable();
    chosen.into_iter().map(|nth| all[nth]).collect()
}

/// How many there are of each cause, where not all are named.
fn by_cause(all: &[Wanted<'_>]) -> Option<Line> {
    if all.len() <= MOST {
        return None;
    }
    let counts: Vec<String> = Cause::ALL
        .iter()
        .copied()
        .filter_map(|cause| {
            let groups = all.iter().filter(|(_, causes)| causes[0] == cause).count();
            (groups > 0).then(|| format!("{groups} {}", cause.counted()))
        })
        .collect();
    Some(Line::plain(format!(
        "All {}: {}.",
        all.len(),
        counts.join(", ")
    )))
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
        causes: causes.to_vec(),
    }
}

/// How long ago it was named last, where it was named for all of the causes it has now.
fn named_ago(desk: &Desk<'_>, group: &GroupReport, causes: &[Cause]) -> Option<TimeDelta> {
    let today = desk.given.today();
    let zone = desk.given.now.timezone();
    let told = |before: &&Before| {
        before
            .please_write_to
            .iter()
            .any(|named| named.id == group.figures.id)
    };
    let latest = desk.given.before.iter().find(told)?;
    let ago = today - latest.as_of.with_timezone(&zone).date_naive();
    let known: Vec<Cause> = desk
        .given
        .before
        .iter()
        .flat_map(|before| &before.please_write_to)
        .filter(|named| named.id == group.figures.id)
        .flat_map(|named| named.causes.iter().copied())
        .collect();
    let all_known = causes.iter().all(|cause| known.contains(cause));
    all_known.then_some(ago)
}

fn entry(desk: &Desk<'_>, group: &GroupReport, causes: &[Cause]) -> Entry {
    let figures = &group.figures;
    let reasons: Vec<String> = causes
        .iter()
        .take(REASONS)
        .map(|cause| cause.reason(figures))
        .collect();
    let first = Line::default()
        .link(clean(&figures.name), &figures.link)
        .text(format!(" · {} · {}", status(figures), reasons.join(" ")));
    let second = Line::plain(format!(
        "{}. {}",
        last_and_next(figures),
        causes[0].suggestion(desk.report, figures)
    ));
    Entry {
        lines: vec![first, second, whom_to_ask(desk, group)],
    }
}

/// The status in words; of a quiet group with the month since when.
fn status(group: &GroupFigures) -> String {
    match (group.status, &group.last_event) {
        (Some(Status::Quiet), Some(last)) => {
            let today = group.as_of_local.date_naive();
            format!("quiet since {}", month(last.starts_local.date(), today))
        }
        (status, _) => status.map_or("", say).to_owned(),
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
