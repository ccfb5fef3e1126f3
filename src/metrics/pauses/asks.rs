//! What came of asking groups, beside pauses of the same cells in which nobody asked.
//!
//! A group asked more than once within the year counts once, by the first time. An answer is an event that
//! starts, or is created, after that and within so many days. Its cell is that of its pause at the last edge
//! before the asking, where nothing was announced by then; a pause nobody asked in is looked at from the
//! same edge on, once the days to answer in have passed.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use super::cases;
use super::events::OfGroup;
use super::rhythm::EDGES;
use super::rule::DAY;
use super::spell::Spell;
use crate::metrics::rate::Rate;

/// What came of asking groups, over the last 365 days, beside pauses alike in which nobody was asked.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Asks {
    /// Groups asked, each once, by the first time.
    pub asked: i64,
    /// Those that held or announced an event within 30 days / all.
    pub answered_30: Rate,
    /// Those that held or announced an event within 90 days / all.
    pub answered_90: Rate,
    /// The same of pauses of the same cells without an asking, within 30 days.
    pub unasked_30: Rate,
    /// The same within 90 days.
    pub unasked_90: Rate,
}

/// Answers are waited for so many days.
const DAYS_TO_ANSWER: [i64; 2] = [30, 90];
/// Fewer say nothing.
const ENOUGH: i64 = 10;

/// A group whose history is complete, and when it was asked, the earliest first.
struct Asked<'a> {
    group: &'a OfGroup,
    at: &'a [i64],
}

/// What came of asking these groups, `asked` by their keys, the earliest first; none where too few were.
pub(super) fn asks(groups: &[OfGroup], asked: &HashMap<i64, Vec<i64>>, as_of: i64) -> Option<Asks> {
    let groups = groups.iter().filter(|group| group.subject.is_complete);
    let groups: Vec<Asked<'_>> = groups
        .map(|group| Asked {
            group,
            at: asked.get(&group.subject.key).map_or(&[], Vec::as_slice),
        })
        .collect();
    let mut cells = HashSet::new();
    let mut all = 0;
    let mut answered = [0; 2];
    for asked in &groups {
        let first = asked.at.iter().find(|at| **at > as_of - 365 * DAY);
        let Some(first) = first.copied() else {
            continue;
        };
        all += 1;
        for (answered, days) in answered.iter_mut().zip(DAYS_TO_ANSWER) {
            let until = as_of.min(first + days * DAY);
            let is_within = |at: i64| at > first && at <= until;
            let mut events = asked.group.events.iter();
            *answered += i64::from(
                events.any(|event| is_within(event.starts_at) || is_within(event.created)),
            );
        }
        let spells = Spell::all(&asked.group.events, as_of);
        let pause = spells.iter().rev().find(|spell| spell.began_at <= first);
        if let Some((pause, edge)) = pause.and_then(|pause| {
            let is_reached = |edge: &usize| pause.began_at + EDGES[*edge] * DAY <= first;
            let edge = (0..EDGES.len()).take_while(is_reached).last()?;
            Some((pause, edge))
        }) && pause.edges().any(|left| left == edge)
        {
            cells.insert(pause.cell(edge).place());
        }
    }
    if all < ENOUGH {
        return None;
    }
    let mut met = [0; 2];
    let mut unasked = [0; 2];
    for asked in &groups {
        let spells = Spell::all(&asked.group.events, as_of);
        for (place, spell) in spells.iter().enumerate() {
            let until = spells.get(place + 1).map_or(i64::MAX, |next| next.began_at);
            let is_asked = asked
                .at
                .iter()
                .any(|at| (spell.began_at..until).contains(at));
            if is_asked || spell.began_at <= as_of - cases::BACK {
                continue;
            }
            for edge in spell.edges() {
                if !cells.contains(&spell.cell(edge).place()) {
                    continue;
                }
                let from = spell.began_at + EDGES[edge] * DAY;
                for (which, days) in DAYS_TO_ANSWER.into_iter().enumerate() {
                    if from + days * DAY <= as_of {
                        unasked[which] += 1;
                        met[which] += i64::from(spell.word_at() <= from + days * DAY);
                    }
                }
            }
        }
    }
    Some(Asks {
        asked: all,
        answered_30: Rate::new(answered[0], all),
        answered_90: Rate::new(answered[1], all),
        unasked_30: Rate::new(met[0], unasked[0]),
        unasked_90: Rate::new(met[1], unasked[1]),
    })
}
