//! The network's figures once more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{DAY, Question, rate};
use crate::world::{Event, Person};

impl Question<'_> {
    /// Groups that met, events, and how often each person took part, in the n days before a.
    fn window(&self, n: i64, a: i64) -> (usize, usize, BTreeMap<Person, usize>) {
        let mut met = BTreeSet::new();
        let mut joined: BTreeMap<String, Vec<&Event>> = BTreeMap::new();
        for (i, g) in self.world.groups.iter().enumerate() {
            if !self.is_measured(g, a) || !g.is_complete {
                continue;
            }
            for e in self.held(i, a) {
                if Self::within(e, n, a) {
                    met.insert(i);
                    let key = e
                        .joint
                        .as_ref()
                        .map_or(format!("own {}", e.token), |j| format!("joint {j}"));
                    joined.entry(key).or_default().push(e);
                }
            }
        }
        let mut people: BTreeMap<Person, usize> = BTreeMap::new();
        for copies in joined.values() {
            let hosts: BTreeSet<Person> = copies.iter().flat_map(|e| self.hosts(e)).collect();
            let yes: BTreeSet<Person> = copies.iter().flat_map(|e| self.yes(e)).collect();
            for p in yes.difference(&hosts).filter(|p| !self.is_staff(**p)) {
                *people.entry(*p).or_default() += 1;
            }
        }
        (met.len(), joined.len(), people)
    }

    pub fn network(&self) -> Value {
        let mut figures = serde_json::Map::new();
        for n in [30, 90, 365] {
            for (suffix, a) in [("", self.a), ("_year_before", self.a - 365 * DAY)] {
                let (met, events, people) = self.window(n, a);
                figures.insert(format!("groups_met_{n}{suffix}"), json!(met));
                figures.insert(format!("events_{n}{suffix}"), json!(events));
                figures.insert(format!("people_{n}{suffix}"), json!(people.len()));
                if n == 365 && suffix.is_empty() {
                    let twice = people.values().filter(|times| **times >= 2).count();
                    figures.insert("repeat_rate".to_owned(), rate(twice, people.len()));
                }
            }
        }
        let groups: Vec<Value> = self
            .groups()
            .into_iter()
            .filter(|g| !g["status"].is_null())
            .collect();
        let mut by_status = json!({"new": 0, "unstarted": 0, "restarted": 0, "quiet": 0, "overdue": 0, "on_target": 0, "meeting": 0});
        let mut expected = 0;
        for g in &groups {
            let status = g["status"].as_str().unwrap();
            by_status[status] = json!(by_status[status].as_i64().unwrap() + 1);
            let long = g["cadence"]["days_since_last_held"]
                .as_i64()
                .is_some_and(|days| days > 365);
            expected += usize::from(
                !(status == "new" || status == "unstarted" || (status == "quiet" && long)),
            );
        }
        let on_target = by_status["on_target"].as_u64().unwrap() as usize;
        figures.insert("groups".to_owned(), json!(groups.len()));
        figures.insert("groups_by_status".to_owned(), by_status);
        figures.insert("share_on_target".to_owned(), rate(on_target, expected));
        Value::Object(figures)
    }
}
