//! The memory of contact: what the sponsor's people noted, asked and agreed. Nothing of it comes from
//! Meetup.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::{AlertKind, GroupId};

/// All that is remembered about a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The group.
    pub group: GroupId,
    /// The name in its URL.
    pub urlname: String,
    /// Display name.
    pub name: String,
    /// Whether it is no longer sponsored.
    pub is_gone: bool,
    /// Notes, the oldest first.
    pub notes: Vec<Note>,
    /// When somebody was asked something, the oldest first.
    pub asked: Vec<Asked>,
    /// Mutes, those that ended included.
    pub mutes: Vec<Mute>,
    /// How often it agreed to meet.
    pub target: Option<Agreed>,
    /// Who looks after it for the sponsor.
    pub owner: Option<Owner>,
}

/// A note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// Its number among notes and askings.
    pub id: i64,
    /// What it says.
    pub text: String,
    /// When it was taken.
    pub at: DateTime<Utc>,
    /// Who kept it, where that is known.
    pub author: Option<String>,
}

/// Somebody was asked how the group is doing, or for the next date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its number among notes and askings.
    pub id: i64,
    /// Who was asked, in the words of whoever noted it.
    pub whom: Option<String>,
    /// When to look again.
    pub again_on: Option<NaiveDate>,
    /// When.
    pub at: DateTime<Utc>,
    /// Who kept it, where that is known.
    pub author: Option<String>,
}

impl Asked {
    /// How long an answer is waited for where no day was given.
    pub const PATIENCE: TimeDelta = TimeDelta::days(14);
}

/// One thing that is remembered; notes and askings share their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemoryId {
    /// A note, or an asking.
    Note(i64),
    /// A mute.
    Mute(i64),
    /// A target.
    Target(i64),
    /// Who looks after a group.
    Owner(i64),
}

impl MemoryId {
    /// From its written form, such as n3; a bare number is a note's.
    pub fn parse(written: &str) -> Option<Self> {
        let digits = written.trim_start_matches(['n', 'm', 't', 'o']);
        let number = digits.parse().ok()?;
        Some(match &written[..written.len() - digits.len()] {
            "" | "n" => Self::Note(number),
            "m" => Self::Mute(number),
            "t" => Self::Target(number),
            "o" => Self::Owner(number),
            _ => return None,
        })
    }
}

impl std::fmt::Display for MemoryId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (kind, number) = match self {
            Self::Note(number) => ('n', number),
            Self::Mute(number) => ('m', number),
            Self::Target(number) => ('t', number),
            Self::Owner(number) => ('o', number),
        };
        write!(f, "{kind}{number}")
    }
}

/// What is not to be told of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mute {
    /// Its number among mutes.
    pub id: i64,
    /// What is not to be told.
    pub what: Muted,
    /// The first day on which it is told again; none: for good.
    pub until_on: Option<NaiveDate>,
    /// When it was muted.
    pub at: DateTime<Utc>,
    /// Who kept it, where that is known.
    pub author: Option<String>,
}

/// Who looks after a group for the sponsor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owner {
    /// Its number among owners.
    pub id: i64,
    /// What they are called.
    pub name: String,
    /// When it was agreed.
    pub at: DateTime<Utc>,
    /// Who kept it, where that is known.
    pub author: Option<String>,
}

/// What a mute silences.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Muted {
    /// Whatever there is to tell.
    Everything,
    /// Not now: nobody is to write to it, as one of its leads said. Alerts are told all the same.
    Calls,
    /// One kind of alert.
    Kind(AlertKind),
    /// A kind that only a later version knows, in its word: it is kept, and silences nothing here.
    Unknown(String),
}

/// The word of [`Muted::Calls`]: no kind of alert has it.
const CALLS: &str = "calls";

/// A target agreed with a group: one event every so many months.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agreed {
    /// Its number among targets.
    pub id: i64,
    /// From 1 to 4.
    pub every_months: u8,
    /// When it was agreed.
    pub at: DateTime<Utc>,
}

impl Contact {
    /// The same as it was remembered at an instant: nothing from after it.
    #[must_use]
    pub fn known_by(&self, now: DateTime<Utc>) -> Self {
        let mut known = self.clone();
        known.notes.retain(|note| note.at <= now);
        known.asked.retain(|asked| asked.at <= now);
        known.mutes.retain(|mute| mute.at <= now);
        known.target = known.target.filter(|agreed| agreed.at <= now);
        known
    }

    /// When it was kept, where it is.
    pub fn kept_at(&self, id: MemoryId) -> Option<DateTime<Utc>> {
        match id {
            MemoryId::Note(id) => {
                let notes = self.notes.iter().map(|it| (it.id, it.at));
                let asked = self.asked.iter().map(|it| (it.id, it.at));
                notes.chain(asked).find(|(it, _)| *it == id)
            }
            MemoryId::Mute(id) => {
                let mut mutes = self.mutes.iter().map(|it| (it.id, it.at));
                mutes.find(|(it, _)| *it == id)
            }
            MemoryId::Target(id) => {
                let target = self.target.map(|it| (it.id, it.at));
                target.filter(|(it, _)| *it == id)
            }
            MemoryId::Owner(id) => {
                let owner = self.owner.as_ref().map(|it| (it.id, it.at));
                owner.filter(|(it, _)| *it == id)
            }
        }
        .map(|(_, at)| at)
    }

    /// The last time somebody was asked.
    pub fn last_asked(&self) -> Option<&Asked> {
        self.asked.last()
    }

    /// The mutes in force on a day.
    pub fn mutes_on(&self, today: NaiveDate) -> impl Iterator<Item = &Mute> {
        self.mutes
            .iter()
            .filter(move |mute| mute.is_in_force(today))
    }

    /// Until when it is to be left alone, where that is to come: the first day on which somebody may write to
    /// it again.
    pub fn not_now(&self, today: NaiveDate) -> Option<NaiveDate> {
        let calls = self
            .mutes_on(today)
            .filter(|mute| mute.what == Muted::Calls);
        calls.filter_map(|mute| mute.until_on).max()
    }

    /// Whether that kind of alert is muted on a day.
    pub fn is_muted(&self, kind: AlertKind, today: NaiveDate) -> bool {
        self.mutes_on(today)
            .any(|mute| mute.what == Muted::Everything || mute.what == Muted::Kind(kind))
    }

    /// Whether nothing at all is to be told of the group on a day.
    pub fn is_muted_whole(&self, today: NaiveDate) -> bool {
        self.mutes_on(today)
            .any(|mute| mute.what == Muted::Everything)
    }
}

impl Muted {
    /// From the word of a kind; none: everything.
    pub fn parse(word: Option<String>) -> Self {
        match word {
            None => Self::Everything,
            Some(word) if word == CALLS => Self::Calls,
            Some(word) => AlertKind::parse(&word).map_or(Self::Unknown(word), Self::Kind),
        }
    }

    /// The word of the kind; none: everything.
    pub fn word(&self) -> Option<&str> {
        match self {
            Self::Everything => None,
            Self::Calls => Some(CALLS),
            Self::Kind(kind) => Some(kind.as_str()),
            Self::Unknown(word) => Some(word),
        }
    }
}

impl Mute {
    /// Whether it still holds on a day: until its date, which is the first day of telling again.
    pub fn is_in_force(&self, today: NaiveDate) -> bool {
        self.until_on.is_none_or(|until| today < until)
    }
}
