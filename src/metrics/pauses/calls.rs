//! The calls that would have been made, replayed over the pauses of which it is known how they went.

use serde::Serialize;

use super::cases::Cases;
use super::rhythm::EDGES;
use super::rule::{CallRule, DAY, LONG};
use super::spell::Spell;

/// How far back pauses are replayed: so many days before A.
const BACK: i64 = 1_275 * DAY;

/// The calls of the rule in force, beside those of plain ones.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Calls {
    /// Of the rule in force, targets and months off left out.
    #[serde(flatten)]
    pub ours: Called,
    /// Had each pause got a call at 90 days, where nothing was announced by then.
    pub plain_90: Called,
    /// The same at 105 days.
    pub plain_105: Called,
}

/// What became of calls.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Called {
    /// Pauses replayed.
    pub pauses: i64,
    /// Those that were looked at: 45 days or longer, nothing announced by then.
    pub cases: i64,
    /// Those of the cases that went past 180 days.
    pub long: i64,
    /// Calls made.
    pub made: i64,
    /// Those in a pause that went past 180 days.
    pub right: i64,
    /// Right calls by day 75 of the pause.
    pub long_told_by_75: i64,
    /// Right calls by day 90.
    pub long_told_by_90: i64,
    /// Right calls by day 120.
    pub long_told_by_120: i64,
    /// The median day of the right calls; none where none was right.
    pub median_day: Option<f64>,
}

/// Replays the pauses of measured groups.
pub(super) fn replay(spells: &[Spell], as_of: i64, rule: CallRule) -> Calls {
    let is_replayed =
        |spell: &&Spell| spell.began_at > as_of - BACK && spell.began_at <= as_of - LONG;
    let replayed: Vec<Spell> = spells.iter().filter(is_replayed).copied().collect();
    let days = days_called(&replayed, Cases::over(spells), rule);
    let plain = |day: i64| {
        let called = replayed
            .iter()
            .map(|spell| spell.edges().any(|edge| EDGES[edge] == day).then_some(day));
        tell(&replayed, called)
    };
    Calls {
        ours: tell(&replayed, days.into_iter()),
        plain_90: plain(90),
        plain_105: plain(105),
    }
}

/// The day of each pause on which the call falls.
fn days_called(replayed: &[Spell], mut cases: Cases, rule: CallRule) -> Vec<Option<i64>> {
    let mut called = vec![None; replayed.len()];
    // What is asked of the cases, to be asked in the order of time: they move on, not back.
    let mut questions: Vec<(i64, usize, usize)> = Vec::new();
    for (place, spell) in replayed.iter().enumerate() {
        for edge in spell.edges() {
            let days = EDGES[edge];
            if days >= rule.after {
                called[place] = Some(days);
                break;
            }
            questions.push((spell.began_at + days * DAY, place, edge));
        }
    }
    questions.sort_unstable();
    for (instant, place, edge) in questions {
        cases.move_to(instant);
        let days = EDGES[edge];
        if called[place].is_none_or(|before| days < before)
            && cases.share(replayed[place].cell(edge)) >= rule.at
        {
            called[place] = Some(days);
        }
    }
    called
}

/// Counts what became of the calls, one answer a pause.
fn tell(replayed: &[Spell], called: impl Iterator<Item = Option<i64>>) -> Called {
    let mut told = Called::default();
    let mut days_right: Vec<i64> = Vec::new();
    for (spell, day) in replayed.iter().zip(called) {
        let is_case = spell.edges().next().is_some();
        told.pauses += 1;
        told.cases += i64::from(is_case);
        told.long += i64::from(is_case && spell.is_long);
        let Some(day) = day else { continue };
        told.made += 1;
        if spell.is_long {
            told.right += 1;
            told.long_told_by_75 += i64::from(day <= 75);
            told.long_told_by_90 += i64::from(day <= 90);
            told.long_told_by_120 += i64::from(day <= 120);
            days_right.push(day);
        }
    }
    days_right.sort_unstable();
    let middle = |place: usize| days_right.get(place).copied();
    let last = days_right.len().saturating_sub(1);
    #[allow(clippy::cast_precision_loss)] // days stay far below 2^53
    let median = middle(last / 2)
        .zip(middle(days_right.len() / 2))
        .map(|(one, other)| (one + other) as f64 / 2.0);
    told.median_day = median;
    told
}
