//! The pauses of one group, each from the instant at which it began. Here an event counts from its start on.

use super::events::Event;
use super::rhythm::{Cell, EDGES, Usual};
use super::rule::{DAY, LONG};

/// A pause from the start of one event, or of several at one instant, to the next later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::metrics) struct Spell {
    /// When it began, in seconds since 1970.
    pub began_at: i64,
    /// From when on an event to come was announced, or one started; the end of time where none was.
    word_at: i64,
    /// No event started in the 180 days after.
    pub is_long: bool,
    /// The usual gap of the starts up to it.
    pub(super) usual: Usual,
    /// Events that started in the 365 days up to it.
    pub events: usize,
}

impl Spell {
    /// The pauses of a group that began up to A, oldest first; events in the order of their starts.
    pub(super) fn all(events: &[Event], as_of: i64) -> Vec<Self> {
        let begun = events.partition_point(|event| event.starts_at <= as_of);
        // From when on something was known of the events from each one on.
        let mut word_of = vec![i64::MAX; events.len() + 1];
        for (place, event) in events.iter().enumerate().rev() {
            word_of[place] = word_of[place + 1].min(event.created);
        }
        let mut spells: Vec<Self> = Vec::new();
        let mut gaps: Vec<i64> = Vec::new();
        let mut first_of_year = 0;
        let mut place = 0;
        while place < begun {
            let began_at = events[place].starts_at;
            if let Some(before) = spells.last() {
                gaps.push(began_at - before.began_at);
            }
            while events[place..begun]
                .first()
                .is_some_and(|event| event.starts_at == began_at)
            {
                place += 1;
            }
            while events[first_of_year].starts_at <= began_at - 365 * DAY {
                first_of_year += 1;
            }
            let next = events.get(place);
            spells.push(Self {
                began_at,
                word_at: word_of[place],
                is_long: next.is_none_or(|next| next.starts_at > began_at + LONG),
                usual: Usual::of(&gaps),
                events: place - first_of_year,
            });
        }
        spells
    }

    /// The edges (places in [`EDGES`]) at which nothing had started and nothing was announced.
    pub(super) fn edges(&self) -> impl Iterator<Item = usize> {
        // Nothing is announced later than it starts, so the first word is the end of both.
        let is_left = |days: i64| self.began_at + days * DAY < self.word_at;
        (0..EDGES.len()).take_while(move |edge| is_left(EDGES[*edge]))
    }

    /// From when on an event to come was announced, or one started; the end of time where none was.
    pub(super) fn word_at(&self) -> i64 {
        self.word_at
    }

    /// The cell it lies in at an edge.
    pub(super) fn cell(&self, edge: usize) -> Cell {
        Cell::of(edge, self.usual, self.events)
    }
}
