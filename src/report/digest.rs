//! The digest: the report as a message for chat, in the order in which it is read on a Monday.
//!
//! First the network beside the year before, then at most five groups to write to, each with its
//! reason and the people who carry it, then what is worth a thank-you and what comes next; last, how
//! fresh the data is and what is unknown. Long lists are counted, not told.

use super::{
    compose::{GroupReport, Report},
    message::{Entry, Fact, Line, Message, Section, Tone},
    plain::clean,
    words::{count, local_day, number, say, weekday},
};
use crate::metrics::Status;
use chrono::{Duration, NaiveDate};

/// Groups told one by one.
const WRITE_TO: usize = 5;
/// Events listed ahead.
const AHEAD: usize = 12;
/// People named per group.
const NAMED: usize = 2;

/// The message for a report.
pub fn digest(report: &Report) -> Message {
    let n = &report.network;
    let names: Vec<String> = report.networks.iter().map(|name| clean(name)).collect();
    let who = if names.is_empty() {
        "User groups".to_owned()
    } else {
        names.join(", ")
    };
    let title = format!("{who} · {}", report.as_of.format("%A %-d %B %Y"));
    let headline = format!(
        "{} met in the last 365 days; {} the year before.",
        count(n.groups_met_365, "group", "groups"),
        number(n.groups_met_365_year_before)
    );
    let beside = |now: i64, before: i64| {
        Line::plain(format!(
            "{} · {} the year before",
            number(now),
            number(before)
        ))
    };
    let mut sections = vec![Section {
        lines: vec![Line::default().bold(&headline), standing(report)],
        facts: vec![
            Fact::new(
                "Events, 365 days",
                beside(n.events_365, n.events_365_year_before),
            ),
            Fact::new(
                "People, 365 days",
                beside(n.people_365, n.people_365_year_before),
            ),
            Fact::new(
                "Groups met, 30 days",
                beside(n.groups_met_30, n.groups_met_30_year_before),
            ),
        ],
        ..Section::default()
    }];
    sections.extend(write_to(report));
    sections.extend(thank_you(report));
    sections.extend(ahead(report));
    sections.extend(quiet(report));
    Message {
        fallback: format!("{title}: {headline}"),
        title,
        sections,
        elsewhere: "gatherd report lists them all".to_owned(),
        footer: footer(report),
    }
}

/// How the groups stand, in one line.
fn standing(report: &Report) -> Line {
    let by = &report.network.groups_by_status;
    let order = [
        Status::OnTarget,
        Status::Meeting,
        Status::Overdue,
        Status::Restarted,
        Status::New,
        Status::Unstarted,
        Status::Quiet,
    ];
    let parts: Vec<String> = order
        .into_iter()
        .filter(|status| by.of(*status) > 0)
        .map(|status| format!("{}: {}", say(status), number(by.of(status))))
        .collect();
    Line::plain(if parts.is_empty() {
        "No group had a complete history here as of this day.".to_owned()
    } else {
        parts.join(" · ")
    })
}

/// The groups that need a call, the most pressing first.
fn write_to(report: &Report) -> Option<Section> {
    let mut overdue = report.with_status(Status::Overdue);
    overdue.sort_by_key(|group| std::cmp::Reverse(group.figures.cadence.days_since_last_held));
    let mut new: Vec<&GroupReport> = report.with_status(Status::New);
    new.retain(|group| group.figures.events_ever == 0 && group.figures.next_event.is_none());
    let mut lately = report.with_status(Status::Quiet);
    lately.retain(|group| {
        group.figures.next_event.is_none()
            && group
                .figures
                .cadence
                .days_since_last_held
                .is_some_and(|days| days <= 365)
    });
    lately.sort_by_key(|group| group.figures.cadence.days_since_last_held);
    let all: Vec<&GroupReport> = overdue.into_iter().chain(new).chain(lately).collect();
    if all.is_empty() {
        return None;
    }
    let shown = all.len().min(WRITE_TO);
    let of = if shown < all.len() {
        format!("{shown} of {}", all.len())
    } else {
        shown.to_string()
    };
    Some(Section {
        heading: Some(format!("Please write to ({of})")),
        tone: Tone::Attention,
        entries: all[..shown].iter().map(|group| entry(group)).collect(),
        unlisted: all.len() - shown,
        ..Section::default()
    })
}

fn entry(group: &GroupReport) -> Entry {
    let figures = &group.figures;
    let status = figures.status.map_or("history still being read", say);
    let first = Line::default()
        .link(&figures.name, &figures.link)
        .text(format!(" · {status} · {}", group.reasons.join(" ")));
    let mut contact = Line::plain("→ ");
    if figures.leaders.is_empty() {
        contact =
            contact.text("needs an organizer: none on Meetup besides the network's own account");
    }
    for (nth, leader) in figures.leaders.iter().take(NAMED).enumerate() {
        let name = leader.name.as_deref().unwrap_or("(no name)");
        if nth > 0 {
            contact = contact.text(", ");
        }
        contact = contact.link(name, &leader.link);
    }
    Entry {
        lines: vec![first, contact],
    }
}

/// Groups that are back after a long silence.
fn thank_you(report: &Report) -> Option<Section> {
    let restarted = report.with_status(Status::Restarted);
    if restarted.is_empty() {
        return None;
    }
    let entries = restarted
        .iter()
        .map(|group| Entry {
            lines: vec![
                Line::default()
                    .link(&group.figures.name, &group.figures.link)
                    .text(format!(" · {}", group.reasons.join(" "))),
            ],
        })
        .collect();
    Some(Section {
        heading: Some("Worth a thank-you".to_owned()),
        tone: Tone::Good,
        entries,
        ..Section::default()
    })
}

/// The next two weeks.
fn ahead(report: &Report) -> Option<Section> {
    let until = report.as_of + Duration::days(14);
    let mut coming: Vec<_> = report
        .groups
        .iter()
        .filter_map(|group| {
            group
                .figures
                .next_event
                .as_ref()
                .map(|event| (group, event))
        })
        .filter(|(_, event)| event.starts_at <= until)
        .collect();
    coming.sort_by_key(|(_, event)| event.starts_at);
    if coming.is_empty() {
        return None;
    }
    let entries = coming
        .iter()
        .take(AHEAD)
        .map(|(group, event)| {
            let today: NaiveDate = group.figures.as_of_local.date_naive();
            let when = format!(
                " · {} {} · {} yes",
                weekday(event.starts_local.date(), today),
                event.starts_local.format("%H:%M"),
                number(event.yes)
            );
            let url = event.url.as_deref().unwrap_or(&group.figures.link);
            Entry {
                lines: vec![Line::default().link(&group.figures.name, url).text(when)],
            }
        })
        .collect();
    Some(Section {
        heading: Some("Next two weeks".to_owned()),
        entries,
        unlisted: coming.len().saturating_sub(AHEAD),
        ..Section::default()
    })
}

/// The long quiet ones, counted.
fn quiet(report: &Report) -> Option<Section> {
    let groups = report.with_status(Status::Quiet);
    if groups.is_empty() {
        return None;
    }
    let over_a_year = groups
        .iter()
        .filter(|group| {
            group
                .figures
                .cadence
                .days_since_last_held
                .is_some_and(|days| days > 365)
        })
        .count();
    let announced: Vec<String> = groups
        .iter()
        .filter_map(|group| {
            let event = group.figures.next_event.as_ref()?;
            let day = local_day(
                event.starts_local.date(),
                group.figures.as_of_local.date_naive(),
            );
            Some(format!("{}, next on {day}", group.figures.name))
        })
        .collect();
    let mut text = format!(
        "{} quiet, {} of them for over a year.",
        count(
            groups.len().try_into().unwrap_or(i64::MAX),
            "group is",
            "groups are"
        ),
        over_a_year
    );
    if !announced.is_empty() {
        text.push_str(&format!(" With a date: {}.", announced.join("; ")));
    }
    Some(Section {
        lines: vec![Line::plain(text)],
        ..Section::default()
    })
}

/// How fresh, what could not be read, what is unknown.
fn footer(report: &Report) -> Vec<Line> {
    let fresh = &report.freshness;
    let read = fresh.last_pass_at.map_or_else(
        || "No pass has read all of it yet.".to_owned(),
        |at| format!("Data to {}.", at.format("%a %-d %b %H:%M UTC")),
    );
    let groups = report.groups.len() - fresh.unread_groups.len().min(report.groups.len());
    let mut lines = vec![Line::plain(if fresh.unread_groups.is_empty() {
        format!("{read} All {} groups read.", report.groups.len())
    } else {
        format!(
            "{read} {groups} groups read; not read: {}.",
            named(&fresh.unread_groups)
        )
    })];
    if !fresh.incomplete_groups.is_empty() {
        lines.push(Line::plain(format!(
            "History still being read, so in no figure: {}.",
            named(&fresh.incomplete_groups)
        )));
    }
    lines.extend(report.remarks.iter().map(Line::plain));
    lines
}

fn named(urlnames: &[String]) -> String {
    let shown: Vec<&str> = urlnames.iter().take(8).map(String::as_str).collect();
    let more = urlnames.len().saturating_sub(8);
    if more > 0 {
        format!("{} and {more} more", shown.join(", "))
    } else {
        shown.join(", ")
    }
}
