//! What the resolvers hand to the executor: objects still to be asked, and finished values.

use super::cursor::Place;
use crate::demo::clock::Stamp;
use crate::demo::world::{EventAt, GroupAt, Membership, NetworkAt, PersonAt, Rsvp, VenueAt};
use std::rc::Rc;

/// An object of the schema, borrowed from the world.
#[derive(Debug, Clone)]
pub enum Node<'w> {
    /// The root.
    Query,
    /// A network.
    Network(NetworkAt),
    /// A group.
    Group(GroupAt),
    /// A group's statistics.
    Stats(GroupAt),
    /// A group's member counts.
    MemberCounts(GroupAt),
    /// Meetup's tally of a group.
    Analytics(GroupAt),
    /// A person.
    Member(PersonAt),
    /// A person's place in a group.
    Membership(GroupAt, &'w Membership),
    /// An event.
    Event(EventAt),
    /// A named host, known or not.
    Host(Option<PersonAt>),
    /// What the copies of a joint event share.
    NetworkEvent(u64),
    /// A venue.
    Venue(VenueAt),
    /// An RSVP.
    Rsvp(EventAt, &'w Rsvp),
    /// Something again, under ids that nobody has.
    Invented(Rc<Node<'w>>, usize),
    /// A page of a listing.
    Listing(Rc<Listing<'w>>),
    /// A row of a page.
    Edge(Rc<Listing<'w>>, usize),
    /// What a page says of itself.
    PageInfo(Rc<Listing<'w>>),
}

/// Whose listing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// groupsSearch.
    Groups,
    /// eventsSearch.
    Events,
    /// A group's events.
    GroupEvents,
    /// A group's memberships.
    Memberships(GroupAt),
    /// An event's RSVPs.
    Rsvps(EventAt),
}

/// A page, ready to be asked for its rows.
#[derive(Debug)]
pub struct Listing<'w> {
    /// Whose.
    pub kind: Kind,
    /// Rows of all pages, as Meetup counts them.
    pub total: usize,
    /// The rows of this page.
    pub rows: Vec<(Place, Node<'w>)>,
    /// What the page claims.
    pub has_next: bool,
    /// Where it says that it ends.
    pub end: Option<Place>,
}

/// A resolved field.
#[derive(Debug)]
pub enum Out<'w> {
    /// Null.
    Null,
    /// Null even where the schema forbids it, as a broken server would send.
    ForcedNull,
    /// Null up to the nearest place that allows it, without an error.
    Vanished,
    /// Text that ends in half a character, as it is sent.
    Cut(String, &'static [u8]),
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// A number sent as a string.
    Id(u64),
    /// Text.
    Text(&'w str),
    /// Text made here.
    Made(String),
    /// An instant and the name of its zone, in the style of the day.
    At(Stamp, &'w str),
    /// An instant, always to the second.
    Exactly(Stamp),
    /// An object.
    Node(Node<'w>),
    /// A list of objects.
    Nodes(Vec<Node<'w>>),
    /// A page's rows.
    Rows(Rc<Listing<'w>>),
}

impl Node<'_> {
    /// The schema's name of its type.
    pub fn type_name(&self) -> &'static str {
        match self {
            Self::Query => "Query",
            Self::Network(_) => "ProNetwork",
            Self::Group(_) => "Group",
            Self::Stats(_) => "GroupStats",
            Self::MemberCounts(_) => "GroupMemberCounts",
            Self::Analytics(_) => "GroupAnalytics",
            Self::Member(_) => "Member",
            Self::Membership(..) => "Membership",
            Self::Event(_) => "Event",
            Self::Host(_) => "EventHost",
            Self::NetworkEvent(_) => "NetworkEvent",
            Self::Venue(_) => "Venue",
            Self::Rsvp(..) => "Rsvp",
            Self::Invented(it, _) => it.type_name(),
            Self::PageInfo(_) => "PageInfo",
            Self::Listing(listing) => match listing.kind {
                Kind::Groups => "ProNetworkGroupsSearchConnection",
                Kind::Events => "ProNetworkEventsSearchConnection",
                Kind::GroupEvents => "GroupEventConnection",
                Kind::Memberships(_) => "GroupMemberConnection",
                Kind::Rsvps(_) => "RsvpConnection",
            },
            Self::Edge(listing, _) => match listing.kind {
                Kind::Groups => "ProNetworkGroupsSearchEdge",
                Kind::Events => "ProNetworkEventsSearchEdge",
                Kind::GroupEvents => "EventEdge",
                Kind::Memberships(_) => "GroupMemberEdge",
                Kind::Rsvps(_) => "RsvpEdge",
            },
        }
    }
}

/// Why a field has no value.
#[derive(Debug, Clone, PartialEq)]
pub enum Trouble {
    /// The field fails; null goes up to the nearest place that allows it.
    Field(String),
    /// The request is refused as a whole.
    Refused(String),
    /// The page is too large: the request ends with this status.
    TooLarge(u16),
    /// The account may not see it.
    Denied,
}
