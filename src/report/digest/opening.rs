//! The opening: the news of the network beside the year before, the week that was and the week to come, and
//! who has no date later than usual; in the first digest, what there is.

use super::desk::{Desk, Place};
use super::late;
use crate::chart::GroupsMet;
use crate::metrics::{NetworkFigures, Status, Week};
use crate::report::compose::attendance_marked;
use crate::report::message::{Fact, Line, Section, Topic};
use crate::report::pictures::groups_met;
use crate::report::plain::{clean, group_name};
use crate::report::words::{Quietness, changed, count, number, say};

/// The statuses, the liveliest first.
const ORDER: [Status; 7] = [
    Status::OnTarget,
    Status::Meeting,
    Status::Restarted,
    Status::New,
    Status::Overdue,
    Status::Quiet,
    Status::Unstarted,
];

/// The sentence that stands for all of it.
pub(super) fn headline(desk: &Desk<'_>) -> String {
    let n = desk.network();
    if desk.given.is_narrowed() && desk.report.groups.is_empty() {
        return "None of the sponsored groups is in this channel's part.".to_owned();
    }
    if n.groups == 0 {
        return "No figures yet: no group's history has been read through.".to_owned();
    }
    if n.events_90 + n.events_90_year_before == 0 {
        return "No events in the last 90 days, nor in the same 90 days a year before.".to_owned();
    }
    format!(
        "{} in the last 90 days, {}; {}.",
        count(n.people_90, "person", "people"),
        beside(n.people_90, n.people_90_year_before),
        events(n.events_90, n.events_90_year_before)
    )
}

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Section {
    let n = desk.network();
    let mut first = Line::default().bold(headline(desk));
    let mut lines = Vec::new();
    let mut picture = None;
    if n.groups == 0 {
        if desk.given.is_narrowed() && desk.report.groups.is_empty() {
            first =
                first.text(" Its groups, countries or time zones are set in the configuration.");
        }
        lines.push(first);
    } else {
        lines.push(first.text(format!(" {}", met(n))));
        if desk.given.is_monthly {
            lines.push(Line::plain(year(n)));
        }
        lines.push(weeks(desk, n));
        lines.extend(desk.given.is_narrowed().then(|| Line::plain(whole(desk))));
        lines.extend(late::line(desk));
        let groups = desk.report.groups.iter().map(|group| &group.figures);
        lines.extend(attendance_marked(groups).map(Line::plain));
        picture = groups_met(&desk.report.groups, &desk.whose());
        lines.extend(picture.as_ref().map(drawn));
    }
    Section {
        topic: Topic::Opening,
        lines,
        picture,
        ..Section::default()
    }
}

/// How many groups met month by month, in cells of text.
fn drawn(groups_met: &GroupsMet) -> Line {
    Line::plain(format!("{}: ", groups_met.heading()))
        .code(groups_met.strip())
        .text(format!(" {}.", groups_met.in_words()))
}

/// "3,110 a year before (-46 %)", or about as many.
fn beside(now: i64, before: i64) -> String {
    match changed(now, before) {
        Some(percent) => format!("{} a year before ({percent})", number(before)),
        None if now == before => "as many as a year before".to_owned(),
        None if before == 0 => "none a year before".to_owned(),
        None => format!("about as many as a year before ({})", number(before)),
    }
}

/// "as many events (98)", "98 events, 120 a year before (-18 %)".
fn events(now: i64, before: i64) -> String {
    let all = count(now, "event", "events");
    match changed(now, before) {
        Some(percent) => format!("{all}, {} a year before ({percent})", number(before)),
        None if now == before => format!("as many events ({})", number(now)),
        None if before == 0 => format!("{all}, none a year before"),
        None => format!(
            "about as many events ({}, {} a year before)",
            number(now),
            number(before)
        ),
    }
}

/// "46 groups met in the last 12 months; 86 the year before."
fn met(n: &NetworkFigures) -> String {
    format!(
        "{} met in the last 12 months; {} the year before.",
        count(n.groups_met_365, "group", "groups"),
        number(n.groups_met_365_year_before)
    )
}

/// The year, once a month.
fn year(n: &NetworkFigures) -> String {
    format!(
        "The last 12 months: {}, {}; {}.",
        count(n.people_365, "person", "people"),
        beside(n.people_365, n.people_365_year_before),
        events(n.events_365, n.events_365_year_before)
    )
}

/// "Last week: 7 events, 193 said yes, 41 people for the first time; the biggest Philadelphia with 96. This week: 13 events."
fn weeks(desk: &Desk<'_>, n: &NetworkFigures) -> Line {
    let Week {
        events,
        yes,
        first_timers,
        biggest,
        ..
    } = &n.last_week;
    let mut line = Line::plain("Last week: ");
    if *events == 0 {
        line = line.text("no events.");
    } else {
        line = line.text(format!(
            "{}, {} said yes",
            count(*events, "event", "events"),
            number(*yes)
        ));
        if let Some(first) = first_timers.filter(|first| *first > 0) {
            let people = count(first, "person", "people");
            line = line.text(format!(", {people} for the first time"));
        }
        if let Some(biggest) = biggest.as_ref().filter(|_| *events > 1) {
            line = line.text("; the biggest ");
            line = match desk.report.group(&biggest.group) {
                Some(group) => line.link(
                    group_name(&group.figures.name, &group.figures.urlname),
                    &group.figures.link,
                ),
                None => line.text(clean(&biggest.group)),
            };
            // Of a joint event it is the yes of all of them.
            line = line.text(match biggest.groups - 1 {
                ..=0 => format!(" with {}", number(biggest.yes)),
                others => format!(
                    " and {} together with {}",
                    count(others, "other group", "other groups"),
                    number(biggest.yes)
                ),
            });
        }
        line = line.text(".");
    }
    line.text(match n.next_week.events {
        0 => " This week: no events.".to_owned(),
        events => format!(" This week: {}.", count(events, "event", "events")),
    })
}

/// Beside a part of the network, the whole.
fn whole(desk: &Desk<'_>) -> String {
    let n = &desk.report.network;
    format!(
        "The whole network: {} in the last 90 days, {}; {}.",
        count(n.people_90, "person", "people"),
        beside(n.people_90, n.people_90_year_before),
        events(n.events_90, n.events_90_year_before)
    )
}

/// What there is, by status: the first digest says no more of most groups.
pub(super) fn inventory(desk: &Desk<'_>) -> Option<Section> {
    let groups = &desk.report.groups;
    if !desk.given.before.is_empty() || groups.is_empty() {
        return None;
    }
    let with = |status: Status| {
        desk.places()
            .filter(move |(group, place)| {
                group.figures.status == Some(status) && **place != Place::Unknown
            })
            .map(|(group, _)| group)
    };
    let mut facts: Vec<Fact> = Vec::new();
    for status in ORDER {
        let n = with(status).count();
        if n == 0 {
            continue;
        }
        let mut value = count(n as i64, "group", "groups");
        if status == Status::Quiet {
            let bands: Vec<String> = [Quietness::Months, Quietness::Years, Quietness::ManyYears]
                .into_iter()
                .filter_map(|band| {
                    let n = with(status)
                        .filter_map(|it| it.figures.cadence.days_since_last_held)
                        .filter(|days| Quietness::of(*days) == band)
                        .count();
                    (n > 0).then(|| format!("{n} for {}", band.say()))
                })
                .collect();
            value = format!("{value}: {}", bands.join(", "));
        }
        facts.push(Fact::new(capital(say(status)), Line::plain(value)));
    }
    let unknown = desk.places();
    let unknown = unknown.filter(|(_, place)| **place == Place::Unknown);
    let unknown = unknown.count();
    if unknown > 0 {
        let value = count(unknown as i64, "group", "groups");
        facts.push(Fact::new("Unknown, for now", Line::plain(value)));
    }
    Some(Section {
        heading: Some(format!(
            "What there is ({})",
            count(groups.len() as i64, "group", "groups")
        )),
        lines: vec![Line::plain(
            "This is the first digest here. From the next one on it tells what changed.",
        )],
        facts,
        ..Section::default()
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
