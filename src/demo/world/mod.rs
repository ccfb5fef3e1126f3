//! The simulated community, in memory: what is there, how to find it, how to change it.
//!
//! People, groups and events are kept in lists and named by their place in them (`PersonAt`,
//! `GroupAt`, `EventAt`); nothing is ever taken out of those lists, so a place stays valid.
//! Memberships live in their group and RSVPs in their event.

mod cast;
mod change;
mod crowd;
mod founding;
mod people;
mod rows;
mod sized;
mod story;
mod telling;

pub(in crate::demo) use cast::TOPICS;
pub use rows::{
    Answer, Event, EventStatus, Gathering, Group, Membership, Network, ONLINE_VENUE, Person, Role,
    Rsvp, Standing, Venue,
};
pub use story::Story;
pub use telling::DEMO_NETWORK;

use super::switches::Switches;
use chrono::{DateTime, Utc};
use std::collections::{BTreeSet, HashMap};

macro_rules! places {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);

        impl $name {
            fn index(self) -> usize { self.0 as usize }
        }
    )+};
}

places! {
    /// A network's place in the world.
    NetworkAt,
    /// A group's place in the world.
    GroupAt,
    /// An event's place in the world.
    EventAt,
    /// A person's place in the world.
    PersonAt,
    /// A venue's place in the world.
    VenueAt,
}

/// The community and the manners of the Meetup that shows it.
#[derive(Debug, Clone)]
pub struct World {
    /// The open questions about Meetup, decided.
    pub switches: Switches,
    seed: u64,
    networks: Vec<Network>,
    people: Vec<Person>,
    groups: Vec<Group>,
    events: Vec<Event>,
    venues: Vec<Venue>,
    staff: Vec<PersonAt>,
    by_start: BTreeSet<(i64, EventAt)>,
    group_ids: HashMap<u64, GroupAt>,
    urlnames: HashMap<String, GroupAt>,
    event_ids: HashMap<String, EventAt>,
    tokens: HashMap<String, EventAt>,
    person_ids: HashMap<u64, PersonAt>,
    next_rsvp: u64,
    frozen_at: Option<i64>,
}

impl World {
    /// A world with nothing in it but the online venue.
    pub fn empty(seed: u64) -> Self {
        Self {
            switches: Switches::default(),
            seed,
            networks: Vec::new(),
            people: Vec::new(),
            groups: Vec::new(),
            events: Vec::new(),
            venues: vec![Venue::online()],
            staff: Vec::new(),
            by_start: BTreeSet::new(),
            group_ids: HashMap::new(),
            urlnames: HashMap::new(),
            event_ids: HashMap::new(),
            tokens: HashMap::new(),
            person_ids: HashMap::new(),
            next_rsvp: 1_700_000_001,
            frozen_at: None,
        }
    }

    /// The seed it grew from.
    pub fn seed(&self) -> u64 {
        self.seed
    }

    /// The world's now: the real one by Meetup's clock, unless it was frozen.
    pub fn now(&self) -> i64 {
        self.frozen_at
            .unwrap_or_else(|| Utc::now().timestamp() + self.switches.clock_ahead_seconds)
    }

    /// Stops the world's clock at an instant (tests about what is upcoming), or lets it run again.
    pub fn freeze(&mut self, at: Option<DateTime<Utc>>) {
        self.frozen_at = at.map(|at| at.timestamp());
    }

    /// Every network.
    pub fn networks(&self) -> impl Iterator<Item = (NetworkAt, &Network)> {
        (0..).map(NetworkAt).zip(&self.networks)
    }

    /// Every group that Meetup still has.
    pub fn groups(&self) -> impl Iterator<Item = (GroupAt, &Group)> {
        (0..)
            .map(GroupAt)
            .zip(&self.groups)
            .filter(|(_, group)| !group.is_deleted)
    }

    /// Every event that Meetup still has.
    pub fn events(&self) -> impl Iterator<Item = (EventAt, &Event)> {
        (0..)
            .map(EventAt)
            .zip(&self.events)
            .filter(|(_, event)| !event.is_deleted && !self.groups[event.group.index()].is_deleted)
    }

    /// Everyone who ever was.
    pub fn people(&self) -> impl Iterator<Item = (PersonAt, &Person)> {
        (0..).map(PersonAt).zip(&self.people)
    }

    /// The sponsor's staff, without the network's admin.
    pub fn staff(&self) -> &[PersonAt] {
        &self.staff
    }

    /// The ids of the sponsor's staff, as a configuration would name them.
    pub fn staff_ids(&self) -> Vec<String> {
        self.staff
            .iter()
            .map(|&at| self.person(at).id.to_string())
            .collect()
    }

    /// The urlnames of groups outside every network.
    pub fn outside(&self) -> Vec<String> {
        self.groups()
            .filter(|(_, group)| group.network.is_none())
            .map(|(_, group)| group.urlname.clone())
            .collect()
    }

    /// A network.
    pub fn network(&self, at: NetworkAt) -> &Network {
        &self.networks[at.index()]
    }

    /// A group, deleted or not.
    pub fn group(&self, at: GroupAt) -> &Group {
        &self.groups[at.index()]
    }

    /// An event, deleted or not.
    pub fn event(&self, at: EventAt) -> &Event {
        &self.events[at.index()]
    }

    /// A person.
    pub fn person(&self, at: PersonAt) -> &Person {
        &self.people[at.index()]
    }

    /// A venue.
    pub fn venue(&self, at: VenueAt) -> &Venue {
        &self.venues[at.index()]
    }

    /// The network of that urlname.
    pub fn network_named(&self, urlname: &str) -> Option<NetworkAt> {
        self.networks()
            .find(|(_, network)| network.urlname == urlname)
            .map(|(at, _)| at)
    }

    /// The group of that id, unless deleted.
    pub fn group_of_id(&self, id: &str) -> Option<GroupAt> {
        let at = *self.group_ids.get(&id.parse().ok()?)?;
        (!self.group(at).is_deleted).then_some(at)
    }

    /// The group of that urlname, unless deleted.
    pub fn group_named(&self, urlname: &str) -> Option<GroupAt> {
        let at = *self.urlnames.get(urlname)?;
        (!self.group(at).is_deleted).then_some(at)
    }

    /// The person of that id.
    pub fn person_of_id(&self, id: &str) -> Option<PersonAt> {
        self.person_ids.get(&id.parse().ok()?).copied()
    }

    /// The event of that id, as Meetup would answer: not a deleted one, and one by an id it no
    /// longer has only if the switch says so.
    pub fn event_of_id(&self, id: &str) -> Option<EventAt> {
        let at = *self.event_ids.get(id)?;
        let event = self.event(at);
        let answers = event.id == id || self.switches.old_id_answers;
        (answers && self.is_shown(at)).then_some(at)
    }

    /// The event of that token, deleted or not.
    pub fn event_of_token(&self, token: &str) -> Option<EventAt> {
        self.tokens.get(token).copied()
    }

    /// Whether Meetup still has the event.
    pub fn is_shown(&self, at: EventAt) -> bool {
        let event = self.event(at);
        !event.is_deleted && !self.group(event.group).is_deleted
    }

    /// An event's status now: an active one is PAST once it has ended.
    pub fn status_of(&self, at: EventAt, now: i64) -> EventStatus {
        let event = self.event(at);
        match event.status {
            EventStatus::Active if event.ends_at().is_some_and(|end| end <= now) => {
                EventStatus::Past
            }
            status => status,
        }
    }

    /// The events of a group, by start.
    pub fn events_of(&self, group: GroupAt) -> impl DoubleEndedIterator<Item = EventAt> + '_ {
        self.group(group)
            .events
            .iter()
            .map(|&(_, at)| at)
            .filter(|&at| self.is_shown(at))
    }

    /// All events with their start (the smallest number where they have none), by start.
    pub(super) fn by_start(&self) -> &BTreeSet<(i64, EventAt)> {
        &self.by_start
    }

    /// How much there is: groups, events, RSVPs, memberships. Deleted ones do not count, hidden ones do.
    pub fn tally(&self) -> Tally {
        Tally {
            groups: self.groups().count(),
            events: self.events().count(),
            rsvps: self.events().map(|(_, event)| event.rsvps.len()).sum(),
            memberships: self
                .groups()
                .map(|(_, group)| group.memberships.len())
                .sum(),
        }
    }
}

/// How much a world holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct Tally {
    pub groups: usize,
    pub events: usize,
    pub rsvps: usize,
    pub memberships: usize,
}
