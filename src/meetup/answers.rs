//! Answers: what was asked for, with the number of the question and the server's time.

use chrono::{DateTime, Utc};

use crate::community::{
    Cursor, EventToken, GroupSnapshot, MemberId, Membership, Network, RsvpPage, RsvpSign,
};

/// An answer, with what decides whether it is newer than another.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer<T> {
    /// What was asked for.
    pub value: T,
    /// The number of the question; of the first one where several were needed.
    pub asked: i64,
    /// When Meetup answered, by its own clock; the earliest where several answers were needed.
    pub answered_at: Option<DateTime<Utc>>,
}

impl<T> Answer<T> {
    /// The same answer with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        Answer {
            value: change(self.value),
            asked: self.asked,
            answered_at: self.answered_at,
        }
    }
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq)]
pub struct Page<T> {
    /// What stands on it.
    pub rows: Vec<T>,
    /// Where the next page begins; none ends the walk. See `Walk`.
    pub next: Option<Cursor>,
    /// Rows in the whole listing, as Meetup counts them.
    pub total: Option<i64>,
}

/// Some of a group's people.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct People {
    /// What they are in the group.
    pub rows: Vec<Membership>,
    /// Who is listed, but not as what: whether they are in the group is not known.
    pub unsaid: Vec<MemberId>,
    /// Rows that do not even say who: anybody not found may be one of them.
    pub nameless: usize,
    /// Where the next page begins; none ends the walk. See `Walk`.
    pub next: Option<Cursor>,
    /// Rows in the whole listing, as Meetup counts them.
    pub total: Option<i64>,
}

/// A page of a network's groups, with the network itself.
#[derive(Debug, Clone, PartialEq)]
pub struct NetworkGroups {
    /// The network.
    pub network: Network,
    /// Its groups.
    pub page: Page<GroupSnapshot>,
}

/// A page of an event's RSVPs, and the sign read in the same moment.
#[derive(Debug, Clone, PartialEq)]
pub struct EventRsvps {
    /// The event's stable key.
    pub token: EventToken,
    /// The page.
    pub page: RsvpPage,
    /// The sign.
    pub sign: RsvpSign,
}

/// From when to when; open where none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Span {
    /// The earliest start.
    pub from: Option<DateTime<Utc>>,
    /// The latest start.
    pub to: Option<DateTime<Utc>>,
}

/// The order of an event's RSVPs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RsvpOrder {
    /// Ascending ids: for a full walk.
    ById,
    /// The last changed first: for a partial walk.
    NewestFirst,
}

/// A count, unless it is the one below zero that stands for unknown.
pub(crate) fn counted(count: i64) -> Option<i64> {
    (count >= 0).then_some(count)
}

/// The cursor after a page: none where Meetup says that it was the last, where nothing stood on it or
/// where it gives none. Without a `pageInfo` the last edge's own cursor goes on; the listing then ends
/// with an empty page.
pub(crate) fn next_cursor(
    edges: usize,
    page_info: Option<(bool, Option<String>)>,
    last_edge: Option<String>,
) -> Option<Cursor> {
    let cursor = match page_info {
        Some((has_next, end)) => end.filter(|_| has_next),
        None => last_edge,
    };
    cursor.filter(|_| edges > 0).map(Cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_ends_in_each_of_its_ways() {
        let end = || Some("c".to_owned());
        let go_on = Some(Cursor("c".to_owned()));
        assert_eq!(next_cursor(3, Some((true, end())), None), go_on);
        assert_eq!(
            next_cursor(3, Some((false, end())), None),
            None,
            "no next page"
        );
        assert_eq!(next_cursor(0, Some((true, end())), None), None, "no edges");
        assert_eq!(
            next_cursor(3, Some((true, None)), end()),
            None,
            "null cursor"
        );
        assert_eq!(next_cursor(3, None, end()), go_on, "no page info");
    }
}
