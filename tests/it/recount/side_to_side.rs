//! Who met whom, and the floor, once more.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{DAY, Question, rate};
use crate::world::{Event, Person};

impl Question<'_> {
    pub(super) fn side_to_side(&self, year: &[&Event]) -> Value {
        let mut times: BTreeMap<(Person, Person), usize> = BTreeMap::new();
        let mut people = BTreeSet::new();
        for e in year {
            let there: Vec<Person> = self.participants(e).into_iter().collect();
            if e.kind == "ONLINE" || there.len() > 60 {
                continue;
            }
            for (n, p) in there.iter().enumerate() {
                people.insert(*p);
                for q in &there[n + 1..] {
                    *times.entry((*p, *q)).or_default() += 1;
                }
            }
        }
        let pairs: Vec<&(Person, Person)> = times
            .iter()
            .filter(|(_, times)| **times >= 2)
            .map(|(pair, _)| pair)
            .collect();
        let acquainted: BTreeSet<Person> = pairs.iter().flat_map(|(p, q)| [*p, *q]).collect();
        json!({
            "recurring_pairs": pairs.len(),
            "acquainted_rate": rate(acquainted.len(), people.len()),
        })
    }

    /// Day after day without another event, until too few are left in the window.
    pub(super) fn falls_below_floor(&self, group: usize, year: &[&Event]) -> Option<NaiveDate> {
        let floor = self.policy.events_per_year? as usize;
        let mut starts: Vec<i64> = year.iter().map(|e| e.starts.unwrap()).collect();
        if starts.len() < floor {
            return None;
        }
        loop {
            let leaves = starts.remove(0) + 365 * DAY;
            if starts.len() < floor {
                return Some(self.local_date(group, leaves));
            }
        }
    }
}
