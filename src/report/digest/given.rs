//! What a digest rests on besides the report: the memory of contact, and what was told before.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, Serialize};

use crate::community::{Cause, Contact, MemberId};
use crate::metrics::Status;
use crate::report::compose::Report;

/// All of it, as plain data.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    /// The as-of instant by the sponsor's clock: its date is today.
    pub now: DateTime<FixedOffset>,
    /// What is remembered of contact.
    pub contacts: &'a [Contact],
    /// What the channel was told before, the latest first; empty makes it the first digest.
    pub before: &'a [Before],
    /// The instant of the latest of these, measured again by what is known now.
    pub again: Option<&'a Report>,
    /// The events a year that the policy asks of each group.
    pub events_per_year: Option<u32>,
    /// Who is the sponsor's own.
    pub staff: &'a [MemberId],
    /// Whether it has the monthly page.
    pub is_monthly: bool,
    /// Whether the report was narrowed to some groups.
    pub is_narrowed: bool,
}

impl Given<'_> {
    /// The date of the digest.
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// The digest before this one.
    pub(super) fn latest(&self) -> Option<&Before> {
        self.before.first()
    }
}

/// An earlier digest, read back from the document that was filed.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Before {
    /// The instant it reported on.
    pub as_of: DateTime<Utc>,
    /// The definitions of its figures.
    pub definitions_version: u32,
    /// Whom it asked the reader to write to.
    #[serde(default)]
    pub please_write_to: Vec<Named>,
    /// What it told of the network.
    #[serde(default)]
    pub network: NetworkBefore,
    /// How its groups stood.
    #[serde(default)]
    pub groups: Vec<GroupBefore>,
}

/// The network's figures in an earlier digest.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
#[allow(missing_docs)] // as in `NetworkFigures`
pub struct NetworkBefore {
    pub groups_met_30: Option<i64>,
    pub groups_met_365: Option<i64>,
    pub events_365: Option<i64>,
    pub people_365: Option<i64>,
    pub first_timers_90: Option<i64>,
}

impl Before {
    /// Reads a filed document. None where it is not one of a report.
    pub fn read(document: &str) -> Option<Self> {
        serde_json::from_str(document).ok()
    }

    /// A group as it stood then, by its id: a urlname may change.
    pub(super) fn group(&self, id: &str) -> Option<&GroupBefore> {
        self.groups.iter().find(|group| group.id == id)
    }
}

/// A group the reader was asked to write to, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The group's id.
    pub id: String,
    /// Its urlname.
    pub urlname: String,
    /// The causes, the most urgent first; of an earlier digest, those known still.
    #[serde(deserialize_with = "known_causes")]
    pub causes: Vec<Cause>,
}

fn known_causes<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<Cause>, D::Error> {
    let words = Vec::<String>::deserialize(from)?;
    Ok(words.iter().filter_map(|it| Cause::parse(it)).collect())
}

/// How a group stood in an earlier digest. What an older document does not have is unknown.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct GroupBefore {
    /// Its id.
    pub id: String,
    /// Whether it was in any figure.
    #[serde(default)]
    pub history_complete: bool,
    status: Option<String>,
    last_event: Option<EventBefore>,
    next_event: Option<EventBefore>,
    #[serde(default)]
    cadence: CadenceBefore,
    #[serde(default)]
    attendance: AttendanceBefore,
    #[serde(default)]
    organizers: OrganizersBefore,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct EventBefore {
    token: String,
}

#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
struct CadenceBefore {
    overdue_after_days: Option<f64>,
    streak_months: Option<i64>,
    #[serde(default)]
    events_365: i64,
}

#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
struct AttendanceBefore {
    yes_365: i64,
    people_365: i64,
    attendance_taken: CountBefore,
}

#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
struct CountBefore {
    numerator: i64,
}

#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
struct OrganizersBefore {
    new_hosts_365: Option<i64>,
}

impl GroupBefore {
    pub(super) fn status(&self) -> Option<Status> {
        self.status.as_deref().and_then(Status::parse)
    }

    pub(super) fn last_token(&self) -> Option<&str> {
        self.last_event.as_ref().map(|event| event.token.as_str())
    }

    pub(super) fn had_a_date(&self) -> bool {
        self.next_event.is_some()
    }

    pub(super) fn overdue_after_days(&self) -> Option<f64> {
        self.cadence.overdue_after_days
    }

    pub(super) fn streak_months(&self) -> Option<i64> {
        self.cadence.streak_months
    }

    pub(super) fn events_365(&self) -> i64 {
        self.cadence.events_365
    }

    pub(super) fn yes_365(&self) -> i64 {
        self.attendance.yes_365
    }

    pub(super) fn people_365(&self) -> i64 {
        self.attendance.people_365
    }

    pub(super) fn attendance_taken(&self) -> i64 {
        self.attendance.attendance_taken.numerator
    }

    pub(super) fn new_hosts_365(&self) -> Option<i64> {
        self.organizers.new_hosts_365
    }
}
