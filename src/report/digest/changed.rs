//! What changed since the digest before, and what stays as it is until somebody mends it: groups that Meetup
//! or the network look at askance, groups below the policy.
//!
//! A status also changes because an old event leaves a window, or a young group grows older; that is
//! no news. News is what was held or announced since, and a pause that grew too long.

use std::collections::BTreeMap;

use super::change::{Change, Changed};
use super::desk::Desk;
use super::listing::{linked, listed, with_each};
use super::logged;
use crate::community::{AlertKind, Before, GroupBefore, PolicyStep};
use crate::metrics::{GroupFigures, LeftGroup, Status};
use crate::report::compose::GroupReport;
use crate::report::depth::{is_delisted, worry};
use crate::report::message::{Line, Section};
use crate::report::policy;
use crate::report::words::local_day;

/// Names told of each change.
const NAMES: usize = 6;
/// Names told of groups below the policy: they are to be mended.
const BELOW: usize = 12;

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
        (_, Overdue) => Some(Change::Overdue),
        (Overdue | Meeting | OnTarget, Quiet) => Some(Change::Quiet),
        (Overdue | Quiet, Meeting | OnTarget | Restarted) if has_met => Some(Change::MetAgain),
        (Overdue, Meeting | OnTarget) if now.is_announced => Some(Change::DateAgain),
        (New | Restarted | Unstarted | Meeting, OnTarget) if has_met => Some(Change::OnTarget),
        (New | Unstarted, Meeting) if has_met => Some(Change::Meeting),
        _ => None,
    }
}

/// The section. Groups named above, by urlname, are not told again.
pub(super) fn section(desk: &Desk<'_>, told: &[String]) -> Option<Section> {
    let mut lines = since(desk, told);
    lines.extend(logged::lines(desk));
    lines.extend(at_meetup(desk));
    lines.extend(below(desk));
    lines.extend(soon_below(desk));
    if lines.is_empty() {
        return None;
    }
    let heading = desk.given.latest().map_or_else(
        || "How they stand".to_owned(),
        |before| {
            let then = before.as_of.with_timezone(&desk.given.now.timezone());
            let day = local_day(then.date_naive(), desk.given.today());
            format!("Changed since {day}")
        },
    );
    Some(Section {
        heading: Some(heading),
        lines,
        ..Section::default()
    })
}

/// What changed since the digest before.
fn since(desk: &Desk<'_>, told: &[String]) -> Vec<Line> {
    let Some(before) = desk.given.latest() else {
        return Vec::new();
    };
    let found: Vec<(Change, &GroupReport)> = found(desk, before)
        .into_iter()
        .filter(|(change, group)| *change == Change::New || !told.contains(&group.figures.urlname))
        .collect();
    let mut lines: Vec<Line> = Change::ALL
        .iter()
        .filter_map(|wanted| {
            let mut groups = found.iter().filter(|(it, _)| it == wanted).peekable();
            groups.peek()?;
            let line = Line::plain(wanted.words());
            Some(linked(line, groups.map(|(_, group)| *group), NAMES).text("."))
        })
        .collect();
    let left: Vec<&str> = left(desk, before)
        .map(|group| group.name.as_str())
        .collect();
    if !left.is_empty() {
        lines.push(Line::plain(format!(
            "{}{}.",
            Change::Left.words(),
            listed(&left, NAMES)
        )));
    }
    lines
}

/// What changed of the groups that are there.
fn found<'a>(desk: &Desk<'a>, before: &Before) -> Vec<(Change, &'a GroupReport)> {
    let was = |group: &GroupReport| before.group(&group.figures.id).cloned();
    let changed = desk.known().filter_map(|group| {
        let change = change(&was(group)?, &group.figures)?;
        Some((change, group))
    });
    let came = desk.report.groups.iter();
    let came = came.filter(|group| was(group).is_none());
    changed
        .chain(came.map(|group| (Change::New, group)))
        .collect()
}

/// The groups that left since then.
fn left<'a>(desk: &Desk<'a>, before: &Before) -> impl Iterator<Item = &'a LeftGroup> {
    let (since, now) = (before.as_of, desk.given.now);
    let left = desk.report.left.iter();
    left.filter(move |group| group.gone_at > since && group.gone_at <= now)
}

/// All that changed since the digest before, for programs.
pub(super) fn changed(desk: &Desk<'_>) -> Vec<Changed> {
    let Some(before) = desk.given.latest() else {
        return Vec::new();
    };
    let here = found(desk, before)
        .into_iter()
        .map(|(change, group)| Changed {
            id: group.figures.id.clone(),
            urlname: group.figures.urlname.clone(),
            change,
        });
    let gone = left(desk, before).map(|group| Changed {
        id: group.id.clone(),
        urlname: group.urlname.clone(),
        change: Change::Left,
    });
    let logged = logged::found(desk).into_iter();
    let logged = logged.map(|(change, group, _)| Changed {
        id: group.figures.id.clone(),
        urlname: group.figures.urlname.clone(),
        change,
    });
    here.chain(gone).chain(logged).collect()
}

/// Groups that Meetup calls by a word that is a worry, and those that the network shows no more, until that
/// is mended.
fn at_meetup(desk: &Desk<'_>) -> Vec<Line> {
    let is_told = |group: &&GroupReport| {
        let contact = desk.contact(group);
        !contact.is_some_and(|it| it.is_muted(AlertKind::MeetupStatus, desk.given.today()))
    };
    let mut by_word: BTreeMap<&str, Vec<&GroupReport>> = BTreeMap::new();
    for group in desk.known().filter(is_told) {
        if let Some(status) = worry(&group.figures) {
            by_word.entry(status.as_str()).or_default().push(group);
        }
    }
    let mut lines: Vec<Line> = by_word
        .into_iter()
        .map(|(word, groups)| {
            let line = Line::plain(format!("Meetup calls {word}: "));
            linked(line, groups.into_iter(), NAMES).text(".")
        })
        .collect();
    let mut delisted = desk
        .known()
        .filter(is_told)
        .filter(|group| is_delisted(&group.figures))
        .peekable();
    if delisted.peek().is_some() {
        let line = Line::plain("No longer listed by the network (DELISTED): ");
        lines.push(linked(line, delisted, NAMES).text("."));
    }
    lines
}

fn is_floor_told(desk: &Desk<'_>, group: &GroupReport) -> bool {
    let contact = desk.contact(group);
    !contact.is_some_and(|contact| contact.is_muted(AlertKind::Floor, desk.given.today()))
}

/// Groups below the policy, step by step, until it is mended.
fn below(desk: &Desk<'_>) -> Vec<Line> {
    let mut by_step: Vec<(PolicyStep, Vec<(&GroupReport, String)>)> = Vec::new();
    for group in desk.known().filter(|group| is_floor_told(desk, group)) {
        for due in policy::below(&group.figures) {
            let since = policy::since(&group.figures, due);
            let word = if since.is_empty() {
                since
            } else {
                format!(" ({})", since.trim_start())
            };
            match by_step.iter_mut().find(|(step, _)| *step == due.step) {
                Some((_, groups)) => groups.push((group, word)),
                None => by_step.push((due.step, vec![(group, word)])),
            }
        }
    }
    by_step.sort_by_key(|(step, _)| *step as u8);
    by_step
        .into_iter()
        .map(|(step, groups)| {
            let line = Line::plain(format!(
                "Below the policy of {}: ",
                policy::named(desk.report, step)
            ));
            with_each(line, groups.into_iter(), BELOW).text(".")
        })
        .collect()
}

/// Groups that will be below the policy within two months, unless they meet before.
fn soon_below(desk: &Desk<'_>) -> Option<Line> {
    let mut soon = Vec::new();
    for group in desk.known().filter(|group| is_floor_told(desk, group)) {
        let nearest = policy::soon(&group.figures).into_iter().next();
        soon.extend(nearest.map(|(on, step)| (on, step, group)));
    }
    if soon.is_empty() {
        return None;
    }
    soon.sort_by_key(|(on, _, _)| *on);
    let named = soon.into_iter().map(|(on, step, group)| {
        let today = group.figures.as_of_local.date_naive();
        let what = policy::named(desk.report, step);
        (group, format!(" ({what}, {})", local_day(on, today)))
    });
    let line = Line::plain("Below the policy within 60 days, unless they meet before: ");
    Some(with_each(line, named, BELOW).text("."))
}
