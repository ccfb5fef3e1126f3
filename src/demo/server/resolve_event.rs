//! Fields of events, venues, hosts and RSVPs.

use super::faults::Blemish;
use super::node::{Node, Out, Trouble};
use super::resolve::{Arguments, Resolved, SITE, Sight, eastern, half, unknown};
use crate::demo::clock::{Stamp, iso_duration};
use crate::demo::world::{EventAt, ONLINE_VENUE, PersonAt, Rsvp, VenueAt};

impl<'w> Sight<'w> {
    pub(super) fn event(&self, at: EventAt, field: &str, arguments: &Arguments) -> Resolved<'w> {
        let event = self.world.event(at);
        let blemish = self.blemish(&Node::Event(at));
        Ok(match (field, blemish) {
            ("id", Some(Blemish::NullId))
            | ("group", Some(Blemish::NoGroup))
            | ("venues" | "eventHosts", Some(Blemish::NullLists)) => Out::Null,
            ("title", Some(Blemish::RawNull)) => Out::ForcedNull,
            ("venues", Some(Blemish::Field)) => {
                return Err(Trouble::Field(
                    "Exception while fetching data : timeout".to_owned(),
                ));
            }
            ("status", Some(Blemish::StrangeValues)) => Out::Text("RESCHEDULING"),
            ("title", Some(cut @ (Blemish::CutName | Blemish::CutBytes))) => {
                half(&event.title, cut)
            }
            ("id", _) => Out::Text(&event.id),
            ("token", _) => Out::Text(&event.token),
            ("title", _) => Out::Text(&event.title),
            ("status", _) => Out::Text(self.world.status_of(at, self.now).as_str()),
            ("eventType", _) => Out::Text(event.gathering.as_str()),
            ("dateTime", _) => event
                .starts_at
                .map_or(Out::Null, |start| self.in_group(event.group, start)),
            ("endTime", _) if !event.says_end => Out::Null,
            ("endTime", _) => event
                .ends_at()
                .map_or(Out::Null, |end| self.in_group(event.group, end)),
            ("duration", _) => event
                .minutes
                .map_or(Out::Null, |minutes| Out::Made(iso_duration(minutes))),
            ("createdTime", _) => eastern(event.created_at),
            ("eventUrl", _) => {
                let urlname = &self.world.group(event.group).urlname;
                Out::Made(format!("{SITE}/{urlname}/events/{}/", event.id))
            }
            ("maxTickets", _) => event
                .capacity
                .map_or(Out::Int(0), |most| Out::Int(most.into())),
            ("group", _) => Out::Node(Node::Group(event.group)),
            ("networkEvent", _) => event
                .network_event
                .map_or(Out::Null, |id| Out::Node(Node::NetworkEvent(id))),
            ("eventHosts", _) => Out::Nodes(
                event
                    .hosts
                    .iter()
                    .map(|person| Node::Host(*person))
                    .collect(),
            ),
            ("venues", _) => Out::Nodes(event.venues.iter().map(|at| Node::Venue(*at)).collect()),
            ("rsvps", _) => return self.rsvps(at, arguments),
            _ => return unknown(&Node::Event(at), field),
        })
    }

    pub(super) fn host(&self, person: Option<PersonAt>, field: &str) -> Resolved<'w> {
        Ok(match (field, person) {
            ("member", Some(at)) => Out::Node(Node::Member(at)),
            ("member", None) => Out::Null,
            ("name", Some(at)) => Out::Text(&self.world.person(at).name),
            ("name", None) => Out::Text("Former member"),
            _ => return unknown(&Node::Host(person), field),
        })
    }

    pub(super) fn venue(&self, at: VenueAt, field: &str) -> Resolved<'w> {
        let venue = self.world.venue(at);
        Ok(match field {
            "id" => Out::Id(venue.id),
            "name" => Out::Text(&venue.name),
            "city" => Out::Text(&venue.city),
            "country" => Out::Text(&venue.country),
            "lat" => Out::Float(venue.lat),
            "lon" => Out::Float(venue.lon),
            "venueType" => Out::Text(if venue.id == ONLINE_VENUE {
                "online"
            } else {
                ""
            }),
            _ => return unknown(&Node::Venue(at), field),
        })
    }

    /// Whether an RSVP is shown as one of a deleted account.
    fn is_lost(&self, at: EventAt, row: &Rsvp) -> bool {
        let rows = &self.world.event(at).rsvps;
        let lost = match self.blemish(&Node::Rsvp(at, row)) {
            Some(Blemish::LostAccount) => rows.first(),
            Some(Blemish::LostNewest) => rows.iter().max_by_key(|row| (row.updated_at, row.id)),
            _ => None,
        };
        lost.is_some_and(|lost| lost.id == row.id)
    }

    pub(super) fn rsvp(&self, event: EventAt, row: &'w Rsvp, field: &str) -> Resolved<'w> {
        Ok(match field {
            "id" => Out::Id(row.id),
            "status" if self.blemish(&Node::Rsvp(event, row)) == Some(Blemish::StrangeValues) => {
                Out::Text("YES_BUT_LATE")
            }
            "status" => Out::Text(row.answer.as_str()),
            "guestsCount" => Out::Int(row.guests.into()),
            "isHost" => Out::Bool(row.is_host),
            "member" if self.is_lost(event, row) => Out::Null,
            "member" => Out::Node(Node::Member(row.person)),
            "updated" => row.updated_at.map_or(Out::Null, |at| {
                let zone = self.world.group(self.world.event(event).group).zone;
                Out::Exactly(Stamp { at, zone })
            }),
            _ => return unknown(&Node::Rsvp(event, row), field),
        })
    }
}
