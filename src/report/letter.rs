//! A letter to forward to an organizer: what can be seen on the group's own pages, and one question.
//!
//! What is said is chosen here, once for all languages; each language only words it. Nothing is said of
//! which nobody there could check the numbers, and nothing in blame.

mod de;
mod en;
mod es;
mod fr;
mod parts;
mod pt;

use chrono::{NaiveDate, TimeDelta};

use parts::{Ask, Say};

use super::causes::Turnout;
use super::compose::GroupReport;
use super::plain::{clean, group_name, wrap};
use super::words::rounded;
use crate::community::{Cause, Language};
use crate::metrics::{GroupFigures, Happening};

/// Columns of a letter.
const COLUMNS: usize = 72;
/// Days without an event that make half a year.
const HALF_A_YEAR: TimeDelta = TimeDelta::days(180);

/// A letter before it is worded.
#[derive(Debug, Clone, PartialEq)]
pub struct Letter {
    name: String,
    link: String,
    today: NaiveDate,
    says: Vec<Say>,
    asks: Ask,
}

/// The letter about a cause; without one, about the group's first; a thank-you where it has none.
pub fn letter(group: &GroupReport, cause: Option<Cause>) -> Letter {
    let figures = &group.figures;
    let cause = cause.or_else(|| group.causes.first().copied());
    let next = day_of(figures.next_event.as_ref());
    let mut says: Vec<Say> = cause.map_or_else(
        || vec![Say::Thanks],
        |cause| opening(cause, figures).into_iter().collect(),
    );
    // Of a single event all is said where it is told by its day, and ours are told among all.
    let is_told = match says.first() {
        Some(Say::Last(..) | Say::Again(..) | Say::First(..)) => figures.cadence.events_365 == 1,
        first => matches!(first, Some(Say::Ours(..))),
    };
    let year = (figures.cadence.events_365 > 0 && !is_told).then(|| {
        let people = some(figures.attendance.people_365);
        Say::Year(figures.cadence.events_365, people)
    });
    let half_year = (cause == Some(Cause::TurningQuiet)).then(|| half_year(figures));
    says.extend(half_year.flatten());
    says.extend(year);
    says.extend(next.map(|(on, yes)| Say::Next(on, yes)));
    if says.is_empty() {
        says.push(Say::Thanks);
    }
    Letter {
        name: group_name(&figures.name, &figures.urlname),
        link: clean(&figures.link),
        today: figures.as_of_local.date_naive(),
        says,
        asks: question(cause, figures),
    }
}

/// What comes first: what the cause is about, where that can be said, else when the group met last.
fn opening(cause: Cause, figures: &GroupFigures) -> Option<Say> {
    let last = last(figures);
    let special = match cause {
        Cause::LastHostLeft => Cause::of(figures)
            .contains(&cause)
            .then_some(Say::HostsLeft),
        Cause::NoLeader => Cause::of(figures)
            .contains(&cause)
            .then_some(Say::NoOrganizer),
        Cause::MostlyOurs => figures
            .organizers
            .staff_hosted_share
            .filter(|of| of.numerator > 0)
            // Of all its events: the share is of those with a known host.
            .map(|of| Say::Ours(of.numerator, figures.cadence.events_365)),
        Cause::TurnoutFalling => Turnout::of(figures)
            .filter(|turnout| turnout.is_falling())
            .map(|turnout| Say::Turnout(rounded(turnout.now), rounded(turnout.before)))
            .filter(|say| !matches!(say, Say::Turnout(0, _))),
        Cause::SecondDate => second(figures),
        Cause::Overdue
        | Cause::TurningQuiet
        | Cause::NotBegun
        | Cause::LeadersUnseen
        | Cause::Policy
        | Cause::LeaderAway
        | Cause::Quiet => None,
    };
    special.or(last)
}

/// When the group met last, or that it has not.
fn last(figures: &GroupFigures) -> Option<Say> {
    match day_of(figures.last_event.as_ref()) {
        Some((on, yes)) => Some(Say::Last(on, yes)),
        None if figures.history_complete => {
            Some(Say::NoneYet(figures.growth.members.and_then(some)))
        }
        None => None,
    }
}

/// What there is to be glad of in a beginning.
fn second(figures: &GroupFigures) -> Option<Say> {
    let (on, yes) = day_of(figures.last_event.as_ref())?;
    if figures.restarted.is_some_and(|(again, _)| again == on) {
        return Some(Say::Again(on, yes));
    }
    (figures.events_ever == 1).then_some(Say::First(on, yes))
}

/// When half a year will have gone by, where that is still to come.
fn half_year(figures: &GroupFigures) -> Option<Say> {
    let (last, _) = day_of(figures.last_event.as_ref())?;
    let on = last + HALF_A_YEAR;
    (on > figures.as_of_local.date_naive() && figures.next_event.is_none())
        .then_some(Say::HalfYear(on))
}

fn question(cause: Option<Cause>, figures: &GroupFigures) -> Ask {
    let is_announced = figures.next_event.is_some();
    let unless_announced = |ask: Ask| if is_announced { Ask::HelpNext } else { ask };
    match cause {
        None if is_announced => Ask::DateAfter,
        None => Ask::NextDate,
        Some(Cause::LastHostLeft) => Ask::WhoHosts,
        Some(Cause::NoLeader) => Ask::WhoLeads,
        Some(Cause::Overdue | Cause::TurningQuiet | Cause::Policy) => {
            unless_announced(Ask::WhatHelps)
        }
        Some(Cause::SecondDate) => unless_announced(Ask::SecondDate),
        Some(Cause::NotBegun) if figures.events_ever == 0 => unless_announced(Ask::FirstSpeaker),
        Some(Cause::NotBegun) => unless_announced(Ask::WhatHelps),
        Some(Cause::LeadersUnseen) => Ask::HowAndWho,
        Some(Cause::LeaderAway) => Ask::HowAreYou,
        Some(Cause::Quiet) => unless_announced(Ask::MeetAgain),
        Some(Cause::MostlyOurs) => Ask::RegularHosts,
        Some(Cause::TurnoutFalling) => Ask::WhatSuits,
    }
}

fn day_of(event: Option<&Happening>) -> Option<(NaiveDate, Option<i64>)> {
    event.map(|event| (event.starts_local.date(), some(event.yes)))
}

/// A count worth saying.
fn some(count: i64) -> Option<i64> {
    (count > 0).then_some(count)
}

impl Letter {
    /// The letter in a language, as it is printed.
    pub fn worded(&self, language: Language) -> String {
        let wording = match language {
            Language::En => &en::WORDING,
            Language::Es => &es::WORDING,
            Language::Fr => &fr::WORDING,
            Language::De => &de::WORDING,
            Language::Pt => &pt::WORDING,
        };
        let said: Vec<String> = self
            .says
            .iter()
            .map(|say| (wording.say)(*say, &self.name, self.today))
            .collect();
        let about = match self.says.iter().any(|say| say.names_it()) {
            true => String::new(),
            false => format!("{}: ", self.name),
        };
        let paragraphs = [
            wording.hello.to_owned(),
            format!("{about}{}", said.join(" ")),
            (wording.ask)(self.asks).to_owned(),
            wording.goodbye.to_owned(),
        ];
        let mut text = String::new();
        for paragraph in &paragraphs {
            for line in wrap(paragraph, COLUMNS) {
                text.push_str(&line);
                text.push('\n');
            }
            text.push('\n');
        }
        text.push_str(&format!("{}\n{}\n", self.name, self.link));
        text
    }
}
