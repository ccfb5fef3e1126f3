//! What changed since the digest before, told with part one, and who falls below the policy, with part
//! eight.
//!
//! A status also changes because an old event leaves a window, or a young group grows older; that is
//! no news. News is what was held or announced since, and a pause that grew too long.

use chrono::NaiveDate;

use super::desk::Desk;
use super::{linked, listed};
use crate::community::{AlertKind, GroupBefore};
use crate::metrics::{GroupFigures, Status};
use crate::report::compose::GroupReport;
use crate::report::helps::FLOOR;
use crate::report::message::{Entry, Line, Section};
use crate::report::plain::clean;
use crate::report::words::{count, local_day};

/// Names told of each change.
const NAMES: usize = 6;
/// Groups told that will be below it.
const TOLD: usize = 8;

/// A change that is news.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Overdue,
    Quiet,
    DateAgain,
    MetAgain,
    OnTarget,
    Meeting,
}

impl Change {
    const ALL: [(Self, &'static str); 6] = [
        (Self::Overdue, "Now in a longer pause than usual: "),
        (Self::Quiet, "Now quiet, for over 180 days: "),
        (Self::DateAgain, "Have a date again: "),
        (Self::MetAgain, "Met again: "),
        (Self::OnTarget, "Now meet as agreed: "),
        (Self::Meeting, "Past their beginnings: "),
    ];
}

/// What is new about a group's status.
pub(super) fn change(then: &GroupBefore, now: &GroupFigures) -> Option<Change> {
    use Status::{Meeting, New, OnTarget, Overdue, Quiet, Restarted, Unstarted};
    let (was, is) = (then.status?, now.status?);
    if was == is {
        return None;
    }
    let has_met = now
        .last_event
        .as_ref()
        .is_some_and(|event| then.last_event.as_deref() != Some(event.token.as_str()));
    match (was, is) {
        (_, Overdue) => {
            let days = now.cadence.days_since_last_held? - now.days_off;
            #[allow(clippy::cast_precision_loss)] // days
            let has_grown = then
                .overdue_after_days
                .is_none_or(|usual| days as f64 > usual);
            has_grown.then_some(Change::Overdue)
        }
        (Overdue | Meeting | OnTarget, Quiet) => Some(Change::Quiet),
        (Overdue | Quiet, Meeting | OnTarget | Restarted) if has_met => Some(Change::MetAgain),
        (Overdue, Meeting | OnTarget) if now.is_announced => Some(Change::DateAgain),
        (New | Restarted | Unstarted | Meeting, OnTarget) if has_met => Some(Change::OnTarget),
        (New | Unstarted, Meeting) if has_met => Some(Change::Meeting),
        _ => None,
    }
}

/// What changed. Groups named above, by urlname, are not told again.
pub(super) fn section(desk: &Desk<'_>, told: &[String]) -> Option<Section> {
    let before = desk.given.latest()?;
    let mut found: Vec<(Change, &GroupReport)> = Vec::new();
    for group in desk.known() {
        let change = before
            .group(&group.figures.id)
            .and_then(|then| change(then, &group.figures));
        if let Some(change) = change.filter(|_| !told.contains(&group.figures.urlname)) {
            found.push((change, group));
        }
    }
    let mut lines: Vec<Line> = Change::ALL
        .into_iter()
        .filter_map(|(wanted, words)| {
            let mut groups = found.iter().filter(|(it, _)| *it == wanted).peekable();
            groups.peek()?;
            Some(linked(Line::plain(words), groups.map(|(_, group)| *group), NAMES).text("."))
        })
        .collect();
    let came: Vec<&GroupReport> = desk
        .report
        .groups
        .iter()
        .filter(|group| before.group(&group.figures.id).is_none())
        .collect();
    if !came.is_empty() {
        lines.push(linked(Line::plain("New here: "), came.iter().copied(), NAMES).text("."));
    }
    let left = desk.report.left.iter();
    let left: Vec<&str> = left
        .filter(|group| group.gone_at > before.as_of)
        .map(|group| group.name.as_str())
        .collect();
    if !left.is_empty() {
        lines.push(Line::plain(format!(
            "No longer sponsored: {}.",
            listed(&left, NAMES)
        )));
    }
    if lines.is_empty() {
        return None;
    }
    let day = before
        .as_of
        .with_timezone(&desk.given.now.timezone())
        .date_naive();
    Some(Section {
        heading: Some(format!(
            "Changed since {}",
            local_day(day, desk.given.today())
        )),
        lines,
        ..Section::default()
    })
}

/// Groups that will have held fewer events in a year than the policy asks.
pub(super) fn floor(desk: &Desk<'_>) -> Option<Section> {
    let mut below: Vec<(NaiveDate, &GroupReport)> = desk
        .known()
        .filter(|group| {
            let contact = desk.contact(group);
            !contact.is_some_and(|contact| contact.is_muted(AlertKind::Floor, desk.given.today()))
        })
        .filter_map(|group| {
            let on = group.figures.cadence.falls_below_floor_on?;
            let today = group.figures.as_of_local.date_naive();
            (on - today <= FLOOR).then_some((on, group))
        })
        .collect();
    if below.is_empty() {
        return None;
    }
    below.sort_by_key(|(on, _)| *on);
    let mut line = Line::default();
    for (nth, (on, group)) in below.iter().take(TOLD).enumerate() {
        let today = group.figures.as_of_local.date_naive();
        line = line
            .text(if nth > 0 { ", " } else { "" })
            .link(clean(&group.figures.name), &group.figures.link)
            .text(format!(" ({})", local_day(*on, today)));
    }
    let policy = desk.given.events_per_year.map_or_else(
        || "the policy".to_owned(),
        |n| format!("{} a year", count(i64::from(n), "event", "events")),
    );
    Some(Section {
        heading: Some(format!(
            "Below {policy} within 60 days, unless they meet before ({})",
            below.len()
        )),
        entries: vec![Entry { lines: vec![line] }],
        unlisted: below.len().saturating_sub(TOLD),
        ..Section::default()
    })
}
