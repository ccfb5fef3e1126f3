//! The network's figures once more.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::{DAY, Question, rate};
use crate::world::{Event, Group, Person};

impl Question<'_> {
    /// Held events of groups that count, copies of a joint one together, of those that fit.
    pub(super) fn events_of(
        &self,
        a: i64,
        fits: impl Fn(&Event) -> bool,
    ) -> BTreeMap<String, Vec<&Event>> {
        let mut joined: BTreeMap<String, Vec<&Event>> = BTreeMap::new();
        for (i, g) in self.world.groups.iter().enumerate() {
            if self.is_measured(g, a) && g.is_complete {
                for e in self.held(i, a).into_iter().filter(|e| fits(e)) {
                    let key = e
                        .joint
                        .as_ref()
                        .map_or(format!("own {}", e.token), |j| format!("joint {j}"));
                    joined.entry(key).or_default().push(e);
                }
            }
        }
        joined
    }

    /// Who took part in an event with all of these copies.
    pub(super) fn united(&self, copies: &[&Event]) -> BTreeSet<Person> {
        let hosts: BTreeSet<Person> = copies.iter().flat_map(|e| self.hosts(e)).collect();
        let yes: BTreeSet<Person> = copies.iter().flat_map(|e| self.yes(e)).collect();
        yes.difference(&hosts)
            .copied()
            .filter(|p| !self.is_staff(*p))
            .collect()
    }

    /// Groups that met, events, and how often each person took part, in the n days before a.
    fn window(&self, n: i64, a: i64) -> (usize, usize, BTreeMap<Person, usize>) {
        let joined = self.events_of(a, |e| Self::within(e, n, a));
        let met: BTreeSet<usize> = joined.values().flatten().map(|e| e.group).collect();
        let mut people: BTreeMap<Person, usize> = BTreeMap::new();
        for copies in joined.values() {
            for p in self.united(copies) {
                *people.entry(p).or_default() += 1;
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
        self.across(&mut figures);
        self.places(&mut figures);
        figures.insert("stranded_members".to_owned(), json!(self.stranded(&groups)));
        figures.insert("survival".to_owned(), self.survival());
        self.weeks(&mut figures);
        figures.insert("notice".to_owned(), self.notice());
        figures.insert("asks".to_owned(), Value::Null);
        Value::Object(figures)
    }

    /// First-timers, and what groups share.
    fn across(&self, figures: &mut serde_json::Map<String, Value>) {
        let people_in = |events: &BTreeMap<String, Vec<&Event>>| -> BTreeSet<Person> {
            events.values().flat_map(|c| self.united(c)).collect()
        };
        for (suffix, a) in [("", self.a), ("_year_before", self.a - 365 * DAY)] {
            let before = self.events_of(a, |e| !Self::within(e, 90, a));
            let quarter = self.events_of(a, |e| Self::within(e, 90, a));
            let first = people_in(&quarter).difference(&people_in(&before)).count();
            figures.insert(format!("first_timers_90{suffix}"), json!(first));
        }

        let mut guests: BTreeMap<String, BTreeSet<Person>> = BTreeMap::new();
        for copies in self
            .events_of(self.a, |e| Self::within(e, 365, self.a))
            .values()
        {
            for e in copies {
                let urlname = self.world.groups[e.group].urlname.clone();
                guests
                    .entry(urlname)
                    .or_default()
                    .extend(self.united(copies));
            }
        }
        let all: BTreeSet<Person> = guests.values().flatten().copied().collect();
        let twice = all
            .iter()
            .filter(|p| guests.values().filter(|of| of.contains(p)).count() >= 2)
            .count();
        figures.insert("cross_group_rate".to_owned(), rate(twice, all.len()));
        let mut overlaps = Vec::new();
        for (a, of_a) in &guests {
            for (b, of_b) in guests.range::<String, _>((
                std::ops::Bound::Excluded(a.clone()),
                std::ops::Bound::Unbounded,
            )) {
                let shared = of_a.intersection(of_b).count();
                let smaller = of_a.len().min(of_b.len());
                if shared >= 5 {
                    let mut one = rate(shared, smaller);
                    one["groups"] = json!([a, b]);
                    overlaps.push(one);
                }
            }
        }
        // The most people first; equal ones stay in the order of names.
        overlaps.sort_by_key(|of| std::cmp::Reverse(of["numerator"].as_u64()));
        figures.insert("overlaps_total".to_owned(), json!(overlaps.len()));
        overlaps.truncate(50);
        figures.insert("overlaps".to_owned(), Value::Array(overlaps));
    }

    fn places(&self, figures: &mut serde_json::Map<String, Value>) {
        let met: BTreeSet<usize> = self
            .events_of(self.a, |e| Self::within(e, 365, self.a))
            .values()
            .flatten()
            .map(|e| e.group)
            .collect();
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        let distinct = |of: &dyn Fn(&Group) -> Option<String>| {
            met.iter()
                .filter_map(|g| of(&self.world.groups[*g]))
                .collect::<BTreeSet<_>>()
                .len()
        };
        let country = |g: &Group| filled(&g.country);
        let zone = |g: &Group| filled(&g.timezone);
        let city = |g: &Group| {
            let rest = format!("{:?} {:?}", filled(&g.country), filled(&g.state));
            filled(&g.city).map(|city| format!("{city} {rest}"))
        };
        figures.insert("countries".to_owned(), json!(distinct(&country)));
        figures.insert("cities".to_owned(), json!(distinct(&city)));
        figures.insert("timezones".to_owned(), json!(distinct(&zone)));
    }

    fn stranded(&self, groups: &[Value]) -> Option<usize> {
        if self.generated - self.a > DAY {
            return None;
        }
        let mut statuses: BTreeMap<Person, Vec<&str>> = BTreeMap::new();
        for figures in groups {
            let status = figures["status"].as_str().unwrap();
            let of = |g: &&Group| g.urlname == figures["urlname"].as_str().unwrap();
            let group = self.world.groups.iter().find(of).unwrap();
            for m in &group.members {
                let is_member = m.gone.is_none()
                    && ["ACTIVE", "LEADER"].contains(&m.status)
                    && m.joined.is_none_or(|at| at <= self.a);
                if is_member {
                    statuses.entry(m.person).or_default().push(status);
                }
            }
        }
        let is_still = |status: &&str| ["unstarted", "quiet"].contains(status);
        Some(
            statuses
                .values()
                .filter(|of| of.iter().all(is_still))
                .count(),
        )
    }

    fn survival(&self) -> Value {
        let mut told = json!({});
        for (months, days) in [("6", 180), ("12", 365), ("24", 730), ("36", 1095)] {
            let (mut cases, mut again) = (0, 0);
            for (i, g) in self.world.groups.iter().enumerate() {
                if !self.is_measured(g, self.a) || !g.is_complete {
                    continue;
                }
                let starts: Vec<i64> = self
                    .held(i, self.a)
                    .iter()
                    .map(|e| e.starts.unwrap())
                    .collect();
                for (n, start) in starts.iter().enumerate() {
                    let reached = start + days * DAY;
                    let next = starts.get(n + 1).copied();
                    if next.is_some_and(|next| next <= reached) || reached + 365 * DAY > self.a {
                        continue;
                    }
                    cases += 1;
                    again += usize::from(next.is_some_and(|next| next <= reached + 365 * DAY));
                }
            }
            told[months] = if cases > 20 {
                rate(again, cases)
            } else {
                Value::Null
            };
        }
        told
    }
}
