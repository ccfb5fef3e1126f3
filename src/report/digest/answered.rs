//! Groups that were asked and have met or announced a date since, and what came of asking in all.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::desk::{Desk, Place};
use super::persons::asking;
use super::reply::Answer;
use crate::community::Contact;
use crate::metrics::{Asks, Happening, Rate};
use crate::report::compose::GroupReport;
use crate::report::message::{Entry, Line, Section, Tone};
use crate::report::plain::group_name;
use crate::report::words::{number, weekday};

/// Groups told one by one.
const TOLD: usize = 8;

/// A group that answered, as programs are told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answered {
    /// The group's id.
    pub id: String,
    /// Its urlname.
    pub urlname: String,
    /// When it was asked last.
    pub asked_at: Option<DateTime<Utc>>,
    /// Whether the event was held; else it is announced.
    pub is_held: bool,
    /// What came of it.
    pub event: Happening,
}

/// All that answered since the digest before, for programs.
pub(super) fn answered(desk: &Desk<'_>) -> Vec<Answered> {
    let places = desk.places().filter_map(|(group, place)| match place {
        Place::Answered(answer) => Some((group, *answer)),
        _ => None,
    });
    places
        .map(|(group, answer)| {
            let (is_held, event) = match answer {
                Answer::Met(event) => (true, event),
                Answer::Announced(event) => (false, event),
            };
            let last = desk.contact(group).and_then(Contact::last_asked);
            Answered {
                id: group.figures.id.clone(),
                urlname: group.figures.urlname.clone(),
                asked_at: last.map(|asked| asked.at),
                is_held,
                event: event.clone(),
            }
        })
        .collect()
}

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let answered: Vec<(&GroupReport, Answer<'_>)> = desk
        .places()
        .filter_map(|(group, place)| match place {
            Place::Answered(answer) => Some((group, *answer)),
            _ => None,
        })
        .collect();
    let asks = desk.network().asks.as_ref();
    let asks = asks.filter(|_| !answered.is_empty() || desk.given.is_monthly);
    if answered.is_empty() && asks.is_none() {
        return None;
    }
    let entries = answered.iter().take(TOLD);
    let mut entries: Vec<Entry> = entries
        .map(|(group, answer)| entry(desk, group, *answer))
        .collect();
    entries.extend(asks.map(|asks| Entry::of(vec![Line::plain(came_of_asking(asks))])));
    Some(Section {
        heading: Some(match answered.len() {
            0 => "Answered".to_owned(),
            n => format!("Answered ({n})"),
        }),
        tone: Tone::Good,
        entries,
        unlisted: answered.len().saturating_sub(TOLD),
        elsewhere: Some("gatherd notes lists them all".to_owned()),
        ..Section::default()
    })
}

fn entry(desk: &Desk<'_>, group: &GroupReport, answer: Answer<'_>) -> Entry {
    let figures = &group.figures;
    let here = figures.as_of_local.date_naive();
    let last = desk.contact(group).and_then(Contact::last_asked);
    let asked = last.map_or_else(String::new, |asked| asking(desk, asked));
    let came = match answer {
        Answer::Met(event) => {
            let what = if figures.events_ever == 1 {
                "it held its first event ever on"
            } else {
                "it met on"
            };
            format!(
                "{what} {}, {} said yes",
                weekday(event.starts_local.date(), here),
                number(event.yes)
            )
        }
        Answer::Announced(event) => {
            let what = if figures.events_ever == 0 {
                "its first event ever is on"
            } else {
                "its next event is on"
            };
            format!(
                "{what} {}, {} yes so far",
                weekday(event.starts_local.date(), here),
                number(event.yes)
            )
        }
    };
    let line = Line::default()
        .link(group_name(&figures.name, &figures.urlname), &figures.link)
        .text(format!(" · asked {asked}; {came}."));
    Entry::of(vec![line])
}

/// "Of 12 groups asked in a year, 7 had met or announced a date within 30 days, 8 within 90. Of 40 pauses like
/// theirs in which nobody was asked: 12 and 20."
fn came_of_asking(asks: &Asks) -> String {
    let all = format!(
        "Of {} groups asked in the last 365 days, {} within 30 days, {} within 90.",
        number(asks.asked),
        of_asked(asks.answered_30, asks.asked, "met or announced a date"),
        of_asked(asks.answered_90, asks.asked, "")
    );
    if asks.unasked_30.denominator == 0 {
        return all;
    }
    format!(
        "{all} Of {} pauses like theirs in which nobody was asked, {} did within 30 days{}.",
        number(asks.unasked_30.denominator),
        number(asks.unasked_30.numerator),
        match asks.unasked_90.denominator {
            0 => String::new(),
            of if of == asks.unasked_30.denominator =>
                format!(", {} within 90", number(asks.unasked_90.numerator)),
            of => format!(
                ", {} of {} within 90",
                number(asks.unasked_90.numerator),
                number(of)
            ),
        }
    )
}

/// "7 met or announced a date"; "7 of 10" where not all asked can be told of yet.
fn of_asked(of: Rate, asked: i64, did: &str) -> String {
    let n = if of.denominator == asked {
        number(of.numerator)
    } else {
        format!("{} of {}", number(of.numerator), number(of.denominator))
    };
    if did.is_empty() {
        n
    } else {
        format!("{n} {did}")
    }
}
