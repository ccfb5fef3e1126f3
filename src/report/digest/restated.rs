//! Figures told in the digest before that today's data would tell otherwise, and why.
//!
//! The same instant is measured again by what is known now. Where a figure moved, the groups that
//! moved it say why: an event entered or deleted afterwards, a history read since, answers changed.

use super::desk::Desk;
use super::listing::{linked, listed};
use crate::community::{Before, GroupBefore};
use crate::metrics::{NetworkFigures, Status};
use crate::report::compose::{GroupReport, Report};
use crate::report::message::Line;
use crate::report::plain::group_name;
use crate::report::words::{count, local_day, number, say};

/// Names told of each reason.
const NAMES: usize = 3;
/// Why figures changed with each version of the definitions, from the second on.
const DEFINITIONS: &[(u32, &str)] = &[(
    2,
    "A call now comes after 90 days without a date, or sooner where most pauses alike went past half a year; no pause counts as usual any more.",
)];

/// The lines.
pub(super) fn lines(desk: &Desk<'_>) -> Vec<Line> {
    let Some(before) = desk.given.latest() else {
        return Vec::new();
    };
    let mut lines: Vec<Line> = definitions(desk.report, before)
        .map(Line::plain)
        .into_iter()
        .collect();
    let Some(again) = desk.given.again else {
        return lines;
    };
    let day = before
        .as_of
        .with_timezone(&desk.given.now.timezone())
        .date_naive();
    let day = local_day(day, desk.given.today());
    let moved = moved(before, &again.network);
    if !moved.is_empty() {
        let figures = format!("Restated for {day}: {}. Why: ", moved.join(", "));
        lines.push(reasons(desk, before, again, Line::plain(figures)));
    }
    lines.extend(named(before, again, &day));
    lines
}

/// That the definitions are others than before, and what it changed.
fn definitions(report: &Report, before: &Before) -> Option<String> {
    let (now, then) = (report.definitions_version, before.definitions_version);
    if now == then {
        return None;
    }
    let why: Vec<&str> = DEFINITIONS
        .iter()
        .filter(|(version, _)| (then + 1..=now).contains(version))
        .map(|(_, why)| *why)
        .collect();
    let text = format!(
        "Figures are counted by definitions {now} since this digest, by {then} before, so the same day may show other numbers than it did. {}",
        why.join(" ")
    );
    Some(text.trim_end().to_owned())
}

/// "951 events in 365 days (counted then: 950)".
fn moved(before: &Before, now: &NetworkFigures) -> Vec<String> {
    let then = &before.network;
    [
        (
            then.groups_met_365,
            now.groups_met_365,
            ["group that met in 365 days", "groups that met in 365 days"],
        ),
        (
            then.events_365,
            now.events_365,
            ["event in 365 days", "events in 365 days"],
        ),
        (
            then.people_365,
            now.people_365,
            ["person in 365 days", "people in 365 days"],
        ),
        (
            then.groups_met_30,
            now.groups_met_30,
            ["group that met in 30 days", "groups that met in 30 days"],
        ),
        (
            then.first_timers_90,
            now.first_timers_90,
            ["first-timer in 90 days", "first-timers in 90 days"],
        ),
    ]
    .into_iter()
    .filter_map(|(then, now, [one, many])| {
        let then = then.filter(|then| *then != now)?;
        Some(format!(
            "{} (counted then: {})",
            count(now, one, many),
            number(then)
        ))
    })
    .collect()
}

/// What the groups say of it, most telling first.
fn reasons(desk: &Desk<'_>, before: &Before, again: &Report, mut line: Line) -> Line {
    let pairs = || {
        again.groups.iter().filter_map(|now| {
            let then = before.group(&now.figures.id)?;
            (then.history_complete && now.figures.history_complete).then_some((then, now))
        })
    };
    let grown = |(then, now): &(&GroupBefore, &GroupReport)| {
        now.figures.cadence.events_365 - then.events_365
    };
    let answered = |(then, now): &(&GroupBefore, &GroupReport)| {
        let attendance = &now.figures.attendance;
        then.yes_365 != attendance.yes_365 || then.people_365 != attendance.people_365
    };
    let marked = |(then, now): &(&GroupBefore, &GroupReport)| {
        then.attendance_taken != now.figures.attendance.attendance_taken.numerator
    };
    let since = |now: &&GroupReport| {
        let then = before.group(&now.figures.id);
        now.figures.history_complete && then.is_none_or(|then| !then.history_complete)
    };
    let events = |n: i64| count(n, "past event", "past events");
    let more: i64 = pairs().map(|pair| grown(&pair).max(0)).sum();
    let fewer: i64 = pairs().map(|pair| (-grown(&pair)).max(0)).sum();
    let kinds: [(String, Vec<&GroupReport>); 5] = [
        (
            "the history was read since of ".to_owned(),
            again.groups.iter().filter(since).collect(),
        ),
        (
            format!("{} came to be known since, of ", events(more)),
            pairs()
                .filter(|it| grown(it) > 0)
                .map(|(_, now)| now)
                .collect(),
        ),
        (
            format!("{} were deleted or called off since, of ", events(fewer)),
            pairs()
                .filter(|it| grown(it) < 0)
                .map(|(_, now)| now)
                .collect(),
        ),
        (
            "attendance was marked since in ".to_owned(),
            pairs()
                .filter(|it| grown(it) == 0 && marked(it))
                .map(|(_, now)| now)
                .collect(),
        ),
        (
            "answers to past events changed since in ".to_owned(),
            pairs()
                .filter(|it| grown(it) == 0 && !marked(it) && answered(it))
                .map(|(_, now)| now)
                .collect(),
        ),
    ];
    let mut said = 0;
    for (words, groups) in kinds {
        if groups.is_empty() {
            continue;
        }
        let words = words.replace("1 past event were", "1 past event was");
        let start = if said > 0 { "; " } else { "" };
        line = linked(
            line.text(format!("{start}{words}")),
            groups.into_iter(),
            NAMES,
        );
        said += 1;
    }
    let left = desk.report.left.iter();
    let left: Vec<&str> = left
        .filter(|group| before.group(&group.id).is_some())
        .map(|group| group.name.as_str())
        .collect();
    if !left.is_empty() {
        let start = if said > 0 { "; " } else { "" };
        line = line.text(format!(
            "{start}no longer sponsored, so in no figure: {}",
            listed(&left, NAMES)
        ));
        said += 1;
    }
    line.text(match (said, desk.given.is_narrowed()) {
        (0, true) => "groups outside this channel's part.",
        // What is older than a year, or only moved to another day, shows in no figure of a group.
        (0, false) => {
            "events over a year old, the dates of later ones, or the configuration (staff, or which groups) changed."
        }
        _ => ".",
    })
}

/// Groups that the reader was asked to write to, and that stood otherwise than was known.
fn named(before: &Before, again: &Report, day: &str) -> Vec<Line> {
    before
        .please_write_to
        .iter()
        .filter_map(|named| {
            let told = before.group(&named.id)?;
            let then = told.status?;
            let group = again.groups.iter().find(|it| it.figures.id == named.id)?;
            let now = group.figures.status.filter(|now| *now != then)?;
            // When a date was announced, or called off, is not known: what came of it since the digest
            // makes no pause of then one that was none, nor the other way round.
            let is_by_a_date = (then == Status::Overdue && group.figures.is_announced)
                || (now == Status::Overdue && told.next_event.is_some());
            if is_by_a_date {
                return None;
            }
            let was = |status: Status| format!("\"{}\"", say(status));
            Some(
                Line::default()
                    .link(
                        group_name(&group.figures.name, &group.figures.urlname),
                        &group.figures.link,
                    )
                    .text(format!(
                        " was named on {day} as {}; by what is known now, it was {}.",
                        was(then),
                        was(now)
                    )),
            )
        })
        .take(NAMES)
        .collect()
}
