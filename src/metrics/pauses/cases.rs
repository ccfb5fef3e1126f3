//! This network's own past: pauses of which it is known whether they went long, counted by cell.

use super::prior::prior;
use super::rhythm::{CELLS, Cell};
use super::rule::{DAY, LONG};
use super::spell::Spell;

/// How far back pauses count: so many days before the instant.
pub(super) const BACK: i64 = 1_640 * DAY;
/// What the prior weighs, in cases.
const WEIGHT: f64 = 8.0;

/// The cases of one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Count {
    pub cases: i64,
    pub long: i64,
}

impl Count {
    fn add(&mut self, is_long: bool, sign: i64) {
        self.cases += sign;
        self.long += sign * i64::from(is_long);
    }
}

/// The cases as of an instant that moves on. Each pause enters and leaves once, so that asking for many
/// instants takes no longer than the pauses are many.
pub(super) struct Cases {
    /// By their beginning.
    spells: Vec<Spell>,
    /// The first that is not too old.
    from: usize,
    /// The first of which it is not known yet whether it went long.
    to: usize,
    counts: [Count; CELLS],
}

impl Cases {
    /// Over these pauses of measured groups, as of long ago.
    pub(super) fn over(spells: &[Spell]) -> Self {
        // Most pauses end before the first edge: they are no case.
        let has_edges = |spell: &&Spell| spell.edges().next().is_some();
        let mut spells: Vec<Spell> = spells.iter().filter(has_edges).copied().collect();
        spells.sort_unstable_by_key(|spell| spell.began_at);
        Self {
            spells,
            from: 0,
            to: 0,
            counts: [Count::default(); CELLS],
        }
    }

    /// Moves on to an instant, which is not before the last one.
    pub(super) fn move_to(&mut self, instant: i64) {
        while let Some(spell) = self.spells.get(self.to) {
            if spell.began_at > instant - LONG {
                break;
            }
            count(&mut self.counts, spell, 1);
            self.to += 1;
        }
        while let Some(spell) = self.spells.get(self.from) {
            if spell.began_at > instant - BACK {
                break;
            }
            count(&mut self.counts, spell, -1);
            self.from += 1;
        }
    }

    /// The cases of a cell.
    pub(super) fn of(&self, cell: Cell) -> Count {
        self.counts[cell.place()]
    }

    /// The share of a cell's pauses that go long, the fewer they are the closer to the prior.
    #[allow(clippy::cast_precision_loss)] // counts of pauses stay far below 2^53
    pub(super) fn share(&self, cell: Cell) -> f64 {
        let Count { cases, long } = self.of(cell);
        (long as f64 + WEIGHT * prior(cell)) / (cases as f64 + WEIGHT)
    }
}

fn count(counts: &mut [Count; CELLS], spell: &Spell, sign: i64) {
    for edge in spell.edges() {
        counts[spell.cell(edge).place()].add(spell.is_long, sign);
    }
}
