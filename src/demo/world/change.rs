//! What can happen to groups and events.

use super::{
    Event, EventAt, EventStatus, Gathering, Group, GroupAt, Network, NetworkAt, Person, PersonAt,
    Venue, VenueAt, World,
};
use chrono_tz::Tz;
use std::collections::BTreeSet;

impl World {
    /// Adds a person under a fresh id.
    pub fn add_person(&mut self, name: impl Into<String>) -> PersonAt {
        let at = PersonAt(self.people.len() as u32);
        let id = 200_000_011 + u64::from(at.0) * 17;
        self.people.push(Person {
            id,
            name: name.into(),
        });
        self.person_ids.insert(id, at);
        at
    }

    /// Adds a network.
    pub fn add_network(&mut self, urlname: &str, name: &str, admin: PersonAt) -> NetworkAt {
        let at = NetworkAt(self.networks.len() as u32);
        let id = 440_000_000_000_001 + u64::from(at.0);
        self.networks.push(Network {
            id,
            urlname: urlname.into(),
            name: name.into(),
            admin,
        });
        at
    }

    /// Adds a group; its `id` is given here, whatever it was.
    pub fn add_group(&mut self, mut group: Group) -> GroupAt {
        let at = GroupAt(self.groups.len() as u32);
        group.id = 31_000_003 + u64::from(at.0) * 1_009;
        self.group_ids.insert(group.id, at);
        self.urlnames.insert(group.urlname.clone(), at);
        self.groups.push(group);
        at
    }

    /// Founds a group in the place and network of another, with nobody in it yet.
    pub fn found_group(&mut self, like: GroupAt, urlname: &str, name: &str, now: i64) -> GroupAt {
        let like = self.group(like).clone();
        self.add_group(Group {
            urlname: urlname.to_owned(),
            name: name.to_owned(),
            founded_at: now,
            joined_network_at: like.network.map(|_| now),
            memberships: Vec::new(),
            events: BTreeSet::new(),
            ..like
        })
    }

    /// Adds a venue under a fresh id.
    pub fn add_venue(&mut self, mut venue: Venue) -> VenueAt {
        let at = VenueAt(self.venues.len() as u32);
        venue.id = 27_000_001 + u64::from(at.0) * 13;
        self.venues.push(venue);
        at
    }

    /// Adds an event; `id` and `token` are given here unless they are set.
    pub fn add_event(&mut self, mut event: Event) -> EventAt {
        let at = EventAt(self.events.len() as u32);
        if event.token.is_empty() {
            event.token = format!("tk{}", letters(self.seed ^ 0x5EED, u64::from(at.0), 11));
        }
        if event.id.is_empty() {
            event.id = (290_000_000 + u64::from(at.0) * 7).to_string();
        }
        self.event_ids.insert(event.id.clone(), at);
        self.tokens.insert(event.token.clone(), at);
        self.by_start.insert((event.start_key(), at));
        self.groups[event.group.index()]
            .events
            .insert((event.start_key(), at));
        self.events.push(event);
        at
    }

    /// Announces an event of two hours at the group's usual place, first named host first.
    pub fn announce(
        &mut self,
        group: GroupAt,
        title: &str,
        starts_at: i64,
        hosts: &[PersonAt],
        now: i64,
    ) -> EventAt {
        let like = self
            .events_of(group)
            .next_back()
            .map(|at| self.event(at).clone());
        let event = self.add_event(Event {
            id: String::new(),
            old_ids: Vec::new(),
            token: String::new(),
            group,
            title: title.to_owned(),
            status: EventStatus::Active,
            gathering: like
                .as_ref()
                .map_or(Gathering::Online, |event| event.gathering),
            starts_at: Some(starts_at),
            minutes: Some(120),
            says_end: true,
            created_at: now,
            capacity: None,
            venues: like.map_or_else(|| vec![VenueAt(0)], |event| event.venues),
            hosts: hosts.iter().copied().map(Some).collect(),
            network_event: None,
            is_deleted: false,
            rsvps: Vec::new(),
        });
        for &host in hosts {
            self.answer(event, host, super::Answer::Yes, now);
            self.flag_host(event, host, true);
        }
        event
    }

    /// Changes an event's plain attributes. What orders or names it stays as it was: `move_event`
    /// and `replace_event_id` are for that.
    pub fn edit_event(&mut self, at: EventAt, edit: impl FnOnce(&mut Event)) {
        let event = &mut self.events[at.index()];
        let (id, token, group, start) = (
            event.id.clone(),
            event.token.clone(),
            event.group,
            event.starts_at,
        );
        edit(event);
        event.id = id;
        event.token = token;
        event.group = group;
        event.starts_at = start;
    }

    /// Gives an event another start, or none.
    pub fn move_event(&mut self, at: EventAt, starts_at: Option<i64>) {
        let event = &mut self.events[at.index()];
        let old = event.start_key();
        event.starts_at = starts_at;
        let new = event.start_key();
        let group = &mut self.groups[event.group.index()];
        for order in [&mut group.events, &mut self.by_start] {
            order.remove(&(old, at));
            order.insert((new, at));
        }
    }

    /// Gives an event another title.
    pub fn rename_event(&mut self, at: EventAt, title: &str) {
        self.events[at.index()].title = title.to_owned();
    }

    /// Calls an event off.
    pub fn cancel_event(&mut self, at: EventAt) {
        self.events[at.index()].status = EventStatus::Cancelled;
    }

    /// Brings back an event that was called off or deleted.
    pub fn restore_event(&mut self, at: EventAt) {
        let event = &mut self.events[at.index()];
        event.is_deleted = false;
        if event.status.is_cancelled() {
            event.status = EventStatus::Active;
        }
    }

    /// Removes an event without a trace.
    pub fn delete_event(&mut self, at: EventAt) {
        self.events[at.index()].is_deleted = true;
    }

    /// Gives an event a new id, as Meetup does with recurring ones; the token stays. Gives the id.
    pub fn replace_event_id(&mut self, at: EventAt) -> String {
        let event = &mut self.events[at.index()];
        let turn = event.old_ids.len() as u64 + 1;
        let id = format!("{}nb", letters(self.seed ^ turn, u64::from(at.0), 12));
        let old = std::mem::replace(&mut event.id, id.clone());
        event.old_ids.push(old);
        self.event_ids.insert(id.clone(), at);
        id
    }

    /// Gives an event another token, as Meetup may do where a series is edited; its id, hour and RSVPs live
    /// on, and its old token finds nothing any more.
    pub fn replace_event_token(&mut self, at: EventAt) -> String {
        let event = &mut self.events[at.index()];
        let turn = self.tokens.len() as u64;
        let token = format!("tk{}", letters(self.seed ^ turn, u64::from(at.0), 13));
        let old = std::mem::replace(&mut event.token, token.clone());
        self.tokens.remove(&old);
        self.tokens.insert(token.clone(), at);
        token
    }

    /// Names other hosts.
    pub fn change_hosts(&mut self, at: EventAt, hosts: &[PersonAt]) {
        self.events[at.index()].hosts = hosts.iter().copied().map(Some).collect();
    }

    /// Changes a group's plain attributes; its id, urlname and zone are left alone here.
    pub fn edit_group(&mut self, at: GroupAt, edit: impl FnOnce(&mut Group)) {
        let group = &mut self.groups[at.index()];
        let (id, urlname) = (group.id, group.urlname.clone());
        edit(group);
        group.id = id;
        group.urlname = urlname;
    }

    /// Gives a group another name and urlname; the old urlname finds nothing any more.
    pub fn rename_group(&mut self, at: GroupAt, name: &str, urlname: &str) {
        let group = &mut self.groups[at.index()];
        self.urlnames.remove(&group.urlname);
        name.clone_into(&mut group.name);
        urlname.clone_into(&mut group.urlname);
        self.urlnames.insert(urlname.to_owned(), at);
    }

    /// Moves a group to another zone. False, and nothing changes, if the name is unknown.
    pub fn change_timezone(&mut self, at: GroupAt, timezone: &str) -> bool {
        let Ok(zone) = timezone.parse::<Tz>() else {
            return false;
        };
        let group = &mut self.groups[at.index()];
        group.zone = zone;
        timezone.clone_into(&mut group.timezone);
        true
    }

    /// Marks the tie of a group to its network as delisted.
    pub fn delist_group(&mut self, at: GroupAt) {
        self.groups[at.index()].tie = "DELISTED";
    }

    /// The group leaves its network and stays on Meetup.
    pub fn leave_network(&mut self, at: GroupAt) {
        let group = &mut self.groups[at.index()];
        group.network = None;
        group.joined_network_at = None;
    }

    /// The group joins a network, or comes back to it.
    pub fn join_network(&mut self, at: GroupAt, network: NetworkAt, now: i64) {
        let group = &mut self.groups[at.index()];
        group.network = Some(network);
        group.joined_network_at = Some(now);
        group.tie = "ACTIVE";
    }

    /// Deletes a group: its urlname is mangled, and it is null from now on.
    pub fn delete_group(&mut self, at: GroupAt) {
        let group = &mut self.groups[at.index()];
        group.is_deleted = true;
        self.urlnames.remove(&group.urlname);
        group.urlname = format!("{}_deleted@{}", group.urlname, group.id);
        self.urlnames.insert(group.urlname.clone(), at);
    }
}

/// Lower-case letters made from two numbers, as in the ids of recurring events.
pub(super) fn letters(seed: u64, number: u64, count: usize) -> String {
    let mut dice = crate::demo::dice::Dice::new(seed).split(number);
    (0..count)
        .map(|_| char::from(b'a' + dice.below(26) as u8))
        .collect()
}
