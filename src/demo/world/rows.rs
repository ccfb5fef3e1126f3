//! What the world is made of: plain, compact rows.

use super::{EventAt, GroupAt, NetworkAt, PersonAt, VenueAt};
use crate::demo::clock::HOUR;
use crate::demo::world::Story;
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// The id that Meetup gives the online venue, the same for everyone.
pub const ONLINE_VENUE: u64 = 26_906_060;

macro_rules! spelled {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)] // the names are Meetup's own
        pub enum $name { $($variant),+ }

        impl $name {
            /// Meetup's spelling.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Reads Meetup's spelling.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

spelled! {
    /// An RSVP's status.
    Answer {
        Yes = "YES", No = "NO", Waitlist = "WAITLIST", Attended = "ATTENDED", NoShow = "NO_SHOW",
        ExcusedAbsence = "EXCUSED_ABSENCE", Maybe = "MAYBE",
        YesPendingPayment = "YES_PENDING_PAYMENT",
    }
}

spelled! {
    /// An event's status.
    EventStatus {
        Active = "ACTIVE", Past = "PAST", Cancelled = "CANCELLED",
        CancelledPerm = "CANCELLED_PERM", Draft = "DRAFT",
    }
}

spelled! {
    /// Where an event takes place.
    Gathering { Physical = "PHYSICAL", Online = "ONLINE", Hybrid = "HYBRID" }
}

spelled! {
    /// A member's role in a group.
    Role {
        Organizer = "ORGANIZER", Coorganizer = "COORGANIZER", AsstOrganizer = "ASST_ORGANIZER",
        EventOrganizer = "EVENT_ORGANIZER", Member = "MEMBER",
    }
}

spelled! {
    /// A membership's status.
    Standing {
        Active = "ACTIVE", Leader = "LEADER", Pending = "PENDING", Blocked = "BLOCKED",
        Removed = "REMOVED",
    }
}

impl EventStatus {
    /// Called off, for now or for good.
    pub fn is_cancelled(self) -> bool {
        matches!(self, Self::Cancelled | Self::CancelledPerm)
    }
}

/// A company's network.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the names are the API's
pub struct Network {
    pub id: u64,
    pub urlname: String,
    pub name: String,
    pub admin: PersonAt,
}

/// A person.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the names are the API's
pub struct Person {
    pub id: u64,
    pub name: String,
}

/// A place, or the online room.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the names are the API's
pub struct Venue {
    pub id: u64,
    pub name: String,
    pub city: String,
    pub country: String,
    pub lat: f64,
    pub lon: f64,
}

impl Venue {
    /// The online room, with the coordinates of an atoll it has nothing to do with.
    pub fn online() -> Self {
        Self {
            id: ONLINE_VENUE,
            name: "Online event".to_owned(),
            city: String::new(),
            country: String::new(),
            lat: -8.521_147,
            lon: 179.196_2,
        }
    }
}

/// A user group.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the names are the API's
pub struct Group {
    pub id: u64,
    pub urlname: String,
    pub name: String,
    pub city: String,
    pub state: String,
    pub country: String,
    pub lat: f64,
    pub lon: f64,
    /// The zone's name as Meetup sends it, perhaps one of the old names.
    pub timezone: String,
    pub zone: Tz,
    pub founded_at: i64,
    pub network: Option<NetworkAt>,
    pub joined_network_at: Option<i64>,
    pub status: &'static str,
    pub tie: &'static str,
    pub join_mode: &'static str,
    pub is_private: bool,
    pub organizer: Option<PersonAt>,
    pub is_deleted: bool,
    /// Whether its organizers mark who came.
    pub marks_attendance: bool,
    /// What it is in the community's story.
    pub story: Story,
    /// By join time, then person.
    pub memberships: Vec<Membership>,
    /// By start, deleted ones included.
    pub(super) events: BTreeSet<(i64, EventAt)>,
}

impl Group {
    /// A person's membership.
    pub fn membership(&self, person: PersonAt) -> Option<&Membership> {
        self.memberships
            .iter()
            .find(|membership| membership.person == person)
    }
}

/// A person in a group.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // the names are the API's
pub struct Membership {
    pub person: PersonAt,
    pub role: Role,
    pub standing: Standing,
    /// Counted, but in no list.
    pub is_hidden: bool,
    pub joined_at: i64,
    pub last_access_at: Option<i64>,
}

impl Membership {
    /// In the group in the plain sense of the word.
    pub fn is_in(&self) -> bool {
        matches!(self.standing, Standing::Active | Standing::Leader)
    }
}

/// One gathering of a group.
#[derive(Debug, Clone)]
#[allow(missing_docs)] // the names are the API's
pub struct Event {
    /// The current id.
    pub id: String,
    /// Ids it had before.
    pub old_ids: Vec<String>,
    pub token: String,
    pub group: GroupAt,
    pub title: String,
    pub status: EventStatus,
    pub gathering: Gathering,
    pub starts_at: Option<i64>,
    pub minutes: Option<u32>,
    /// Whether Meetup sends `endTime`, or only the duration.
    pub says_end: bool,
    pub created_at: i64,
    pub capacity: Option<u32>,
    pub venues: Vec<VenueAt>,
    /// Named hosts; none where the person is no longer known.
    pub hosts: Vec<Option<PersonAt>>,
    pub network_event: Option<u64>,
    pub is_deleted: bool,
    /// By id.
    pub rsvps: Vec<Rsvp>,
}

impl Event {
    /// Its end: start and duration, or three hours where none is given.
    pub fn ends_at(&self) -> Option<i64> {
        let length = self
            .minutes
            .map_or(3 * HOUR, |minutes| i64::from(minutes) * 60);
        self.starts_at.map(|start| start + length)
    }

    /// The place in listings ordered by start.
    pub(in crate::demo) fn start_key(&self) -> i64 {
        self.starts_at.unwrap_or(i64::MIN)
    }

    /// The RSVPs that Meetup shows.
    pub fn shown_rsvps(&self) -> impl Iterator<Item = &Rsvp> {
        self.rsvps.iter().filter(|rsvp| !rsvp.is_hidden)
    }

    /// How many RSVPs have that status, hidden ones included.
    pub fn count(&self, answer: Answer) -> usize {
        self.rsvps
            .iter()
            .filter(|rsvp| rsvp.answer == answer)
            .count()
    }

    /// A person's RSVP.
    pub fn rsvp_of(&self, person: PersonAt) -> Option<&Rsvp> {
        self.rsvps.iter().find(|rsvp| rsvp.person == person)
    }
}

/// One member's answer to one event.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // the names are the API's
pub struct Rsvp {
    pub id: u64,
    pub person: PersonAt,
    pub answer: Answer,
    pub guests: u16,
    pub is_host: bool,
    /// Counted, but in no list.
    pub is_hidden: bool,
    pub updated_at: Option<i64>,
}
