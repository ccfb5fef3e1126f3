//! Part one: the network beside the year before; in the first digest, what there is.

use super::desk::{Desk, Place};
use super::linked;
use crate::metrics::{NetworkFigures, Status};
use crate::report::compose::GroupReport;
use crate::report::message::{Fact, Line, Section};
use crate::report::words::{Quietness, count, number, say};

/// Names told of the groups without a date.
const NAMED: usize = 4;
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
    let n = &desk.report.network;
    if desk.given.is_narrowed {
        let here = Here::of(desk);
        return match here.groups {
            0 => "None of the sponsored groups is in this channel's part.".to_owned(),
            1 if here.met_365 == 1 => "Your group met in the last 365 days.".to_owned(),
            1 => "Your group did not meet in the last 365 days.".to_owned(),
            groups => format!(
                "{} of your {} groups met in the last 365 days.",
                number(here.met_365),
                number(groups)
            ),
        };
    }
    match (n.groups, n.groups_met_365, n.groups_met_365_year_before) {
        (0, _, _) => "No figures yet: no group's history has been read through.".to_owned(),
        (_, 0, 0) => "No group met in the last 365 days, nor in the year before.".to_owned(),
        (_, now, before) => format!(
            "{} met in the last 365 days; {} the year before.",
            count(now, "group", "groups"),
            number(before)
        ),
    }
}

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Section {
    let n = &desk.report.network;
    let mut first = Line::default().bold(headline(desk));
    let mut lines = Vec::new();
    if n.groups == 0 {
        lines.push(first);
    } else if desk.given.is_narrowed {
        let here = Here::of(desk);
        first = first.text(match here.groups {
            0 => " Its groups, countries or time zones are set in the configuration.".to_owned(),
            _ => format!(
                " {} in that time; {} met in the last 30 days.",
                count(here.events_365, "event", "events"),
                number(here.met_30)
            ),
        });
        lines.push(first);
        lines.extend(announced(desk));
        lines.push(Line::plain(format!(
            "The whole network: {} met in the last 365 days ({} the year before), with {} ({}) and {} ({}).",
            count(n.groups_met_365, "group", "groups"),
            number(n.groups_met_365_year_before),
            count(n.events_365, "event", "events"),
            number(n.events_365_year_before),
            count(n.people_365, "person", "people"),
            number(n.people_365_year_before),
        )));
    } else if n.groups_met_365 + n.groups_met_365_year_before == 0 {
        lines.push(first);
    } else {
        first = first.text(format!(
            " {} ({}) and {} who took part ({}).",
            count(n.events_365, "event", "events"),
            number(n.events_365_year_before),
            count(n.people_365, "person", "people"),
            number(n.people_365_year_before),
        ));
        lines.push(first);
        lines.push(Line::plain(lately(n)));
    }
    if let Some(trend) = trend(n) {
        let whose = if desk.given.is_narrowed {
            " of the network"
        } else {
            ""
        };
        lines.push(Line::plain(format!("The year's trend{whose}: {trend}")));
    }
    if !desk.given.is_narrowed {
        lines.extend(announced(desk));
    }
    Section {
        lines,
        ..Section::default()
    }
}

fn lately(n: &NetworkFigures) -> String {
    format!(
        "Last 30 days: {} met ({} a year before). Last 90 days: {} took part for the first time ({} a year before).",
        count(n.groups_met_30, "group", "groups"),
        number(n.groups_met_30_year_before),
        count(n.first_timers_90, "person", "people"),
        number(n.first_timers_90_year_before),
    )
}

/// Which way a figure goes: a tenth more or less is no way.
fn way(now: i64, before: i64) -> Option<&'static str> {
    match (now, before) {
        (0, 0) => None,
        (now, before) if 10 * now > 11 * before => Some("more"),
        (now, before) if 10 * now < 9 * before => Some("fewer"),
        _ => Some("about as many"),
    }
}

/// Which way it goes: events and people of the year against the year before, and whether the last 90
/// days say the same.
fn trend(n: &NetworkFigures) -> Option<String> {
    let events = way(n.events_365, n.events_365_year_before)?;
    let year = match way(n.people_365, n.people_365_year_before) {
        Some(people) if people == events => format!("{events} events and people"),
        Some(people) => format!("{events} events, {people} people"),
        None => format!("{events} events"),
    };
    let numbers = format!(
        "{}, {} a year before",
        count(n.events_90, "event", "events"),
        number(n.events_90_year_before)
    );
    let lately = match way(n.events_90, n.events_90_year_before) {
        Some(lately) if lately == events => {
            format!(" The last 90 days go the same way ({numbers}).")
        }
        Some(lately) => format!(" In the last 90 days, {lately} ({numbers})."),
        None => String::new(),
    };
    Some(format!("{year}.{lately}"))
}

/// How many have a date, and which of those that meet as agreed have none.
fn announced(desk: &Desk<'_>) -> Option<Line> {
    desk.known().next()?;
    let with = desk
        .known()
        .filter(|group| group.figures.is_announced)
        .count();
    let mut without: Vec<&GroupReport> = desk
        .places()
        .filter(|(group, place)| {
            matches!(place, Place::Fine | Place::UsualPause(_))
                && group.figures.status == Some(Status::OnTarget)
                && !group.figures.is_announced
        })
        .map(|(group, _)| group)
        .collect();
    let has = match with {
        0 => "No group has a date announced".to_owned(),
        n => format!(
            "{} a date announced",
            count(n as i64, "group has", "groups have")
        ),
    };
    if without.is_empty() {
        return Some(Line::plain(format!("{has}.")));
    }
    // Whose next event is nearest, by its own habit, comes first.
    without.sort_by_key(|group| std::cmp::Reverse(group.figures.cadence.days_since_last_held));
    let line = Line::plain(format!("{has}; these meet as agreed and have none yet: "));
    Some(linked(line, without.into_iter(), NAMED).text("."))
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

/// The figures of a narrowed channel that can be made from its groups alone.
struct Here {
    groups: i64,
    met_30: i64,
    met_365: i64,
    events_365: i64,
}

impl Here {
    fn of(desk: &Desk<'_>) -> Self {
        let mut here = Self {
            groups: 0,
            met_30: 0,
            met_365: 0,
            events_365: 0,
        };
        for group in &desk.report.groups {
            let cadence = &group.figures.cadence;
            here.groups += 1;
            if !group.figures.history_complete {
                continue;
            }
            here.met_30 += i64::from(cadence.days_since_last_held.is_some_and(|days| days < 30));
            here.met_365 += i64::from(cadence.events_365 > 0);
            here.events_365 += cadence.events_365;
        }
        here
    }
}
