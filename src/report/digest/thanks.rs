//! Part five: what is worth a thank-you.

use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};

use super::desk::Desk;
use super::given::GroupBefore;
use crate::metrics::{GroupFigures, Happening, Status};
use crate::report::message::{Entry, Line, Section, Tone};
use crate::report::plain::clean;
use crate::report::words::{local_day, number, weekday};

/// Groups told one by one.
const TOLD: usize = 8;
/// A streak is told when it reaches a multiple of so many months.
const STREAK: i64 = 6;
/// A record needs so many events before it.
const RECORD_OF: i64 = 5;
/// What happened since then is news where nothing was told before.
const WEEK: TimeDelta = TimeDelta::days(7);

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let latest = desk.given.latest();
    let since = latest.map_or(desk.report.as_of - WEEK, |before| before.as_of);
    let mut entries: Vec<Entry> = Vec::new();
    for group in desk.known() {
        let figures = &group.figures;
        let before = latest.and_then(|before| before.group(&figures.id));
        let sentences = deserved(figures, before, since);
        if !sentences.is_empty() {
            let line = Line::default()
                .link(clean(&figures.name), &figures.link)
                .text(format!(" · {}", sentences.join(" ")));
            entries.push(Entry { lines: vec![line] });
        }
    }
    if entries.is_empty() {
        return None;
    }
    let unlisted = entries.len().saturating_sub(TOLD);
    entries.truncate(TOLD);
    Some(Section {
        heading: Some("Worth a thank-you".to_owned()),
        tone: Tone::Good,
        entries,
        unlisted,
        ..Section::default()
    })
}

fn deserved(
    group: &GroupFigures,
    before: Option<&GroupBefore>,
    since: DateTime<Utc>,
) -> Vec<String> {
    let today = group.as_of_local.date_naive();
    let mut sentences = Vec::new();
    let news = group
        .last_event
        .as_ref()
        .filter(|event| is_news(event, before, since));
    if let Some(event) = news {
        let day = weekday(event.starts_local.date(), today);
        match group
            .restarted
            .filter(|(on, _)| *on == event.starts_local.date())
        {
            Some((_, pause)) => sentences.push(format!(
                "Met again on {day} after {} days; {} said yes.",
                number(pause),
                number(event.yes)
            )),
            None if group.events_ever == 1 => sentences.push(format!(
                "Held its first event on {day}; {} said yes.",
                number(event.yes)
            )),
            None => {}
        }
        sentences.extend(record(group, event));
        sentences.extend(new_host(group, before));
    }
    sentences.extend(streak(group, before));
    sentences.extend(anniversary(group, today));
    sentences
}

/// Whether the event is one that no digest has told of.
fn is_news(event: &Happening, before: Option<&GroupBefore>, since: DateTime<Utc>) -> bool {
    match before {
        Some(before) => {
            before.last_token() != Some(event.token.as_str()) && event.starts_at > since - WEEK
        }
        None => event.starts_at > since,
    }
}

/// More said yes than to any event in person before.
fn record(group: &GroupFigures, event: &Happening) -> Option<String> {
    let (most, events) = group.most_yes_before?;
    let is_record = event.event_type != "ONLINE" && events >= RECORD_OF && event.yes > most;
    is_record.then(|| {
        format!(
            "A record in person: {} said yes on {}, {} at most to the {} events before.",
            number(event.yes),
            local_day(event.starts_local.date(), group.as_of_local.date_naive()),
            number(most),
            number(events)
        )
    })
}

fn new_host(group: &GroupFigures, before: Option<&GroupBefore>) -> Option<String> {
    let (now, then) = (group.organizers.new_hosts_365, before?.new_hosts_365()?);
    if now <= then || group.events_ever <= 1 {
        return None;
    }
    Some(match now {
        1 => "It has a new host.".to_owned(),
        2 => "It has a new host, the second in 365 days.".to_owned(),
        3 => "It has a new host, the third in 365 days.".to_owned(),
        n => format!("It has a new host: {n} in 365 days."),
    })
}

/// A streak that reached a round number since the digest before.
fn streak(group: &GroupFigures, before: Option<&GroupBefore>) -> Option<String> {
    let (now, then) = (group.cadence.streak_months, before?.streak_months()?);
    let reached = now / STREAK;
    (reached > then / STREAK).then(|| format!("Has met {now} months running."))
}

/// The day within the coming week on which it turns a year older.
fn anniversary(group: &GroupFigures, today: NaiveDate) -> Option<String> {
    // A group that does not meet has nothing to celebrate, and is not reminded of it.
    if matches!(group.status, None | Some(Status::Quiet | Status::Unstarted)) {
        return None;
    }
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
    if age < 1 {
        return None;
    }
    let when = match (day - today).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        _ => format!("on {}", day.format("%A")),
    };
    Some(format!("Turns {age} {when}."))
}
