//! The parts of a letter: what can be said, what can be asked, and how a language words both.

use chrono::NaiveDate;

/// Something that can be said. Counts of zero are never said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Say {
    /// Thanks for the group.
    Thanks,
    /// When it met last, and how many said yes.
    Last(NaiveDate, Option<i64>),
    /// Events of the last 12 months, and how many people said yes.
    Year(i64, Option<i64>),
    /// When it meets next, and how many said yes so far.
    Next(NaiveDate, Option<i64>),
    /// On that day half a year will have gone by since the last event.
    HalfYear(NaiveDate),
    /// It met again on that day after a long pause.
    Again(NaiveDate, Option<i64>),
    /// It held its first event on that day.
    First(NaiveDate, Option<i64>),
    /// Its first event is to come; how many members it has.
    NoneYet(Option<i64>),
    /// Whoever hosted lately is in the group no more.
    HostsLeft,
    /// It has no organizer.
    NoOrganizer,
    /// So many of so many events of the last 12 months had no host but the sponsor's own people.
    Ours(i64, i64),
    /// How many said yes, typically, to the latest three events, and to the six before them.
    Turnout(i64, i64),
}

/// The one question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// When it will meet next.
    NextDate,
    /// When it will meet after the announced date.
    DateAfter,
    /// What could be done for the announced date.
    HelpNext,
    /// Who could host.
    WhoHosts,
    /// Who would like to lead.
    WhoLeads,
    /// What is in the way of a date.
    WhatHelps,
    /// Whether there is a second date in mind.
    SecondDate,
    /// Whether a speaker would help for a first event.
    FirstSpeaker,
    /// How they are, and who could share the work.
    HowAndWho,
    /// How they are.
    HowAreYou,
    /// Whether they would like to meet again.
    MeetAgain,
    /// Who of the regulars would host.
    RegularHosts,
    /// What would suit people better.
    WhatSuits,
}

/// A language: how each part is worded.
pub(super) struct Wording {
    pub(super) hello: &'static str,
    pub(super) goodbye: &'static str,
    pub(super) say: fn(Say, &str, NaiveDate) -> String,
    pub(super) ask: fn(Ask) -> &'static str,
}

impl Say {
    /// Whether the group's name is in it.
    pub(super) fn names_it(self) -> bool {
        match self {
            Self::Thanks
            | Self::Last(..)
            | Self::Again(..)
            | Self::First(..)
            | Self::NoneYet(_)
            | Self::HostsLeft
            | Self::NoOrganizer
            | Self::Turnout(..)
            | Self::Ours(..) => true,
            Self::Year(..) | Self::Next(..) | Self::HalfYear(_) => false,
        }
    }
}

/// A number with its thousands apart.
pub(super) fn number(n: i64, apart: &str) -> String {
    crate::report::words::number(n).replace(',', apart)
}

/// One of something or several, with their number.
pub(super) fn count(n: i64, apart: &str, one: &str, many: &str) -> String {
    format!("{} {}", number(n, apart), if n == 1 { one } else { many })
}
