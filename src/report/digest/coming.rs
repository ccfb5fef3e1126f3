//! The next two weeks, with what to expect and to order where that can be said, and whose attendance of the
//! last weeks is still to be marked.

use chrono::TimeDelta;

use super::desk::Desk;
use crate::metrics::{Ahead, NoForecast, Owed};
use crate::report::compose::GroupReport;
use crate::report::expect::{expectation, order};
use crate::report::message::{Entry, Line, Section, Topic};
use crate::report::plain::{clean, group_name};
use crate::report::words::{count, number, weekday};

/// Events told one by one: a week of a large network. A service without the room tells fewer.
const TOLD: usize = 30;
/// Groups named of a joint event.
const JOINT: usize = 3;
/// Events named whose attendance is to be marked.
const OWED: usize = 3;
/// The latest events a forecast is seen beside.
const LATEST: usize = 3;

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let until = desk.report.as_of + TimeDelta::days(14);
    let mut coming: Vec<Vec<&Ahead>> = Vec::new();
    for event in desk.report.ahead.iter().filter(|it| it.starts_at <= until) {
        // The copies of a joint event are one.
        let joint = coming
            .iter_mut()
            .find(|it| event.joint.is_some() && it[0].joint == event.joint);
        match joint {
            Some(copies) => copies.push(event),
            None => coming.push(vec![event]),
        }
    }
    let owed = owed(desk);
    if coming.is_empty() && owed.is_none() {
        return None;
    }
    let lines = owed.into_iter().collect();
    Some(Section {
        topic: Topic::Coming,
        lines,
        heading: Some(match coming.len() {
            0 => "Next two weeks".to_owned(),
            n => format!("Next two weeks ({n})"),
        }),
        entries: coming
            .iter()
            .take(TOLD)
            .map(|copies| entry(desk, copies))
            .collect(),
        unlisted: coming.len().saturating_sub(TOLD),
        elsewhere: Some("gatherd report lists them all".to_owned()),
        ..Section::default()
    })
}

/// Whose hosts are to be asked to mark who came, with the latest such events: of last week, or of the last 30 days.
fn owed(desk: &Desk<'_>) -> Option<Line> {
    let n = desk.network();
    if n.attendance_owed == 0 {
        return None;
    }
    let last_week = n.last_week.taken.filter(|of| of.numerator < of.denominator);
    let told = match last_week {
        Some(of) if of.denominator == 1 => {
            "Attendance is not marked at last week's event in person: ask its hosts".to_owned()
        }
        Some(of) => format!(
            "Attendance is marked at {} of last week's {} in person: ask their hosts",
            number(of.numerator),
            count(of.denominator, "event", "events")
        ),
        None => format!(
            "Attendance is not marked at {} in person of the last 30 days: ask {} hosts",
            count(n.attendance_owed, "event", "events"),
            if n.attendance_owed == 1 {
                "its"
            } else {
                "their"
            }
        ),
    };
    let events = n.owed.iter().filter(|it| last_week.is_none() || it.in_week);
    Some(chased(desk, Line::plain(told), &events.collect::<Vec<_>>()))
}

/// The line, followed by events that lead to their pages, as far as the digest tells of their groups.
fn chased(desk: &Desk<'_>, line: Line, events: &[&Owed]) -> Line {
    let seen = events
        .iter()
        .filter_map(|it| Some((it, desk.report.group(&it.group)?)));
    let mut line = line;
    let mut named = 0;
    for (event, group) in seen.take(OWED) {
        let today = group.figures.as_of_local.date_naive();
        let page = event.url.as_deref().unwrap_or(&group.figures.link);
        line = line
            .text(if named == 0 { ": " } else { ", " })
            .link(
                group_name(&group.figures.name, &group.figures.urlname),
                page,
            )
            .text(format!(" ({})", weekday(event.starts_on, today)));
        named += 1;
    }
    match events.len() - named {
        more @ 1.. if named > 0 => line
            .text(format!(" and {more} more (all: "))
            .code("gatherd report --explain network.attendance_owed")
            .text(")."),
        _ => line.text("."),
    }
}

fn entry(desk: &Desk<'_>, copies: &[&Ahead]) -> Entry {
    let event = copies[0];
    let group = desk.report.group(&event.group);
    let today = group.map_or_else(
        || desk.given.today(),
        |group| group.figures.as_of_local.date_naive(),
    );
    let mut line = Line::default();
    for (nth, copy) in copies.iter().take(JOINT).enumerate() {
        let page = desk.report.group(&copy.group);
        let page = page.map_or("", |group| group.figures.link.as_str());
        line = line
            .text(if nth > 0 { ", " } else { "" })
            .link(clean(&copy.group_name), copy.url.as_deref().unwrap_or(page));
    }
    if let more @ 1.. = copies.len().saturating_sub(JOINT) {
        line = line.text(format!(" and {more} more"));
    }
    let yes: i64 = copies.iter().map(|copy| copy.yes).sum();
    let together = if copies.len() > 1 { " together" } else { "" };
    line = line.text(format!(
        " · {} {} · {} yes{together}",
        weekday(event.starts_local.date(), today),
        event.starts_local.format("%H:%M"),
        number(yes)
    ));
    // What each copy is expected to draw says nothing of all of them; an order in one place is for all.
    if copies.len() > 1 {
        let expected = copies.iter().filter_map(|copy| copy.expected.as_ref());
        if let Some(order) = expected.filter_map(order).next() {
            line = line.text(format!(" · order {order}"));
        }
        return Entry::of(vec![line]);
    }
    if let Some(expected) = &event.expected {
        line = line.text(format!(" · {}{}", expectation(event), latest(group)));
        if let Some(order) = order(expected) {
            line = line.text(format!(" · order {order}"));
        }
    } else if matches!(
        event.no_forecast,
        Some(NoForecast::FirstEvent | NoForecast::LongPause)
    ) {
        line = line.text(format!(" · {}", expectation(event)));
    }
    Entry::of(vec![line])
}

/// " (last three: 36, 31, 34)": who said yes to its latest events.
fn latest(group: Option<&GroupReport>) -> String {
    let yes = group.and_then(|group| group.figures.recent_yes.get(..LATEST));
    let Some(yes) = yes else {
        return String::new();
    };
    let yes: Vec<String> = yes.iter().map(|yes| number(*yes)).collect();
    format!(" (last three: {})", yes.join(", "))
}
