//! The nouns, as plain data: what Meetup answers and what the mirror keeps, in one vocabulary.
//!
//! Nothing here asks, stores or computes. Text arrives trimmed, with "" and null made one (`None`).
//! Enumerations of the API by which anything is decided are enums with a place for the unknown, so that
//! a word Meetup adds tomorrow is kept as it came; those that only pass through (an event's status,
//! which SQL reads) stay text.

mod access;
mod address;
mod alert;
mod charts;
mod contact;
mod failure;
mod forgotten;
mod loss;
mod money;
mod policy;
mod shown;
mod standing;
mod told;
mod upstream;
mod words;
mod zone;

pub use shown::{is_deceptive, shown, shown_json};
pub use zone::is_same_zone;

use chrono::{DateTime, FixedOffset, Utc};

pub use access::Access;
pub use address::urlname_of;
pub use alert::{Alert, AlertKey, AlertKind, AlertStep, TroubleKind};
pub use charts::ChartKind;
pub use contact::{Agreed, Asked, Contact, MemoryId, Mute, Muted, Note, Owner};
pub use failure::{FailureKind, GroupName, Scope};
pub use forgotten::{FORGOTTEN, is_forgotten, member_page};
pub use loss::Loss;
pub use money::{Currency, DateOrder, DecimalSign, ImportKind, SpendingKind, YearMonth};
pub use policy::{Policy, PolicyStep};
pub use standing::{Cause, GoneWhy, Language, Order, Status};
pub use told::{Before, GroupBefore, Named, NetworkBefore, Telling};
pub use upstream::{EventType, GroupStatus, Role, RsvpStatus, TieStatus, name_before_deletion};
pub(crate) use words::closed;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub String);

        impl $name {
            /// The id as Meetup writes it.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.0) }
        }
        impl From<&str> for $name {
            fn from(text: &str) -> Self { Self(text.to_owned()) }
        }
        impl From<String> for $name {
            fn from(text: String) -> Self { Self(text) }
        }
    )+};
}

ids! {
    /// A Pro network's id.
    NetworkId,
    /// A group's id; stays when the urlname changes.
    GroupId,
    /// A person's id.
    MemberId,
    /// An event's current id: unique, but it may change for recurring events.
    EventId,
    /// An event's stable key.
    EventToken,
    /// An RSVP's id.
    RsvpId,
    /// A venue's id.
    VenueId,
}

/// A company's network of sponsored groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Meetup's id.
    pub id: NetworkId,
    /// The name in its URL.
    pub urlname: String,
    /// Display name.
    pub name: String,
    /// The account that owns the network; counted as staff everywhere.
    pub primary_admin: Option<Member>,
}

/// A person. Nothing but id and name is ever kept.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Member {
    /// Meetup's id.
    pub id: MemberId,
    /// Display name, trimmed.
    pub name: Option<String>,
}

/// A user group as Meetup shows it now.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Meetup's id.
    pub id: GroupId,
    /// The network it says it belongs to.
    pub network: Option<NetworkId>,
    /// The name in its URL; may change.
    pub urlname: String,
    /// Display name.
    pub name: String,
    /// City.
    pub city: Option<String>,
    /// State or province; often junk outside the US and Canada.
    pub state: Option<String>,
    /// Two letters, lower case.
    pub country: Option<String>,
    /// Latitude in degrees.
    pub lat: Option<f64>,
    /// Longitude in degrees.
    pub lon: Option<f64>,
    /// IANA name as sent, legacy names included.
    pub timezone: Option<String>,
    /// When the group was founded.
    pub founded_at: Option<DateTime<Utc>>,
    /// When it joined the network.
    pub joined_network_at: Option<DateTime<Utc>>,
    /// Meetup's own word on it.
    pub status: GroupStatus,
    /// The tie to the network; none outside one.
    pub tie_status: Option<TieStatus>,
    /// `OPEN`, `APPROVAL`, `CLOSED`.
    pub join_mode: String,
    /// Whether outsiders see its content.
    pub is_private: bool,
    /// The primary organizer; often the network's admin.
    pub organizer: Option<Member>,
    /// Members as Meetup counts them (may include hidden and pending ones).
    pub member_count: Option<i64>,
    /// The group's page.
    pub link: Option<String>,
    /// Past events as Meetup counts them.
    pub past_events: Option<i64>,
}

impl Group {
    /// Whether its urlname says that Meetup has deleted it.
    pub fn is_deleted(&self) -> bool {
        name_before_deletion(&self.urlname).is_some()
    }
}

/// A group with what rides along in one answer: enough to see whether its people changed.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupSnapshot {
    /// The group.
    pub group: Group,
    /// Its leaders (membership status `LEADER`), the first fifty.
    pub leaders: Vec<Membership>,
    /// The members who joined last, newest first.
    pub newest: Vec<Membership>,
    /// The group was asked without its people: nobody is absent for not being named here.
    pub is_bare: bool,
    /// Events in the asked window, where they rode along (groups outside networks).
    pub events: Option<GroupEvents>,
}

/// Events that rode along with a group.
#[derive(Debug, Clone, PartialEq)]
pub struct GroupEvents {
    /// The events, as in any listing.
    pub events: Vec<EventSnapshot>,
    /// True when these are all events of the asked window.
    pub complete: bool,
}

/// A person in a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Membership {
    /// Who.
    pub member: Member,
    /// May be absent.
    pub role: Option<Role>,
    /// `ACTIVE`, `LEADER`, `PENDING` ...
    pub status: String,
    /// When they joined this group.
    pub joined_at: Option<DateTime<Utc>>,
    /// Their last visit to the group's page.
    pub last_access_at: Option<DateTime<Utc>>,
}

/// One gathering of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Stable key.
    pub token: EventToken,
    /// Current id.
    pub id: EventId,
    /// Whose event it is.
    pub group: GroupId,
    /// Title, trimmed.
    pub title: String,
    /// `ACTIVE`, `PAST`, `CANCELLED`, `DRAFT` ...
    pub status: String,
    /// Where people meet.
    pub event_type: EventType,
    /// Start with the offset Meetup sent: instant and wall clock in one.
    pub starts_at: Option<DateTime<FixedOffset>>,
    /// `endTime`; else start + duration; else start + 3 h.
    pub ends_at: Option<DateTime<Utc>>,
    /// When it was announced first.
    pub created_at: Option<DateTime<Utc>>,
    /// The event's page.
    pub url: Option<String>,
    /// Most RSVPs accepted; none when unlimited.
    pub capacity: Option<i64>,
    /// All venues: one physical, one online, or both; none where Meetup does not tell.
    pub venues: Option<Vec<Venue>>,
    /// Named hosts whose person is known; none where Meetup does not tell.
    pub hosts: Option<Vec<Member>>,
    /// Shared by the copies of a joint event.
    pub network_event_id: Option<String>,
}

/// A place, or the online room.
#[derive(Debug, Clone, PartialEq)]
pub struct Venue {
    /// Meetup's id.
    pub id: VenueId,
    /// Display name.
    pub name: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Two letters, lower case.
    pub country: Option<String>,
    /// Latitude in degrees; none for the online venue, whose coordinates are false.
    pub lat: Option<f64>,
    /// Longitude in degrees; none for the online venue.
    pub lon: Option<f64>,
    /// The online room rather than a place.
    pub is_online: bool,
}

/// An event with its RSVP sign and, where asked, the first RSVPs riding along.
#[derive(Debug, Clone, PartialEq)]
pub struct EventSnapshot {
    /// The event.
    pub event: Event,
    /// What tells cheaply whether its RSVPs changed.
    pub sign: RsvpSign,
    /// The first RSVPs in id order, when the question asked for them.
    pub riding: Option<RsvpPage>,
}

/// A member's answer to an event.
#[derive(Debug, Clone, PartialEq)]
pub struct Rsvp {
    /// Meetup's id.
    pub id: RsvpId,
    /// Who answered.
    pub member: Member,
    /// What they answered; none where Meetup gives none.
    pub status: Option<RsvpStatus>,
    /// Guests they bring.
    pub guest_count: i64,
    /// Marked as a host of this event.
    pub is_host: bool,
    /// When the answer last changed, to the second.
    pub updated_at: Option<DateTime<Utc>>,
}

/// The server's counts over all RSVPs of an event. May exceed the rows it shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[allow(missing_docs)] // the names are the API's counts
pub struct RsvpCounts {
    pub yes: Option<i64>,
    pub no: Option<i64>,
    pub waitlist: Option<i64>,
    pub attended: Option<i64>,
    pub no_show: Option<i64>,
    pub absent: Option<i64>,
}

impl RsvpCounts {
    /// Whether every count is known.
    pub fn is_complete(&self) -> bool {
        let all = [
            self.yes,
            self.no,
            self.waitlist,
            self.attended,
            self.no_show,
            self.absent,
        ];
        all.iter().all(Option::is_some)
    }

    /// How many RSVPs there are said to be; none where some count is not told.
    pub fn claimed(&self) -> Option<i64> {
        self.is_complete().then(|| self.total())
    }

    /// Sum of what is known.
    pub fn total(&self) -> i64 {
        [
            self.yes,
            self.no,
            self.waitlist,
            self.attended,
            self.no_show,
            self.absent,
        ]
        .into_iter()
        .flatten()
        .sum()
    }
}

/// Counts per status and the newest RSVPs in full: equal signs mean nothing to walk.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RsvpSign {
    /// Counts per status.
    pub counts: RsvpCounts,
    /// The three RSVPs that changed last, newest first.
    pub newest: Vec<Rsvp>,
}

/// One page of an event's RSVPs.
#[derive(Debug, Clone, PartialEq)]
pub struct RsvpPage {
    /// The rows, in the asked order.
    pub rows: Vec<Rsvp>,
    /// The cursor of the second-last edge, from which the next page is asked: it must then begin
    /// with the last row of this one. None when there is nothing further (or only one row).
    pub resume_after: Option<Cursor>,
    /// Whether more rows follow.
    pub has_next: bool,
}

/// Opaque place in a listing. Lives within one walk and is never stored.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Cursor(pub String);
