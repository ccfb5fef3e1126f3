//! What is worth a thank-you.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};

use super::desk::Desk;
use crate::community::{EventType, GroupBefore};
use crate::metrics::{GroupFigures, Happening, Status};
use crate::report::compose::GroupReport;
use crate::report::message::{Entry, Line, Section, Tone};
use crate::report::plain::group_name;
use crate::report::words::{count, number, weekday};

/// Groups told one by one.
const TOLD: usize = 8;
/// The first streak told, in months.
const STREAK: i64 = 6;
/// Thanks for a date are given from so many yes on.
const YES: i64 = 5;
/// A record needs so many events before it.
const RECORD_OF: i64 = 5;
/// What happened since then is news where nothing was told before.
const WEEK: TimeDelta = TimeDelta::days(7);

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let latest = desk.given.latest();
    let since = latest.map_or(desk.report.as_of - WEEK, |before| before.as_of);
    let mut deserving: Vec<(Vec<Thanks>, &GroupReport)> = desk
        .known()
        .map(|group| {
            let before = latest.and_then(|before| before.group(&group.figures.id));
            (deserved(group, before, since), group)
        })
        .filter(|(thanks, _)| !thanks.is_empty())
        .collect();
    if deserving.is_empty() {
        return None;
    }
    // The rarest first; what is left out is what comes every year.
    deserving.sort_by_key(|(thanks, _)| thanks.iter().map(|it| it.0).min());
    let entries = deserving.iter().take(TOLD).map(|(thanks, group)| {
        let sentences: Vec<&str> = thanks.iter().map(|it| it.1.as_str()).collect();
        let line = Line::default()
            .link(
                group_name(&group.figures.name, &group.figures.urlname),
                &group.figures.link,
            )
            .text(format!(" · {}", sentences.join(" ")));
        Entry::of(vec![line])
    });
    Some(Section {
        heading: Some(format!("Worth a thank-you ({})", deserving.len())),
        tone: Tone::Good,
        entries: entries.collect(),
        unlisted: deserving.len().saturating_sub(TOLD),
        elsewhere: Some(String::new()),
        ..Section::default()
    })
}

/// How rare it is, the rarest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Beginning,
    RoundYears,
    Record,
    NewHost,
    Streak,
    Years,
}

/// What is worth a thank-you, in a sentence.
struct Thanks(Rank, String);

fn deserved(
    report: &GroupReport,
    before: Option<&GroupBefore>,
    since: DateTime<Utc>,
) -> Vec<Thanks> {
    let group = &report.figures;
    let today = group.as_of_local.date_naive();
    let mut thanks = Vec::new();
    let news = group
        .last_event
        .as_ref()
        .filter(|event| event.yes >= YES && is_news(event, before, since));
    if let Some(event) = news {
        let day = weekday(event.starts_local.date(), today);
        let restarted = group
            .restarted
            .filter(|(on, _)| *on == event.starts_local.date());
        let beginning = match restarted {
            Some((_, pause)) => Some(format!(
                "Met again on {day} after {}; {} said yes.",
                count(pause, "day", "days"),
                number(event.yes)
            )),
            None => (group.events_ever == 1).then(|| {
                format!(
                    "Held its first event on {day}; {} said yes.",
                    number(event.yes)
                )
            }),
        };
        thanks.extend(beginning.map(|it| Thanks(Rank::Beginning, it)));
        thanks.extend(record(group, event).map(|it| Thanks(Rank::Record, it)));
        let host = new_host(group, before, event);
        thanks.extend(host.map(|it| Thanks(Rank::NewHost, it)));
    }
    thanks.extend(streak(group, before).map(|it| Thanks(Rank::Streak, it)));
    // A birthday of a group in trouble goes into the call to it.
    if report.causes.is_empty() {
        thanks.extend(anniversary(group, today));
    }
    thanks
}

/// Whether the event is one that no digest has told of.
fn is_news(event: &Happening, before: Option<&GroupBefore>, since: DateTime<Utc>) -> bool {
    match before {
        Some(before) => {
            before.last_event.as_deref() != Some(event.token.as_str())
                && event.starts_at > since - WEEK
        }
        None => event.starts_at > since,
    }
}

/// More said yes than to any event in person before.
fn record(group: &GroupFigures, event: &Happening) -> Option<String> {
    let (most, events) = group.most_yes_before?;
    let is_record =
        event.event_type != EventType::Online && events >= RECORD_OF && event.yes > most;
    is_record.then(|| {
        format!(
            "A record in person: {} said yes on {}; the most before was {}, in {} events.",
            number(event.yes),
            weekday(event.starts_local.date(), group.as_of_local.date_naive()),
            number(most),
            number(events)
        )
    })
}

/// Somebody else than staff hosted here for the first time, and it was this event.
fn new_host(
    group: &GroupFigures,
    before: Option<&GroupBefore>,
    event: &Happening,
) -> Option<String> {
    let (now, then) = (group.organizers.new_hosts_365, before?.new_hosts_365?);
    let is_theirs = group.newest_host_at == Some(event.starts_at);
    if now <= then || !is_theirs || group.events_ever <= 1 {
        return None;
    }
    let yes = number(event.yes);
    Some(match group.new_local_hosts {
        1 => format!("It has a new host; {yes} said yes."),
        2 => format!("It has a new host, the second in 365 days; {yes} said yes."),
        3 => format!("It has a new host, the third in 365 days; {yes} said yes."),
        n => format!("It has a new host, {n} in 365 days; {yes} said yes."),
    })
}

/// A streak that reached a round number since the digest before.
fn streak(group: &GroupFigures, before: Option<&GroupBefore>) -> Option<String> {
    let (now, then) = (group.cadence.streak_months, before?.streak_months?);
    // Half a year, then every year.
    let reached = |months: i64| i64::from(months >= STREAK) + months / (2 * STREAK);
    (reached(now) > reached(then)).then(|| format!("Has met {now} months running."))
}

/// The day within the coming week on which it turns a year older, and how old.
fn turns(group: &GroupFigures, today: NaiveDate) -> Option<(NaiveDate, i32)> {
    let founded = group.founded_local?.date_naive();
    let day = (0..7)
        .map(|days| today + TimeDelta::days(days))
        .find(|day| {
            let on = founded
                .with_year(day.year())
                // Founded on a 29 February.
                .or_else(|| NaiveDate::from_ymd_opt(day.year(), 3, 1));
            on == Some(*day)
        })?;
    let age = day.year() - founded.year();
    (age >= 1).then_some((day, age))
}

/// "Turns 10 tomorrow."
///
/// A group that does not meet has nothing to celebrate, and is not reminded of it.
pub(super) fn birthday(group: &GroupFigures, today: NaiveDate) -> Option<String> {
    if matches!(group.status, None | Some(Status::Quiet | Status::Unstarted)) {
        return None;
    }
    let (day, age) = turns(group, today)?;
    let when = match (day - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        _ => format!("on {}", day.format("%A")),
    };
    Some(format!("Turns {age} {when}."))
}

/// Its birthday, where it has something to celebrate.
fn anniversary(group: &GroupFigures, today: NaiveDate) -> Option<Thanks> {
    let (_, age) = turns(group, today)?;
    let rank = if age % 5 == 0 {
        Rank::RoundYears
    } else {
        Rank::Years
    };
    birthday(group, today).map(|told| Thanks(rank, told))
}
