//! Fields of networks, groups and members, and the way to every other type's fields.

use super::cursor::CursorStyle;
use super::faults::{Blemish, Blemishes};
use super::node::{Kind, Listing, Node, Out, Trouble};
use crate::demo::clock::Stamp;
use crate::demo::switches::LeavesOut;
use crate::demo::world::{EventStatus, GroupAt, Membership, NetworkAt, PersonAt, Standing, World};
use chrono_tz::Tz;
use serde_json::{Map, Value};
use std::rc::Rc;

/// Where links lead: nowhere.
pub(super) const SITE: &str = "https://meetup.example";
const EASTERN: &str = "US/Eastern";

pub(super) type Arguments = Map<String, Value>;
pub(super) type Resolved<'w> = Result<Out<'w>, Trouble>;

/// What one request sees: the world, at an instant, through its faults and with its rights.
pub struct Sight<'w> {
    /// The community.
    pub world: &'w World,
    /// Groups that are shown broken.
    pub blemishes: &'w Blemishes,
    /// How cursors are written.
    pub cursors: CursorStyle,
    /// The instant of the answer.
    pub now: i64,
    /// Whether the caller may see the network.
    pub sees_network: bool,
    /// Whether anybody is signed in.
    pub is_somebody: bool,
}

impl<'w> Sight<'w> {
    /// The value of a field of an object.
    pub fn resolve(&self, node: &Node<'w>, field: &str, arguments: &Arguments) -> Resolved<'w> {
        match node {
            Node::Query => self.query(field, arguments),
            Node::Network(at) => self.network(*at, field, arguments),
            Node::Group(at) => self.group(*at, field, arguments),
            Node::Stats(at) => match field {
                "memberCounts" => Ok(Out::Node(Node::MemberCounts(*at))),
                _ => unknown(node, field),
            },
            Node::MemberCounts(at) => self.member_counts(*at, field),
            Node::Analytics(at) => self.analytics(*at, field),
            Node::Member(at) => self.member(*at, field),
            Node::Membership(group, membership) => self.membership(*group, membership, field),
            Node::Event(at) => self.event(*at, field, arguments),
            Node::Host(person) => self.host(*person, field),
            Node::NetworkEvent(id) => match field {
                "id" => Ok(Out::Id(*id)),
                _ => unknown(node, field),
            },
            Node::Venue(at) => self.venue(*at, field),
            Node::Rsvp(event, rsvp) => self.rsvp(*event, rsvp, field),
            Node::Invented(it, nth) => self.invented(it, *nth, field, arguments),
            Node::Listing(listing) => self.listing(listing, field),
            Node::Edge(listing, row) => self.edge(listing, *row, field),
            Node::PageInfo(listing) => match field {
                "hasNextPage" => Ok(Out::Bool(listing.has_next)),
                "endCursor" => Ok(listing
                    .end
                    .map_or(Out::Null, |place| Out::Made(self.cursors.write(place)))),
                _ => unknown(node, field),
            },
        }
    }

    fn query(&self, field: &str, arguments: &Arguments) -> Resolved<'w> {
        let text = |name: &str| arguments.get(name).map(plain).unwrap_or_default();
        let found = match field {
            "event" => {
                let found = self.world.event_of_id(&text("id"));
                found.filter(|at| !self.leaves_out(*at)).map(Node::Event)
            }
            "group" => self.world.group_of_id(&text("id")).map(Node::Group),
            "groupByUrlname" => self.world.group_named(&text("urlname")).map(Node::Group),
            "proNetwork" if !self.sees_network => None,
            "proNetwork" => {
                let (id, urlname) = (text("id"), text("urlname"));
                let found = self.world.networks().find(|(_, network)| {
                    network.urlname == urlname || network.id.to_string() == id
                });
                found.map(|(at, _)| Node::Network(at))
            }
            "self"
                if !self.is_somebody
                    || self.world.switches.leaves_out == LeavesOut::AllButPublic =>
            {
                None
            }
            "self" => self
                .world
                .networks()
                .next()
                .map(|(_, network)| Node::Member(network.admin)),
            _ => return unknown(&Node::Query, field),
        };
        match found {
            Some(node) => self.readable(node),
            None => Ok(Out::Null),
        }
    }

    /// An event or group, unless its group is shown as unreadable.
    pub(super) fn readable(&self, node: Node<'w>) -> Resolved<'w> {
        if self.blemish(&node) == Some(Blemish::Unreadable) {
            return Err(Trouble::Field(
                "Exception while fetching data : null".to_owned(),
            ));
        }
        Ok(Out::Node(node))
    }

    pub(super) fn blemish(&self, node: &Node<'_>) -> Option<Blemish> {
        if self.blemishes.is_empty() {
            return None;
        }
        if let Node::Event(at) | Node::Rsvp(at, _) = node
            && let Some(blemish) = self.blemishes.of_event(*at)
        {
            return Some(blemish);
        }
        let group = match node {
            Node::Group(at) | Node::Membership(at, _) => *at,
            Node::Event(at) | Node::Rsvp(at, _) => self.world.event(*at).group,
            _ => return None,
        };
        self.blemishes.of(self.world.group(group).id)
    }

    fn network(&self, at: NetworkAt, field: &str, arguments: &Arguments) -> Resolved<'w> {
        let network = self.world.network(at);
        Ok(match field {
            "id" => Out::Id(network.id),
            "urlname" => Out::Text(&network.urlname),
            "name" => Out::Text(&network.name),
            "link" => Out::Made(format!("{SITE}/pro/{}", network.urlname)),
            "status" => Out::Text("ACTIVE"),
            "primaryAdmin" => Out::Node(Node::Member(network.admin)),
            "groupsSearch" => return self.groups_search(at, arguments),
            "eventsSearch" => return self.events_search(at, arguments),
            _ => return unknown(&Node::Network(at), field),
        })
    }

    fn group(&self, at: GroupAt, field: &str, arguments: &Arguments) -> Resolved<'w> {
        let group = self.world.group(at);
        let blemish = self.blemish(&Node::Group(at));
        Ok(match (field, blemish) {
            ("id", Some(Blemish::NullId)) => Out::Null,
            ("name", Some(Blemish::RawNull)) => Out::ForcedNull,
            ("organizer", Some(Blemish::Field)) => {
                return Err(Trouble::Field(
                    "Exception while fetching data : timeout".to_owned(),
                ));
            }
            ("status", Some(Blemish::StrangeValues)) => Out::Text("HIBERNATING"),
            ("name", Some(cut @ (Blemish::CutName | Blemish::CutBytes))) => half(&group.name, cut),
            ("id", _) => Out::Id(group.id),
            ("urlname", _) => Out::Text(&group.urlname),
            ("name", _) => Out::Text(&group.name),
            ("link", _) => Out::Made(format!("{SITE}/{}", group.urlname)),
            ("city", _) => Out::Text(&group.city),
            ("state", _) => Out::Text(&group.state),
            ("country", _) => Out::Text(&group.country),
            ("lat", _) => Out::Float(group.lat),
            ("lon", _) => Out::Float(group.lon),
            ("timezone", _) => Out::Text(&group.timezone),
            ("foundedDate", _) => self.in_group(at, group.founded_at),
            ("joinMode", _) => Out::Text(group.join_mode),
            ("isPrivate", _) => Out::Bool(group.is_private),
            ("status", _) => Out::Text(group.status),
            ("organizer", _) => group
                .organizer
                .map_or(Out::Null, |at| Out::Node(Node::Member(at))),
            ("proNetwork", _) => group
                .network
                .map_or(Out::Null, |at| Out::Node(Node::Network(at))),
            ("proJoinDate", _) => group.joined_network_at.map_or(Out::Null, eastern),
            ("stats", _) => Out::Node(Node::Stats(at)),
            ("groupAnalytics", _) if group.network.is_none() => Out::Null,
            ("groupAnalytics", _) => Out::Node(Node::Analytics(at)),
            ("events", _) => return self.group_events(at, arguments),
            ("memberships", _) => return self.memberships(at, arguments),
            _ => return unknown(&Node::Group(at), field),
        })
    }

    fn member_counts(&self, at: GroupAt, field: &str) -> Resolved<'w> {
        let members = &self.world.group(at).memberships;
        let pending = || {
            members
                .iter()
                .filter(|member| member.standing == Standing::Pending)
                .count() as i64
        };
        Ok(match field {
            "all" => {
                let inside = members.iter().filter(|member| member.is_in()).count() as i64;
                let counts_pending = self.world.switches.member_count_includes_pending;
                Out::Int(inside + if counts_pending { pending() } else { 0 })
            }
            "pending" => Out::Int(pending()),
            _ => return unknown(&Node::MemberCounts(at), field),
        })
    }

    fn analytics(&self, at: GroupAt, field: &str) -> Resolved<'w> {
        let with_status = |wanted: EventStatus| {
            self.world
                .events_of(at)
                .filter(move |&event| self.world.status_of(event, self.now) == wanted)
        };
        let starts = |event| self.world.event(event).starts_at;
        Ok(match field {
            "lastEventDate" => with_status(EventStatus::Past)
                .next_back()
                .and_then(starts)
                .map_or(Out::Null, |start| self.in_group(at, start)),
            "nextEventDate" => with_status(EventStatus::Active)
                .find_map(starts)
                .map_or(Out::Null, |start| self.in_group(at, start)),
            "tieStatus" if self.blemish(&Node::Group(at)) == Some(Blemish::StrangeValues) => {
                Out::Text("DORMANT")
            }
            "tieStatus" => Out::Text(self.world.group(at).tie),
            "totalMembers" => {
                let members = &self.world.group(at).memberships;
                Out::Int(members.iter().filter(|member| member.is_in()).count() as i64)
            }
            "totalPastEvents" => Out::Int(with_status(EventStatus::Past).count() as i64),
            "totalUpcomingEvents" => Out::Int(with_status(EventStatus::Active).count() as i64),
            "totalPastRsvps" => {
                let yes = with_status(EventStatus::Past)
                    .map(|event| {
                        let rsvps = &self.world.event(event).rsvps;
                        rsvps.iter().filter(|rsvp| came(rsvp.answer)).count() as i64
                    })
                    .sum();
                Out::Int(yes)
            }
            _ => return unknown(&Node::Analytics(at), field),
        })
    }

    fn member(&self, at: PersonAt, field: &str) -> Resolved<'w> {
        let person = self.world.person(at);
        Ok(match field {
            "id" => Out::Id(person.id),
            "name" => Out::Text(&person.name),
            "memberUrl" => Out::Made(format!("{SITE}/members/{}", person.id)),
            "adminProNetworks" => {
                let theirs = self
                    .world
                    .networks()
                    .filter(|(_, network)| network.admin == at);
                Out::Nodes(theirs.map(|(at, _)| Node::Network(at)).collect())
            }
            _ => return unknown(&Node::Member(at), field),
        })
    }

    fn membership(&self, group: GroupAt, row: &'w Membership, field: &str) -> Resolved<'w> {
        Ok(match field {
            "role" => Out::Text(row.role.as_str()),
            "status" => Out::Text(row.standing.as_str()),
            "joinTime" => self.in_group(group, row.joined_at),
            "lastAccessTime" => row
                .last_access_at
                .map_or(Out::Null, |at| self.in_group(group, at)),
            _ => return unknown(&Node::Membership(group, row), field),
        })
    }

    fn edge(&self, listing: &Rc<Listing<'w>>, row: usize, field: &str) -> Resolved<'w> {
        let (place, node) = &listing.rows[row];
        if let Node::Invented(it, nth) = node {
            return Ok(match (field, &**it) {
                ("cursor", _) => Out::Made(self.cursors.write(*place)),
                ("node", Node::Membership(_, row)) => {
                    Out::Node(Node::Invented(Rc::new(Node::Member(row.person)), *nth))
                }
                ("node", _) => Out::Node(node.clone()),
                ("metadata", Node::Group(at)) => Out::Node(Node::Analytics(*at)),
                _ => Out::Node((**it).clone()),
            });
        }
        match (field, node) {
            ("cursor", _) => Ok(Out::Made(self.cursors.write(*place))),
            ("metadata", Node::Membership(..))
                if row == 0 && self.blemish(node) == Some(Blemish::NoPresence) =>
            {
                Ok(Out::Null)
            }
            ("node", Node::Membership(..))
                if row == 1 && self.blemish(node) == Some(Blemish::NoPresence) =>
            {
                Ok(Out::Null)
            }
            ("node", Node::Membership(_, membership)) => {
                Ok(Out::Node(Node::Member(membership.person)))
            }
            ("node", _) => self.readable(node.clone()),
            ("metadata", Node::Membership(..)) => Ok(Out::Node(node.clone())),
            ("metadata", Node::Group(at)) if listing.kind == Kind::Groups => {
                Ok(Out::Node(Node::Analytics(*at)))
            }
            _ => unknown(&Node::Edge(listing.clone(), row), field),
        }
    }

    /// An instant with the group's offset.
    pub(super) fn in_group(&self, at: GroupAt, instant: i64) -> Out<'w> {
        let group = self.world.group(at);
        Out::At(
            Stamp {
                at: instant,
                zone: group.zone,
            },
            &group.timezone,
        )
    }
}

/// An instant as Meetup's head office reads its clocks.
pub(super) fn eastern<'w>(instant: i64) -> Out<'w> {
    Out::At(
        Stamp {
            at: instant,
            zone: Tz::US__Eastern,
        },
        EASTERN,
    )
}

/// Text cut in the middle of its last character.
pub(super) fn half<'w>(text: &str, how: Blemish) -> Out<'w> {
    let half: &[u8] = match how {
        Blemish::CutBytes => &[0xF0, 0x9F, 0x98],
        _ => b"\\ud83d",
    };
    Out::Cut(text.to_owned(), half)
}

/// Said yes, or was marked as having come.
pub(super) fn came(answer: crate::demo::world::Answer) -> bool {
    use crate::demo::world::Answer;
    matches!(answer, Answer::Yes | Answer::Attended)
}

/// An id may come as a number.
pub(super) fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A field that the schema has and the simulation has not: a bug that a test finds.
pub(super) fn unknown<'w>(node: &Node<'_>, field: &str) -> Resolved<'w> {
    let name = node.type_name();
    Err(Trouble::Field(format!(
        "the simulation has no {name}.{field}"
    )))
}
