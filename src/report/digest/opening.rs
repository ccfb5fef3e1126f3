//! Part one: the network beside the year before; in the first digest, what there is.

use super::desk::Desk;
use crate::metrics::{NetworkFigures, Status};
use crate::report::message::{Fact, Line, Section};
use crate::report::words::{Quietness, count, number, say};

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
        return format!(
            "{} of your {} met in the last 365 days.",
            number(here.met_365),
            count(here.groups, "group", "groups")
        );
    }
    format!(
        "{} met in the last 365 days; {} the year before.",
        count(n.groups_met_365, "group", "groups"),
        number(n.groups_met_365_year_before)
    )
}

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Section {
    let n = &desk.report.network;
    let mut lines = vec![Line::default().bold(headline(desk))];
    if desk.given.is_narrowed {
        let here = Here::of(desk);
        lines[0] = lines[0].clone().text(format!(
            " They held {}; {} met in the last 30 days.",
            count(here.events_365, "event", "events"),
            number(here.met_30)
        ));
        lines.push(Line::plain(format!(
            "The whole network: {} met in the last 365 days ({} the year before), with {} ({}) and {} ({}).",
            count(n.groups_met_365, "group", "groups"),
            number(n.groups_met_365_year_before),
            count(n.events_365, "event", "events"),
            number(n.events_365_year_before),
            count(n.people_365, "person", "people"),
            number(n.people_365_year_before),
        )));
    } else {
        lines[0] = lines[0].clone().text(format!(
            " {} ({}) and {} who took part ({}).",
            count(n.events_365, "event", "events"),
            number(n.events_365_year_before),
            count(n.people_365, "person", "people"),
            number(n.people_365_year_before),
        ));
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
    Section {
        lines,
        ..Section::default()
    }
}

fn lately(n: &NetworkFigures) -> String {
    format!(
        "Last 30 days: {} met ({} a year before). Last 90 days: {} took part for the first time.",
        count(n.groups_met_30, "group", "groups"),
        number(n.groups_met_30_year_before),
        count(n.first_timers_90, "person", "people"),
    )
}

/// Which way it goes: the year against the year before, and whether the last 90 days say the same.
fn trend(n: &NetworkFigures) -> Option<String> {
    let way = |now: i64, before: i64| match (now, before) {
        (0, 0) => None,
        (now, before) if 10 * now > 11 * before => Some("more"),
        (now, before) if 10 * now < 9 * before => Some("fewer"),
        _ => Some("about as many"),
    };
    let (year, quarter) = (
        way(n.events_365, n.events_365_year_before)?,
        way(n.events_90, n.events_90_year_before),
    );
    let numbers = format!(
        "{}, {} a year before",
        number(n.events_90),
        number(n.events_90_year_before)
    );
    let year = match year {
        "about as many" => "about as many events as the year before",
        "more" => "more events than the year before",
        _ => "fewer events than the year before",
    };
    Some(match quarter {
        Some(quarter) if year.starts_with(quarter) => {
            format!("{year}; the last 90 days go the same way ({numbers}).")
        }
        Some(quarter) => format!("{year}; in the last 90 days, {quarter} ({numbers})."),
        None => format!("{year}."),
    })
}

/// What there is, by status: the first digest says no more of most groups.
pub(super) fn inventory(desk: &Desk<'_>) -> Option<Section> {
    let groups = &desk.report.groups;
    if !desk.given.before.is_empty() || groups.is_empty() {
        return None;
    }
    let with = |status: Status| {
        groups
            .iter()
            .filter(move |it| it.figures.status == Some(status))
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
    let unknown = groups
        .iter()
        .filter(|it| it.figures.status.is_none())
        .count();
    if unknown > 0 {
        let value = count(unknown as i64, "group", "groups");
        facts.push(Fact::new("History still being read", Line::plain(value)));
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
