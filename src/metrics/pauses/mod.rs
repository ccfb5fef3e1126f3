//! Pauses between a group's events: how long they usually last, what became of those that were alike,
//! and when a call helps.
//!
//! A pause begins with the start of an event and is long once nothing has started for 180 days. At each of
//! the [edges](rhythm::EDGES) of which it came through with nothing announced it is a case of a cell: so
//! many days, in so many of the group's usual gaps, after so busy a year. The share of a cell's cases that
//! went long, drawn to that of [another network](prior) while they are few, is the risk of a pause that
//! stands there now. Whole days and seconds are integers throughout, so that what is exactly as long is
//! never longer.
//!
//! The columns are those of `starts.sql`; what is told of them here has no twin in SQL, and is held equal to
//! a plain recount by a test.

mod alike;
mod asks;
mod calls;
mod cases;
mod events;
mod guidance;
mod off;
mod present;
mod prior;
mod rhythm;
mod rule;
mod spell;

use std::collections::HashMap;

use cases::Cases;
pub(super) use spell::Spell;

pub(super) use alike::others;
pub use asks::Asks;
pub use calls::{Called, Calls};
pub(super) use events::{Columns, Subject};
pub use guidance::Guidance;
pub use off::OffMonth;
pub(super) use present::Present;
pub use present::{Alike, Pause};
pub(super) use rule::CallRule;

/// What is known of the pauses of all groups.
#[derive(Default)]
pub(super) struct Pauses {
    /// By the group's key.
    pub present: HashMap<i64, Present>,
    /// What became of this network's groups before.
    pub guidance: Guidance,
    /// What came of asking groups.
    pub asks: Option<Asks>,
    /// Those of groups whose history is complete.
    spells: Vec<Spell>,
}

impl Pauses {
    /// Of groups with all their events, and the instants at which they were asked, as of A. Beside them may
    /// stand the pauses of others, which are cases and nothing else.
    pub(super) fn of(
        columns: Columns,
        others: Vec<Spell>,
        asked: &HashMap<i64, Vec<i64>>,
        as_of: i64,
        rule: CallRule,
    ) -> Self {
        let groups = columns.in_order();
        let mut spells = others;
        let mut latest = Vec::new();
        for group in &groups {
            let of_group = Spell::all(&group.events, as_of);
            latest.push(of_group.last().copied());
            if group.subject.is_complete {
                spells.extend(of_group);
            }
        }
        let mut cases = Cases::over(&spells);
        cases.move_to(as_of);
        let present = groups.iter().zip(&latest).map(|(group, latest)| {
            let present = Present::of(group, latest.as_ref(), as_of, rule, &cases);
            (group.subject.key, present)
        });
        let complete = groups.iter().filter(|group| group.subject.is_complete);
        Self {
            present: present.collect(),
            guidance: guidance::guidance(complete.map(|group| group.held.as_slice()), as_of),
            asks: asks::asks(&groups, asked, as_of),
            spells,
        }
    }

    /// What calls would have been made, and how right they were.
    pub(super) fn replay(&self, as_of: i64, rule: CallRule) -> Calls {
        calls::replay(&self.spells, as_of, rule)
    }
}

#[cfg(test)]
mod tests {
    use super::cases::Count;
    use super::events::Event;
    use super::rhythm::{CELLS, Cell};
    use super::rule::DAY;
    use super::*;
    use proptest::collection::vec;
    use proptest::prelude::*;

    const A: i64 = 1_781_524_800;

    /// What is known of a group's events at an instant.
    fn known(events: &[Event], as_of: i64) -> Vec<Spell> {
        let is_known = |event: &&Event| event.starts_at <= as_of || event.created <= as_of;
        let mut events: Vec<Event> = events.iter().filter(is_known).copied().collect();
        events.sort_by_key(|event| event.starts_at);
        Spell::all(&events, as_of)
    }

    fn counts(groups: &[Vec<Event>], as_of: i64, at: i64) -> Vec<Count> {
        let spells = groups.iter().flat_map(|events| known(events, as_of));
        let mut cases = Cases::over(&spells.collect::<Vec<_>>());
        cases.move_to(at);
        let cells = (0..9).flat_map(|edge| (0..30).map(move |it| Cell::at(edge, it / 5, it % 5)));
        let counts: Vec<Count> = cells.map(|cell| cases.of(cell)).collect();
        assert_eq!(counts.len(), CELLS);
        counts
    }

    fn event() -> impl Strategy<Value = Event> {
        let ago = (-300_i64..2_500, 0_i64..4).prop_map(|(days, odd)| days * 15 * DAY / 10 + odd);
        (ago, 0_i64..200, 0_i64..2).prop_map(|(ago, notice, odd)| Event {
            starts_at: A - ago,
            created: A - ago - (notice * DAY - odd).max(0),
        })
    }

    proptest! {
        #[test]
        fn a_later_as_of_never_changes_the_cases_as_of_an_earlier_instant(
            groups in vec(vec(event(), 0..40), 1..4),
            back in 0_i64..900, later in 0_i64..900,
        ) {
            let (as_of, at) = (A - later * DAY, A - (later + back) * DAY);
            prop_assert_eq!(counts(&groups, as_of, at), counts(&groups, A, at));
        }

        #[test]
        fn moving_on_step_by_step_counts_the_same_as_at_once(
            groups in vec(vec(event(), 0..40), 1..4),
            steps in vec(1_i64..200, 1..12),
        ) {
            let spells: Vec<Spell> = groups.iter().flat_map(|events| known(events, A)).collect();
            let mut cases = Cases::over(&spells);
            let mut at = A - 2_400 * DAY;
            for step in steps {
                at += step * DAY;
                cases.move_to(at);
                let mut once = Cases::over(&spells);
                once.move_to(at);
                for cell in (0..9).flat_map(|edge| (0..30).map(move |it| Cell::at(edge, it / 5, it % 5))) {
                    prop_assert_eq!(cases.of(cell), once.of(cell));
                }
            }
        }
    }
}
