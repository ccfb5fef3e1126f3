//! Tidings as one message, and as a document.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::Tiding;
use crate::community::AlertKind;
use crate::metrics::Leader;
use crate::report::document::leader;
use crate::report::message::{Entry, Line, Message, Section};
use crate::report::plain::{clean, group_name};
use crate::report::words::count;

/// Groups told one by one under a heading; the rest is counted.
const TOLD: usize = 10;
/// People named per group.
const NAMED: usize = 3;

/// The heading under which a kind is told.
fn heading(kind: AlertKind) -> &'static str {
    match kind {
        AlertKind::CancelledSoon => "Cancelled shortly before",
        AlertKind::Leaderless => "Needs an organizer",
        AlertKind::LastHost => "The last active host left",
        AlertKind::OrganizerChanged => "Another organizer",
        AlertKind::NewLeader => "A new leader",
        AlertKind::MeetupStatus => "Standing at Meetup",
        AlertKind::Renamed => "Another name",
        AlertKind::Restarted => "Meets again",
        AlertKind::FirstEvent => "First event",
        AlertKind::Overdue => "Long without a date",
        AlertKind::Quiet => "Quiet",
        AlertKind::Floor => "Soon below the policy",
    }
}

/// A heading as it stands within a sentence.
fn within(heading: &str) -> String {
    let (first, rest) = heading.split_at(1);
    format!("{}{rest}", first.to_lowercase())
}

/// All tidings as one message. `read_at` is when the group of them that was read longest ago was.
pub fn message(tidings: &[&Tiding], read_at: Option<DateTime<Utc>>) -> Message {
    let mut groups: Vec<&str> = tidings.iter().map(|it| it.group.id.as_str()).collect();
    groups.sort_unstable();
    groups.dedup();
    let title = match tidings {
        [one] => format!(
            "{}: {}",
            group_name(&one.group.name, &one.group.urlname),
            within(heading(one.kind))
        ),
        _ => {
            let groups = i64::try_from(groups.len()).unwrap_or(i64::MAX);
            format!("News of {}", count(groups, "group", "groups"))
        }
    };
    let mut sections: Vec<Section> = Vec::new();
    for kind in AlertKind::ALL {
        let of_kind: Vec<_> = tidings.iter().filter(|it| it.kind == *kind).collect();
        if of_kind.is_empty() {
            continue;
        }
        sections.push(Section {
            heading: Some(heading(*kind).to_owned()),
            entries: of_kind.iter().take(TOLD).map(|it| entry(it)).collect(),
            unlisted: of_kind.len().saturating_sub(TOLD),
            ..Section::default()
        });
    }
    let footer = read_at
        .map(|at| Line::plain(format!("Data to {}.", at.format("%a %-d %b %H:%M UTC"))))
        .into_iter()
        .collect();
    Message {
        fallback: fallback(&title, tidings),
        title,
        sections,
        elsewhere: "gatherd report lists them all".to_owned(),
        footer,
    }
}

fn fallback(title: &str, tidings: &[&Tiding]) -> String {
    match tidings {
        [one] => format!("{title}. {}", one.sentence),
        [first, rest @ ..] => format!(
            "{title}: {}: {} And {} more.",
            group_name(&first.group.name, &first.group.urlname),
            first.sentence,
            rest.len()
        ),
        [] => title.to_owned(),
    }
}

fn entry(tiding: &Tiding) -> Entry {
    let mut line = Line::default()
        .link(&tiding.group.name, &tiding.group.link)
        .text(" · ");
    if let Some(event) = &tiding.event {
        let title = clean(&event.title);
        line = match &event.url {
            Some(url) => line.link(title, url),
            None => line.text(title),
        };
        line = line.text(" · ");
    }
    let mut lines = vec![line.text(&tiding.sentence)];
    if !tiding.people.is_empty() {
        let mut people = Line::plain("→ ");
        for (nth, person) in tiding.people.iter().take(NAMED).enumerate() {
            if nth > 0 {
                people = people.text(", ");
            }
            people = people.link(name(person), &person.link);
        }
        lines.push(people);
    }
    Entry {
        about: Some(tiding.group.id.to_string()),
        ..Entry::of(lines)
    }
}

fn name(person: &Leader) -> &str {
    let name = person.name.as_deref().map(str::trim);
    name.filter(|name| !name.is_empty()).unwrap_or("(no name)")
}

/// The same for programs.
pub fn document(tidings: &[&Tiding], now: DateTime<Utc>, read_at: Option<DateTime<Utc>>) -> Value {
    written(tidings, now, read_at, true)
}

/// The same as it is kept: persons by their ids, and without the sentences that name some.
pub fn kept_document(
    tidings: &[&Tiding],
    now: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
) -> Value {
    written(tidings, now, read_at, false)
}

fn written(
    tidings: &[&Tiding],
    now: DateTime<Utc>,
    read_at: Option<DateTime<Utc>>,
    with_names: bool,
) -> Value {
    let at = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let alerts: Vec<Value> = tidings
        .iter()
        .map(|it| {
            let people = it.people.iter().take(NAMED);
            let people: Vec<Value> = people.map(|person| leader(person, with_names)).collect();
            let event = it.event.as_ref().map(|event| {
                json!({"token": event.token, "title": event.title, "starts_at": at(event.starts_at), "url": event.url})
            });
            let group = json!({"id": it.group.id.as_str(), "urlname": it.group.urlname, "name": it.group.name,
                "link": it.group.link, "country": it.group.country, "timezone": it.group.timezone});
            let sentence = (with_names || !it.kind.names_persons()).then_some(&it.sentence);
            json!({"kind": it.kind.as_str(), "sentence": sentence, "remedy": null, "noticed_at": at(it.noticed_at),
                "group": group, "event": event, "leaders": people})
        })
        .collect();
    json!({"schema_version": 1, "about": "groups", "generated_at": at(now), "last_pass_at": read_at.map(at), "alerts": alerts})
}
