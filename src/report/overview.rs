//! Every group in one line: how it stands, what a word could help with, when anybody was in contact.

mod everyone;
mod table;

use std::cmp::Reverse;
use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::compose::{GroupReport, Report};
use super::plain::clean;
use crate::community::{Cause, Contact, Order, Status};
use crate::metrics::GroupFigures;

pub use everyone::everyone;
pub use table::overview_text;

/// A group in one line; field names are the keys of the JSON and the columns of the CSV.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupLine {
    /// The name in its address.
    pub urlname: String,
    /// Display name.
    pub name: String,
    /// Its page.
    pub link: String,
    /// Two letters.
    pub country: Option<String>,
    /// By its IANA name.
    pub timezone: Option<String>,
    /// How it is doing; none while its history is still being read.
    pub status: Option<Status>,
    /// Why a word could help, the most urgent first.
    pub causes: Vec<Cause>,
    /// People who took part in the 365 days up to its latest event.
    pub stake: i64,
    /// People who took part in the last 365 days.
    pub people_365: i64,
    /// The same a year before; none where it was not measured then.
    pub people_365_year_before: Option<i64>,
    /// Whole days since its latest event.
    pub days_since_last_held: Option<i64>,
    /// The median of the days between its events of the last 365 days.
    pub median_gap_days: Option<f64>,
    /// The median of its last twelve gaps, as `pause.usual_days` has it: what is said to be usual for it.
    pub usual_days: Option<f64>,
    /// The local date of its next event.
    pub next_on: Option<NaiveDate>,
    /// The local date on which any leader was last seen there, or hosted.
    pub leader_on: Option<NaiveDate>,
    /// The date on which somebody was last asked, or something was noted.
    pub contact_on: Option<NaiveDate>,
    /// The latest note.
    pub note: Option<String>,
    /// Who looks after it.
    pub owner: Option<String>,
    /// How much a word is worth: what is at stake, as far as it is at risk.
    #[serde(skip)]
    weight: f64,
}

/// A line for each group of a report, beside what is remembered of contact by then. Without an order, what is most at stake where a word could help comes first, and groups that never
/// met after those that did.
pub fn overview(
    report: &Report,
    (contacts, known_by): (&[Contact], DateTime<Utc>),
    order: Option<Order>,
) -> Vec<GroupLine> {
    let contacts: HashMap<&str, &Contact> =
        contacts.iter().map(|it| (it.group.as_str(), it)).collect();
    let mut lines: Vec<GroupLine> = report
        .groups
        .iter()
        .map(|group| {
            let contact = contacts.get(group.figures.id.as_str());
            line(report, group, (contact.copied(), known_by))
        })
        .collect();
    lines.sort_by(|a, b| compare(order, a, b).then_with(|| a.urlname.cmp(&b.urlname)));
    lines
}

fn line(
    report: &Report,
    group: &GroupReport,
    (contact, known_by): (Option<&Contact>, DateTime<Utc>),
) -> GroupLine {
    let figures = &group.figures;
    let zone = *figures.as_of_local.offset();
    let leader_at = figures
        .leaders
        .iter()
        .flat_map(|it| [it.last_access_at, it.last_seen_at, it.last_hosted_at])
        .flatten()
        .filter(|at| *at <= report.as_of)
        .max();
    let contact_at = contact.and_then(|contact| {
        let noted = contact.notes.iter().map(|it| it.at);
        let asked = contact.asked.iter().map(|it| it.at);
        noted.chain(asked).filter(|at| *at <= known_by).max()
    });
    let before = figures.attendance.people_365_year_before;
    GroupLine {
        urlname: figures.urlname.clone(),
        name: figures.name.clone(),
        link: figures.link.clone(),
        country: figures.country.clone(),
        timezone: figures.timezone.clone(),
        status: figures.status,
        causes: group.causes.clone(),
        stake: figures.stake,
        people_365: figures.attendance.people_365,
        people_365_year_before: before.filter(|_| figures.history_complete),
        days_since_last_held: figures.cadence.days_since_last_held,
        median_gap_days: figures.cadence.median_gap_days,
        usual_days: figures.usual_days,
        next_on: figures.next_event.as_ref().map(|it| it.starts_local.date()),
        leader_on: leader_at.map(|at| at.with_timezone(&zone).date_naive()),
        contact_on: contact_at.map(|at| at.with_timezone(&zone).date_naive()),
        note: contact.and_then(|it| {
            let known = it.notes.iter().filter(|note| note.at <= known_by);
            known
                .max_by_key(|note| note.at)
                .map(|note| note.text.clone())
        }),
        owner: contact.and_then(|it| it.owner.as_ref().map(|it| it.name.clone())),
        weight: weight(figures, &group.causes),
    }
}

fn weight(figures: &GroupFigures, causes: &[Cause]) -> f64 {
    let first = causes.first().map_or(0.0, |cause| cause.weight(figures));
    #[allow(clippy::cast_precision_loss)] // counts of people stay far below 2^53
    let stake = figures.stake as f64;
    first * stake
}

fn compare(order: Option<Order>, a: &GroupLine, b: &GroupLine) -> std::cmp::Ordering {
    let latest_first = |a: Option<i64>, b: Option<i64>| Reverse(a).cmp(&Reverse(b));
    // What is unknown comes last.
    let soonest =
        |a: Option<NaiveDate>, b: Option<NaiveDate>| (a.is_none(), a).cmp(&(b.is_none(), b));
    // What never was comes first.
    let oldest = |a: Option<NaiveDate>, b: Option<NaiveDate>| a.cmp(&b);
    // Where there is none it comes last.
    let word = |it: Option<&String>| (it.is_none(), it.map(|it| clean(it).to_lowercase()));
    match order {
        None => {
            let rank = |it: &GroupLine| {
                let never_met = it.days_since_last_held.is_none();
                (it.causes.is_empty(), never_met)
            };
            let cause = |it: &GroupLine| it.causes.first().copied();
            rank(a)
                .cmp(&rank(b))
                .then_with(|| b.weight.total_cmp(&a.weight))
                .then_with(|| cause(a).cmp(&cause(b)))
                .then_with(|| latest_first(a.days_since_last_held, b.days_since_last_held))
        }
        Some(Order::Stake) => b.stake.cmp(&a.stake),
        Some(Order::Days) => latest_first(a.days_since_last_held, b.days_since_last_held),
        Some(Order::Name) => clean(&a.name)
            .to_lowercase()
            .cmp(&clean(&b.name).to_lowercase()),
        Some(Order::People) => b.people_365.cmp(&a.people_365),
        Some(Order::Change) => {
            let change = |it: &GroupLine| {
                it.people_365_year_before
                    .map(|before| it.people_365 - before)
            };
            let (a, b) = (change(a), change(b));
            (a.is_none(), a).cmp(&(b.is_none(), b))
        }
        Some(Order::Next) => soonest(a.next_on, b.next_on),
        Some(Order::Leader) => oldest(a.leader_on, b.leader_on),
        Some(Order::Cause) => {
            let cause = |it: &GroupLine| it.causes.first().copied();
            let (a, b) = (cause(a), cause(b));
            (a.is_none(), a).cmp(&(b.is_none(), b))
        }
        Some(Order::Contact) => oldest(a.contact_on, b.contact_on),
        Some(Order::Status) => worst(a.status).cmp(&worst(b.status)),
        Some(Order::Country) => word(a.country.as_ref()).cmp(&word(b.country.as_ref())),
        Some(Order::Timezone) => word(a.timezone.as_ref()).cmp(&word(b.timezone.as_ref())),
        Some(Order::Owner) => word(a.owner.as_ref()).cmp(&word(b.owner.as_ref())),
    }
}

/// How bad a status is: the worst first, and last what is not known yet.
pub fn worst(status: Option<Status>) -> usize {
    const WORST: [Status; 7] = [
        Status::Overdue,
        Status::Quiet,
        Status::Unstarted,
        Status::New,
        Status::Restarted,
        Status::Meeting,
        Status::OnTarget,
    ];
    let place = |it| WORST.iter().position(|known| *known == it);
    status.and_then(place).unwrap_or(WORST.len())
}

/// The lines as CSV (RFC 4180), with a header. No cell is a formula to a spreadsheet: text that would be one
/// stands behind an apostrophe.
pub fn overview_csv(lines: &[GroupLine]) -> String {
    let mut text = String::from(
        "urlname,name,link,country,timezone,status,causes,stake,people_365,people_365_year_before,\
         days_since_last_held,median_gap_days,usual_days,next_on,leader_on,contact_on,note,owner\r\n",
    );
    let date = |date: Option<NaiveDate>| date.map_or_else(String::new, |it| it.to_string());
    let days = |days: Option<f64>| days.map_or_else(String::new, |it| it.to_string());
    let count = |count: Option<i64>| count.map_or_else(String::new, |it| it.to_string());
    for it in lines {
        let causes: Vec<&str> = it.causes.iter().map(|cause| cause.as_str()).collect();
        let cells = [
            cell(&it.urlname),
            cell(&it.name),
            cell(&it.link),
            cell(it.country.as_deref().unwrap_or_default()),
            cell(it.timezone.as_deref().unwrap_or_default()),
            it.status.map_or("", Status::as_str).to_owned(),
            causes.join(" "),
            it.stake.to_string(),
            it.people_365.to_string(),
            count(it.people_365_year_before),
            count(it.days_since_last_held),
            days(it.median_gap_days),
            days(it.usual_days),
            date(it.next_on),
            date(it.leader_on),
            date(it.contact_on),
            cell(it.note.as_deref().unwrap_or_default()),
            cell(it.owner.as_deref().unwrap_or_default()),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

fn cell(text: &str) -> String {
    let mut text = clean(text);
    if text.starts_with([
        '=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}',
    ]) {
        text.insert(0, '\'');
    }
    if text.contains([',', '"', '\'', ';', '\n', '\r']) {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

impl Cause {
    /// What it is called in a list.
    pub fn in_short(self) -> &'static str {
        match self {
            Self::LastHostLeft => "hosts have left",
            Self::NoLeader => "no organizer",
            Self::Overdue => "long pause",
            Self::TurningQuiet => "turning quiet",
            Self::SecondDate => "no second date",
            Self::NotBegun => "no first event",
            Self::LeadersUnseen => "leaders unseen",
            Self::Policy => "below policy",
            Self::LeaderAway => "leader away",
            Self::Quiet => "quiet",
            Self::MostlyOurs => "mostly by us",
            Self::TurnoutFalling => "fewer say yes",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_and_every_cell_stays_one() {
        for (text, expected) in [
            ("acme", "acme"),
            ("=1+1", "\"'=1+1\""),
            ("+49", "\"'+49\""),
            ("-x", "\"'-x\""),
            ("@home", "\"'@home\""),
            ("\t=1", "\"'=1\""),
            ("a \"b\", c", "\"a \"\"b\"\", c\""),
            ("two\nlines", "two lines"),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
