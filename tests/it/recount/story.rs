//! A group's story once more, event by event.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::{DAY, Question};
use crate::world::{Event, Person, id_of};

impl Question<'_> {
    /// As the story tells it; none where the group is not measured.
    pub fn story(&self, group: usize) -> Option<Value> {
        let g = &self.world.groups[group];
        if !self.is_measured(g, self.a) {
            return None;
        }
        let held = self.held(group, self.a);
        let is_held = |e: &Event| Self::ends(e) <= self.a;
        let counting = self.counting(group);
        let before = |e: &Event, p: Person| {
            let place = held.iter().position(|it| it.token == e.token).unwrap();
            held[..place]
                .iter()
                .any(|it| self.participants(it).contains(&p))
        };
        let events: Vec<Value> = counting
            .iter()
            .map(|e| {
                let mut split = (0, 0);
                if is_held(e) {
                    for p in self.participants(e) {
                        *if before(e, p) { &mut split.1 } else { &mut split.0 } += 1;
                    }
                }
                let absent = self.answers(e).into_values();
                let absent = absent.filter(|r| r.status == "NO_SHOW").count();
                let mut hosts: Vec<String> = Vec::new();
                if is_held(e) {
                    hosts.extend(self.hosts(e).into_iter().map(id_of));
                    hosts.sort();
                }
                json!({
                    "token": e.token, "on": Self::event_date(e), "yes": self.yes(e).len(),
                    "first": split.0, "again": split.1, "hosts": hosts,
                    "absent": (is_held(e) && self.is_taken(e)).then_some(absent),
                    "when": if is_held(e) { "Held" } else if e.starts.unwrap() <= self.a { "Running" } else { "Scheduled" },
                })
            })
            .collect();
        let starts = self.starts(&counting);
        let pauses: Vec<i64> = starts.windows(2).map(|it| (it[1] - it[0]) / DAY).collect();
        let month = |on: NaiveDate| i64::from(on.year()) * 12 + i64::from(on.month0());
        let mut met: BTreeMap<i64, [i64; 2]> = BTreeMap::new();
        for e in &counting {
            let of_month = met.entry(month(Self::event_date(e))).or_default();
            of_month[usize::from(!is_held(e))] += 1;
        }
        let first = self.founding(group).map(month);
        Some(json!({
            "events": events, "pauses": pauses, "met": met, "first_month": first,
            "this_month": month(self.local_date(group, self.a)),
            "since": held.last().map(|e| (self.a - e.starts.unwrap()).div_euclid(DAY)),
            "cohorts": self.cohorts(&held),
            "curves": held.iter().rev().take(12).rev().map(|e| self.curve(e)).collect::<Vec<_>>(),
            "next": counting.iter().find(|e| e.starts.unwrap() > self.a).map(|e| self.curve(e)),
        }))
    }

    fn cohorts(&self, held: &[&Event]) -> BTreeMap<i64, [i64; 7]> {
        let mut first: BTreeMap<Person, &Event> = BTreeMap::new();
        for e in held {
            for p in self.participants(e) {
                first.entry(p).or_insert(e);
            }
        }
        let mut cohorts: BTreeMap<i64, [i64; 7]> = BTreeMap::new();
        for (p, e) in first {
            let on = Self::event_date(e);
            let quarter = i64::from(on.year()) * 4 + i64::from(on.month0() / 3);
            let start = e.starts.unwrap();
            let cohort = cohorts.entry(quarter).or_default();
            cohort[0] += 1;
            for (nth, days) in [90, 180, 365].into_iter().enumerate() {
                if start > self.a - days * DAY {
                    continue;
                }
                cohort[2 + 2 * nth] += 1;
                let came_back = held.iter().any(|other| {
                    let later = other.starts.unwrap() - start;
                    later > 0 && later <= days * DAY && self.participants(other).contains(&p)
                });
                cohort[1 + 2 * nth] += i64::from(came_back);
            }
        }
        cohorts
    }
}
