//! Who met whom, and the floor, once more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{Question, rate};
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
}
