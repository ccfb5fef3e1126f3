//! Who was asked and has not answered, when each comes back, and where it is time to look again.

use chrono::{NaiveDate, TimeDelta};

use super::desk::{Desk, Place};
use super::given::Given;
use super::persons::{asking, latest_note, next_to_ask};
use crate::community::{Cause, Contact};
use crate::report::compose::GroupReport;
use crate::report::message::{Entry, Line, Section, Tone};
use crate::report::plain::clean;
use crate::report::words::{local_day, weekday};

/// How long an answer is waited for where no date was given.
const PATIENCE: TimeDelta = TimeDelta::days(14);
/// How long it stays here once its day has come; then it is a group like any other.
const REMINDED: TimeDelta = TimeDelta::days(28);
/// Groups told one by one.
const TOLD: usize = 8;

/// Whose turn it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Turn {
    /// Theirs, until that day.
    Theirs(NaiveDate),
    /// Ours, since that day.
    Ours(NaiveDate),
}

/// Whose turn it is after the last asking; none where nobody was asked, it is long past, or what it was about
/// is no more: a group that met or announced a date since then is as it is.
pub(super) fn turn(
    contact: &Contact,
    group: &GroupReport,
    causes: &[Cause],
    given: &Given<'_>,
) -> Option<Turn> {
    let asked = contact.last_asked()?;
    let figures = &group.figures;
    let on = |at: chrono::DateTime<chrono::Utc>| at.with_timezone(&given.now.timezone());
    let has_met = figures
        .last_event
        .as_ref()
        .is_some_and(|event| event.starts_at > asked.at);
    if (has_met || figures.is_announced) && causes.is_empty() {
        return None;
    }
    // A note taken since then is as good as a word from them: the wait begins anew.
    let noted = contact.notes.iter().map(|note| note.at);
    let heard = noted.fold(asked.at, std::cmp::max);
    let again = asked
        .again_on
        .unwrap_or_else(|| (on(heard) + PATIENCE).date_naive());
    let today = given.today();
    if today < again {
        Some(Turn::Theirs(again))
    } else {
        (today - again <= REMINDED).then_some(Turn::Ours(again))
    }
}

/// The section.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let mut asked: Vec<(NaiveDate, bool, &GroupReport)> = desk
        .places()
        .filter_map(|(group, place)| match place {
            Place::Asked(Turn::Ours(day)) => Some((*day, true, group)),
            Place::Asked(Turn::Theirs(day)) => Some((*day, false, group)),
            _ => None,
        })
        .collect();
    if asked.is_empty() {
        return None;
    }
    asked.sort_by_key(|(day, _, _)| *day);
    let entries = asked
        .iter()
        .take(TOLD)
        .map(|(day, is_ours, group)| entry(desk, group, *day, *is_ours))
        .collect();
    Some(Section {
        heading: Some(format!("Waiting for an answer ({})", asked.len())),
        tone: Tone::Neutral,
        entries,
        unlisted: asked.len().saturating_sub(TOLD),
        elsewhere: Some("gatherd notes lists them all".to_owned()),
        ..Section::default()
    })
}

fn entry(desk: &Desk<'_>, group: &GroupReport, day: NaiveDate, is_ours: bool) -> Entry {
    let (figures, today) = (&group.figures, desk.given.today());
    let last = desk.contact(group).and_then(Contact::last_asked);
    let asked = last.map_or_else(String::new, |asked| asking(desk, asked));
    let mut line = Line::default().link(clean(&figures.name), &figures.link);
    let when = if day == today {
        "look again today".to_owned()
    } else if is_ours {
        format!("look again, due on {}", local_day(day, today))
    } else {
        format!("look again on {}", weekday(day, today))
    };
    line = line.text(format!(" · asked {asked}; {when}."));
    if is_ours {
        line = match next_to_ask(desk, group) {
            Some(person) => person.told(line.text(" Next person to ask: ")).text("."),
            None => line.text(" Nobody else is known to ask."),
        };
    }
    if let Some(note) = latest_note(desk, group) {
        line = line.text(format!(" {note}"));
    }
    Entry { lines: vec![line] }
}
