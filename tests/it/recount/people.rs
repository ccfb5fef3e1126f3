//! Lists of persons, once more.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{DAY, Question};
use crate::world::{Event, Person, id_of, name_of};

pub(super) fn text(instant: i64) -> String {
    let at = chrono::DateTime::from_timestamp(instant, 0).unwrap();
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

pub(super) fn rank(p: Person) -> (i64, String) {
    let id = id_of(p);
    (id.parse().unwrap_or(i64::MAX), id)
}

impl Question<'_> {
    pub fn people(&self) -> Value {
        json!({"ambassadors": self.ambassadors(), "missed": self.missed()})
    }

    fn ambassadors(&self) -> Vec<Value> {
        let mut took: BTreeMap<Person, Vec<Vec<&Event>>> = BTreeMap::new();
        let mut hosted: BTreeMap<Person, Vec<Vec<&Event>>> = BTreeMap::new();
        let mut guests: BTreeMap<Person, i64> = BTreeMap::new();
        for copies in self
            .events_of(self.a, |e| Self::within(e, 365, self.a))
            .into_values()
        {
            for p in self.united(&copies) {
                took.entry(p).or_default().push(copies.clone());
            }
            let hosts: BTreeSet<Person> = copies.iter().flat_map(|e| self.hosts(e)).collect();
            for p in hosts.into_iter().filter(|p| !self.is_staff(*p)) {
                hosted.entry(p).or_default().push(copies.clone());
            }
            let mut brought: BTreeMap<Person, i64> = BTreeMap::new();
            for r in copies.iter().flat_map(|e| self.answers(e).into_values()) {
                if ["YES", "ATTENDED"].contains(&r.status) {
                    let most = brought.entry(r.person).or_default();
                    *most = (*most).max(r.guests);
                }
            }
            for (p, n) in brought {
                *guests.entry(p).or_default() += n;
            }
        }
        let people: BTreeSet<Person> = took.keys().chain(hosted.keys()).copied().collect();
        let none = Vec::new();
        let mut found = Vec::new();
        for p in people {
            let (took, hosted) = (
                took.get(&p).unwrap_or(&none),
                hosted.get(&p).unwrap_or(&none),
            );
            if took.len() < 4 && hosted.is_empty() {
                continue;
            }
            let events: Vec<&Vec<&Event>> = took.iter().chain(hosted).collect();
            let mut groups: Vec<&str> = events
                .iter()
                .flat_map(|c| c.iter())
                .map(|e| self.world.groups[e.group].urlname.as_str())
                .collect();
            groups.sort_unstable();
            groups.dedup();
            let earliest = |c: &&Vec<&Event>| {
                let first = c.iter().min_by_key(|e| (e.starts.unwrap(), &e.token));
                let first = first.unwrap();
                let month = Self::event_date(first).format("%Y-%m").to_string();
                (first.starts.unwrap(), month)
            };
            let months: BTreeSet<String> = events.iter().map(|c| earliest(c).1).collect();
            let last = events.iter().map(|c| earliest(c).0).max().unwrap();
            let leads = self.world.groups.iter().any(|g| {
                self.is_measured(g, self.a) && self.leaders(g).iter().any(|m| m.person == p)
            });
            let score = 3 * hosted.len() as i64 + took.len() as i64 + 2 * (groups.len() as i64 - 1);
            found.push((
                (leads, Reverse(score), Reverse(last), rank(p)),
                json!({
                    "member_id": id_of(p), "name": name_of(p), "taken_part": took.len(), "hosted": hosted.len(),
                    "groups": groups, "months_active": months.len(), "guests": guests.get(&p).copied().unwrap_or(0),
                    "last": text(last), "score": score, "leads": leads,
                }),
            ));
        }
        found.sort_by_key(|(key, _)| key.clone());
        found.into_iter().map(|(_, value)| value).collect()
    }

    fn missed(&self) -> Vec<Value> {
        let mut found = Vec::new();
        for (i, g) in self.world.groups.iter().enumerate() {
            if !self.is_measured(g, self.a) || !g.is_complete {
                continue;
            }
            let held = self.held(i, self.a);
            let (since, before): (Vec<&Event>, Vec<&Event>) = held
                .into_iter()
                .filter(|e| Self::within(e, 365, self.a))
                .partition(|e| e.starts.unwrap() > self.a - 120 * DAY);
            let people: BTreeSet<Person> =
                before.iter().flat_map(|e| self.participants(e)).collect();
            for p in people {
                let came: Vec<&&Event> = before
                    .iter()
                    .filter(|e| self.participants(e).contains(&p))
                    .collect();
                let stays_away = !since.iter().any(|e| self.participants(e).contains(&p));
                let leads = self.leaders(g).iter().any(|m| m.person == p);
                if !leads && came.len() >= 3 && stays_away && since.len() >= 2 {
                    let last = came.last().unwrap().starts.unwrap();
                    found.push((
                        (
                            g.urlname.clone(),
                            Reverse(came.len()),
                            Reverse(last),
                            rank(p),
                        ),
                        json!({
                            "group": g.urlname, "member_id": id_of(p), "name": name_of(p),
                            "taken_part": came.len(), "last": text(last), "held_since": since.len(),
                        }),
                    ));
                }
            }
        }
        found.sort_by_key(|(key, _)| key.clone());
        found.into_iter().map(|(_, value)| value).collect()
    }
}
