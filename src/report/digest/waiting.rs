//! Who was asked and has not answered, who said not now, when each comes back, and where it is time to look
//! again.

use chrono::NaiveDate;

use super::desk::{Desk, Place};
use super::persons::{asking, latest_note, next_to_ask};
use super::turn::Turn;
use crate::community::Contact;
use crate::report::compose::GroupReport;
use crate::report::message::{Entry, Line, Section, Tone, Topic};
use crate::report::plain::group_name;
use crate::report::words::{local_day, weekday};

/// Groups told one by one.
const TOLD: usize = 8;

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wait {
    /// An answer, until the day.
    Answer,
    /// For us to look again, since the day.
    Us,
    /// For the day until which it is to be left alone.
    Day,
}

/// A group that is waited for, as it would stand in the message.
#[derive(Debug, Clone, PartialEq)]
pub struct Awaited {
    /// Its urlname.
    pub urlname: String,
    /// Who was asked, when to look again, and whom to ask next.
    pub entry: Entry,
}

/// All of them, the one to look at first in front.
pub(super) fn awaited(desk: &Desk<'_>) -> Vec<Awaited> {
    let told = |(day, wait, group): &Waiting<'_>| Awaited {
        urlname: group.figures.urlname.clone(),
        entry: entry(desk, group, *day, *wait),
    };
    all(desk).iter().map(told).collect()
}

/// Until which day, for what, and which group.
type Waiting<'a> = (NaiveDate, Wait, &'a GroupReport);

fn all<'a>(desk: &'a Desk<'_>) -> Vec<Waiting<'a>> {
    let mut asked: Vec<Waiting<'_>> = desk
        .places()
        .filter_map(|(group, place)| match place {
            Place::Asked(Turn::Ours(day)) => Some((*day, Wait::Us, group)),
            Place::Asked(Turn::Theirs(day)) => Some((*day, Wait::Answer, group)),
            Place::NotNow(day) => Some((*day, Wait::Day, group)),
            _ => None,
        })
        .collect();
    asked.sort_by_key(|(day, _, _)| *day);
    asked
}

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let asked = all(desk);
    if asked.is_empty() {
        return None;
    }
    let entries = asked
        .iter()
        .take(TOLD)
        .map(|(day, wait, group)| entry(desk, group, *day, *wait))
        .collect();
    Some(Section {
        heading: Some(format!("Waiting for an answer ({})", asked.len())),
        topic: Topic::Waiting,
        tone: Tone::Neutral,
        entries,
        unlisted: asked.len().saturating_sub(TOLD),
        elsewhere: Some("gatherd notes lists them all".to_owned()),
        ..Section::default()
    })
}

fn entry(desk: &Desk<'_>, group: &GroupReport, day: NaiveDate, wait: Wait) -> Entry {
    let (figures, today) = (&group.figures, desk.given.today());
    let last = desk.contact(group).and_then(Contact::last_asked);
    let asked = last.map_or_else(String::new, |asked| asking(desk, asked));
    let mut line = Line::default().link(group_name(&figures.name, &figures.urlname), &figures.link);
    let when = if day == today {
        "look again today".to_owned()
    } else if wait == Wait::Us {
        format!("look again, due on {}", local_day(day, today))
    } else {
        format!("look again on {}", weekday(day, today))
    };
    line = line.text(match wait {
        Wait::Day => format!(" · not now; {when}."),
        Wait::Answer | Wait::Us => format!(" · asked {asked}; {when}."),
    });
    if wait == Wait::Us {
        line = match next_to_ask(desk, group) {
            Some(person) => person.told(line.text(" Next person to ask: ")).text("."),
            None => line.text(" Nobody else is known to ask."),
        };
    }
    if let Some(note) = latest_note(desk, group) {
        line = line.text(format!(" {note}"));
    }
    Entry {
        about: Some(figures.id.clone()),
        ..Entry::of(vec![line])
    }
}
