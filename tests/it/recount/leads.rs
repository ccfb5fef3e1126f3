//! Who leads, who stays away, and what else sentences speak of, once more.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::Datelike;
use serde_json::{Value, json};

use super::people::{rank, text};
use super::{CANCELLED, DAY, Question};
use crate::world::{Event, Group, Membership, Person, id_of, name_of};

impl Question<'_> {
    pub(super) fn leaders<'g>(&self, g: &'g Group) -> Vec<&'g Membership> {
        let leading = [
            "ORGANIZER",
            "COORGANIZER",
            "ASST_ORGANIZER",
            "EVENT_ORGANIZER",
        ];
        g.members
            .iter()
            .filter(|m| {
                m.gone.is_none()
                    && ["ACTIVE", "LEADER"].contains(&m.status)
                    && m.joined.is_none_or(|at| at <= self.a)
                    && m.role.is_some_and(|role| leading.contains(&role))
                    && Some(m.person) != self.world.admin
            })
            .collect()
    }

    /// The latest by A of a visit, an answer and an event hosted.
    pub(super) fn last_seen(&self, group: usize, held: &[&Event], m: &Membership) -> Option<i64> {
        let mut seen: Vec<i64> = m.seen.into_iter().collect();
        let cancelled = self.events(group, &CANCELLED);
        for e in self.counting(group).into_iter().chain(cancelled) {
            for r in e.rsvps.iter().filter(|r| r.person == m.person) {
                if r.gone.is_none_or(|gone| gone > Self::ends(e)) {
                    seen.extend(r.updated);
                }
            }
        }
        for e in held {
            if self.hosts(e).contains(&m.person) {
                seen.push(e.starts.unwrap());
            }
        }
        seen.into_iter().filter(|at| *at <= self.a).max()
    }

    /// Who hosted alone: how often, when last, and who; the first did so most often.
    pub(super) fn alone(&self, year: &[&Event]) -> Vec<(usize, i64, Person)> {
        let mut times: BTreeMap<Person, Vec<i64>> = BTreeMap::new();
        for e in year {
            let hosts: Vec<Person> = self.hosts(e).into_iter().collect();
            if let [only] = hosts[..] {
                times.entry(only).or_default().push(e.starts.unwrap());
            }
        }
        let mut alone: Vec<_> = times
            .into_iter()
            .map(|(p, at)| (at.len(), *at.iter().max().unwrap(), p))
            .collect();
        alone.sort_by_key(|(n, last, p)| (Reverse(*n), Reverse(*last), rank(*p)));
        alone
    }

    pub(super) fn away(&self, held: &[&Event], leaders: &[&Membership]) -> Vec<Value> {
        let mut away = Vec::new();
        for m in leaders {
            let there = |e: &&Event| {
                self.hosts(e).contains(&m.person) || self.participants(e).contains(&m.person)
            };
            let is_since = |e: &&&Event| e.starts.unwrap() > self.a - 120 * DAY;
            let before: Vec<usize> = held
                .iter()
                .enumerate()
                .filter(|(_, e)| Self::within(e, 365, self.a) && !is_since(e) && there(e))
                .map(|(n, _)| n)
                .collect();
            let since: Vec<&&Event> = held.iter().filter(is_since).collect();
            if before.len() < 3 || since.len() < 2 || since.iter().any(|e| there(e)) {
                continue;
            }
            let last = *before.last().unwrap();
            let last_at = held[last].starts.unwrap();
            away.push((
                (Reverse(before.len()), Reverse(last_at), rank(m.person)),
                json!({"id": id_of(m.person), "name": name_of(m.person), "last_at": text(last_at),
                    "came": before.len(), "held_since": held.len() - last - 1}),
            ));
        }
        away.sort_by_key(|(key, _)| key.clone());
        away.into_iter().map(|(_, value)| value).collect()
    }

    /// What stands in no document.
    pub(super) fn told(
        &self,
        group: usize,
        held: &[&Event],
        year: &[&Event],
        fresh: bool,
    ) -> Value {
        let leaders = self.leaders(&self.world.groups[group]);
        let latest = |which: &dyn Fn(&Event) -> bool| {
            let starts = held.iter().filter(|e| which(e)).map(|e| e.starts.unwrap());
            starts.max().map(text)
        };
        let mut seen: Vec<(_, Value)> = leaders
            .iter()
            .map(|m| {
                let told = json!({
                    "id": id_of(m.person),
                    "last_seen_at": self.last_seen(group, held, m).map(text),
                    "last_hosted_at": latest(&|e| self.hosts(e).contains(&m.person)),
                    "last_took_part_at": latest(&|e| self.participants(e).contains(&m.person)),
                });
                (id_of(m.person), told)
            })
            .collect();
        seen.sort_by(|x, y| x.0.cmp(&y.0));
        let this_month = self.local_date(group, self.a).with_day(1).unwrap();
        let month: Vec<&&Event> = held
            .iter()
            .filter(|e| Self::event_date(e).with_day(1).unwrap() == this_month)
            .collect();
        let hosts = year.iter().map(|e| self.hosts(e).len());
        json!({
            "leaders": seen.into_iter().map(|(_, told)| told).collect::<Vec<_>>(),
            "sole": self.alone(year).first().map(|(.., p)| id_of(*p)),
            "fewest_hosts": hosts.filter(|n| *n > 0).min(),
            "recent_yes": held.iter().rev().take(9).map(|e| self.yes(e).len()).collect::<Vec<_>>(),
            "this_month": [month.len(), month.iter().map(|e| self.yes(e).len()).sum::<usize>()],
            "away": if fresh { self.away(held, &leaders) } else { vec![] },
        })
    }
}
