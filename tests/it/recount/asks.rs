//! What came of asking, once more.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::pauses::{Cell, EDGES};
use super::{DAY, Question, rate};
use crate::world::Event;

impl Question<'_> {
    pub fn asks(&self) -> Value {
        let year = self.a - 365 * DAY;
        let asked_in = |group: usize| {
            let asked = self.world.groups[group].asked.iter().copied();
            asked.filter(|at| *at <= self.a).collect::<Vec<i64>>()
        };
        let mut cells: BTreeSet<Cell> = BTreeSet::new();
        let (mut all, mut in_30, mut in_90) = (0, 0, 0);
        for group in self.measured() {
            let asked = asked_in(group);
            let Some(first) = asked.into_iter().filter(|at| *at > year).min() else {
                continue;
            };
            let counting = self.counting(group);
            all += 1;
            in_30 += usize::from(has_word(&counting, first, self.a.min(first + 30 * DAY)));
            in_90 += usize::from(has_word(&counting, first, self.a.min(first + 90 * DAY)));
            // The edge it had come to when somebody asked, where nothing was announced at it.
            let starts = self.starts(&counting);
            let Some(began) = starts.into_iter().rfind(|start| *start <= first) else {
                continue;
            };
            let reached = EDGES.into_iter().rfind(|d| began + d * DAY <= first);
            let reached = reached.filter(|d| Self::is_left(&counting, began, *d));
            cells.extend(reached.map(|d| self.cell(&counting, began, d)));
        }
        if all < 10 {
            return Value::Null;
        }
        let (mut cases, mut met) = ([0, 0], [0, 0]);
        for group in self.measured() {
            let counting = self.counting(group);
            let starts = self.starts(&counting);
            let asked = asked_in(group);
            for (nth, began) in starts.iter().enumerate() {
                let next = starts.get(nth + 1).copied().unwrap_or(i64::MAX);
                if asked.iter().any(|at| *began <= *at && *at < next)
                    || *began <= self.a - 1_640 * DAY
                {
                    continue;
                }
                for d in EDGES {
                    let from = began + d * DAY;
                    if !Self::is_left(&counting, *began, d)
                        || !cells.contains(&self.cell(&counting, *began, d))
                    {
                        continue;
                    }
                    for (which, days) in [30, 90].into_iter().enumerate() {
                        if from + days * DAY <= self.a {
                            cases[which] += 1;
                            met[which] += usize::from(has_word(&counting, from, from + days * DAY));
                        }
                    }
                }
            }
        }
        json!({
            "asked": all, "answered_30": rate(in_30, all), "answered_90": rate(in_90, all),
            "unasked_30": rate(met[0], cases[0]), "unasked_90": rate(met[1], cases[1]),
        })
    }
}

/// Whether an event started or was announced after that, and by then.
fn has_word(counting: &[&Event], after: i64, by: i64) -> bool {
    let is_within = |at: i64| at > after && at <= by;
    counting
        .iter()
        .any(|e| is_within(e.starts.unwrap()) || is_within(Question::created_at(e)))
}
