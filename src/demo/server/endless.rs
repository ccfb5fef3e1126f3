//! What follows the last row of a listing that does not end.
//!
//! First pages are as ever: only a walk that goes on finds that it never comes to an end.

use super::cursor::Place;
use super::listing::{Page, Rows};
use super::node::{Kind, Listing, Node, Out};
use super::resolve::{Arguments, Resolved, Sight};
use crate::demo::switches::{Connection, Endless};
use std::rc::Rc;

impl Kind {
    fn connection(self) -> Connection {
        match self {
            Self::Groups => Connection::Groups,
            Self::Events => Connection::Events,
            Self::GroupEvents => Connection::GroupEvents,
            Self::Memberships(_) => Connection::Memberships,
            Self::Rsvps(_) => Connection::Rsvps,
        }
    }
}

impl<'w> Sight<'w> {
    /// Whether listings of this kind have no end.
    pub(super) fn is_endless(&self, kind: Kind) -> bool {
        match self.world.switches.endless {
            Endless::Ends => false,
            Endless::Empty | Endless::Repeats => true,
            Endless::Invents(only) => only == kind.connection(),
        }
    }

    /// What a page shows beyond the `total` rows there are: each place with the row that is shown there again.
    pub(super) fn beyond(
        &self,
        kind: Kind,
        total: usize,
        start: usize,
        page: Page<'_>,
    ) -> impl Iterator<Item = (usize, usize)> + use<'w> {
        let has_rows = self.world.switches.endless != Endless::Empty;
        let goes_on = has_rows && self.is_endless(kind) && page.after.is_some() && total > 0;
        let end = if goes_on {
            start.saturating_add(page.rows)
        } else {
            0
        };
        (start.max(total)..end).map(move |place| (place, place % total))
    }

    /// A row at a place beyond the last one.
    pub(super) fn again(&self, place: usize, node: Node<'w>) -> (Place, Node<'w>) {
        let node = match self.world.switches.endless {
            Endless::Invents(_) => Node::Invented(Rc::new(node), place),
            _ => node,
        };
        (Place::Offset(place as u64), node)
    }

    /// Where a page says that it ends.
    pub(super) fn end(
        &self,
        kind: Kind,
        rows: &Rows<'w>,
        start: usize,
        page: Page<'_>,
    ) -> Option<Place> {
        let last = rows.last().map(|(place, _)| *place);
        last.or_else(|| {
            self.is_endless(kind)
                .then(|| Place::Offset(start.saturating_add(page.rows) as u64))
        })
    }

    /// A field of something that is shown under ids that nobody has, as is all that is listed of it.
    pub(super) fn invented(
        &self,
        it: &Node<'w>,
        nth: usize,
        field: &str,
        arguments: &Arguments,
    ) -> Resolved<'w> {
        Ok(match (field, self.resolve(it, field, arguments)?) {
            ("id", Out::Id(id)) => Out::Made(format!("{id}{nth:06}")),
            ("id" | "token" | "urlname", Out::Text(text)) => Out::Made(format!("{text}{nth:06}")),
            (_, Out::Node(Node::Listing(listing))) => {
                let rows = listing.rows.iter();
                Out::Node(Node::Listing(Rc::new(Listing {
                    kind: listing.kind,
                    total: listing.total,
                    rows: rows
                        .map(|(place, node)| (*place, Node::Invented(Rc::new(node.clone()), nth)))
                        .collect(),
                    has_next: listing.has_next,
                    end: listing.end,
                })))
            }
            (_, out) => out,
        })
    }
}
