//! Expected turnout once more: forecasts as they would have been made, event after event, and what to order.

use std::collections::BTreeMap;

use super::{DAY, Question};
use crate::world::{Event, Person};

/// What may be learnt from a held event.
struct Past<'e> {
    event: &'e Event,
    starts: i64,
    final_yes: i64,
    came: i64,
    undated: i64,
    /// Whose yes stood from when until when.
    stood: Vec<(i64, i64)>,
    settled: i64,
    is_taken: bool,
}

/// A forecast, unrounded.
struct Forecast {
    final_yes: f64,
    turnout: f64,
    /// The share that comes, and whose it is; none: unknown.
    show: Option<(f64, &'static str)>,
}

/// An event of which a forecast would have been made.
struct Replayed {
    settled: i64,
    forecast: f64,
    turnout: f64,
    /// Who had said yes by then.
    yes: f64,
}

/// Whether forecasts were off by less than "all who said yes come", over ten events at least.
fn is_proven(replayed: &[Replayed]) -> bool {
    let ours = replayed
        .iter()
        .map(|it| (it.forecast.round() - it.turnout).abs());
    let plain = replayed.iter().map(|it| (it.yes - it.turnout).abs());
    replayed.len() >= 10 && ours.sum::<f64>() < plain.sum()
}

/// What is told of an event to come.
#[derive(Debug)]
pub struct Expected {
    pub low: i64,
    pub high: i64,
    pub turnout: i64,
    pub final_yes: i64,
    pub show: Option<(f64, &'static str)>,
}

const YES: [&str; 3] = ["YES", "ATTENDED", "NO_SHOW"];
const LEADS: [i64; 4] = [1, 3, 7, 14];

impl Past<'_> {
    fn by(&self, lead: i64) -> i64 {
        let moment = self.starts - lead;
        let stood = self.stood.iter();
        stood
            .filter(|(from, until)| *from <= moment && moment < *until)
            .count() as i64
    }
}

/// Sums over past events: how many, yes by the lead time, final yes that are dated.
fn share(of: &[&Past<'_>], lead: i64) -> Option<f64> {
    let by: i64 = of.iter().map(|e| e.by(lead)).sum();
    let dated: i64 = of.iter().map(|e| e.final_yes - e.undated).sum();
    (by > 0 && dated > 0).then(|| by as f64 / dated as f64)
}

fn mean(of: &[&Past<'_>]) -> f64 {
    let yes: i64 = of.iter().map(|e| e.final_yes).sum();
    yes as f64 / of.len().max(1) as f64
}

fn come(of: &[&Past<'_>]) -> Option<f64> {
    let taken: Vec<_> = of.iter().filter(|e| e.is_taken).collect();
    let yes: i64 = taken.iter().map(|e| e.final_yes).sum();
    let came: i64 = taken.iter().map(|e| e.came).sum();
    (taken.len() >= 10 && yes > 0).then(|| came as f64 / yes as f64)
}

fn whole(n: f64) -> i64 {
    n.round() as i64
}

impl Question<'_> {
    /// Held events of the last 1,095 days, of groups whose history is complete, by start.
    fn past_events(&self) -> Vec<Past<'_>> {
        let mut past: Vec<Past<'_>> = Vec::new();
        for group in self.measured() {
            for event in self.held(group, self.a) {
                if event.starts.unwrap() > self.a - 1_095 * DAY {
                    past.push(self.past_event(event));
                }
            }
        }
        past.sort_by_key(|e| e.starts);
        past
    }

    fn past_event<'e>(&self, event: &'e Event) -> Past<'e> {
        let ends = Self::ends(event);
        let answers = self.answers(event);
        let said = || answers.values().filter(|r| YES.contains(&r.status));
        let log = |person: Person| {
            let mut log: Vec<_> = event.changes.iter().filter(|c| c.0 == person).collect();
            log.sort_by_key(|c| c.3);
            log
        };
        let (mut undated, mut stood) = (0, Vec::new());
        for r in said() {
            match r.updated {
                _ if !log(r.person).is_empty() => {}
                Some(at) if at <= ends => stood.push((at, i64::MAX)),
                _ => undated += 1,
            }
        }
        let mut people: Vec<Person> = event.changes.iter().map(|c| c.0).collect();
        people.sort_unstable();
        people.dedup();
        for person in people {
            let log = log(person);
            let first = log[0];
            let since = event.watched.unwrap_or(first.3).min(first.3);
            let mut since = YES.contains(&first.1).then_some(since);
            for change in log {
                let is_yes = YES.contains(&change.2);
                match since {
                    None if is_yes => since = Some(change.3),
                    Some(from) if !is_yes => {
                        stood.push((from, change.3));
                        since = None;
                    }
                    _ => {}
                }
            }
            stood.extend(since.map(|from| (from, i64::MAX)));
        }
        let changed = event.changes.iter().map(|c| c.3);
        let settled = changed.chain(said().filter_map(|r| r.updated));
        Past {
            event,
            starts: event.starts.unwrap(),
            final_yes: said().count() as i64,
            came: said().filter(|r| r.status != "NO_SHOW").count() as i64,
            undated,
            stood,
            settled: settled.fold(ends, i64::max),
            is_taken: self.is_taken(event),
        }
    }

    fn forecast(
        &self,
        past: &[Past<'_>],
        group: usize,
        (moment, lead): (i64, i64),
        yes: i64,
    ) -> Option<Forecast> {
        let known = |days: i64| {
            let known = past.iter().filter(move |e| e.settled <= moment);
            known.filter(move |e| e.starts > moment - days * DAY)
        };
        let recent = || {
            let own = known(730).filter(|e| e.event.group == group && e.starts <= moment);
            own.rev()
        };
        let own: Vec<&Past<'_>> = recent().take(12).collect();
        let network: Vec<&Past<'_>> = known(365).collect();
        let taken: Vec<&Past<'_>> = recent().filter(|e| e.is_taken).take(12).collect();
        let by_own = share(&own, lead).filter(|_| own.len() >= 5);
        let (share, usual, likeness) = match by_own {
            Some(share) => {
                let (n, mean) = (own.len() as f64, mean(&own));
                let squares: i64 = own.iter().map(|e| e.final_yes * e.final_yes).sum();
                let variance = (squares as f64 - n * mean * mean) / (n - 1.0);
                let likeness = match variance <= mean {
                    _ if mean <= 0.0 => 1.0,
                    true => 50.0,
                    false => (mean * mean / (variance - mean)).clamp(1.0, 50.0),
                };
                (share, mean, likeness)
            }
            None => {
                let own_yes: i64 = own.iter().map(|e| e.final_yes).sum();
                let usual = (own_yes as f64 + 2.0 * mean(&network)) / (own.len() as f64 + 2.0);
                (share(&network, lead)?, usual, 2.0)
            }
        };
        let show = match self.show_rate {
            Some(share) => Some((share, "the configured")),
            None => {
                let own = come(&taken).map(|share| (share, "its"));
                own.or_else(|| come(&network).map(|share| (share, "the network's")))
            }
        };
        let yes = yes as f64;
        let final_yes = if share >= 1.0 || usual <= 0.0 {
            yes / share.max(1.0)
        } else {
            yes + (1.0 - share) * (likeness + yes) / (likeness / usual + share)
        };
        Some(Forecast {
            final_yes,
            turnout: final_yes * show.map_or(1.0, |(share, _)| share),
            show,
        })
    }

    /// What would have been forecast of each event of the year that can be replayed.
    fn replay(&self, past: &[Past<'_>], lead: i64) -> Vec<Replayed> {
        let mut replayed = Vec::new();
        for e in past.iter().filter(|e| e.starts > self.a - 365 * DAY) {
            let moment = e.starts - lead;
            let group = e.event.group;
            let before = || {
                let own = past.iter().filter(|it| it.event.group == group);
                own.filter(|it| it.starts <= moment)
            };
            let last_held = before().rfind(|it| Self::ends(it.event) <= moment);
            let is_paused = last_held.is_none_or(|it| e.starts - it.starts > 180 * DAY);
            let is_known = before().any(|it| it.settled <= moment);
            let is_new = e.event.created.is_some_and(|at| at > moment);
            if is_new || is_paused || !is_known || 10 * e.undated > e.final_yes {
                continue;
            }
            let yes = e.by(lead);
            if let Some(forecast) = self.forecast(past, group, (moment, lead), yes) {
                replayed.push(Replayed {
                    settled: e.settled,
                    forecast: if e.is_taken {
                        forecast.turnout
                    } else {
                        forecast.final_yes
                    },
                    turnout: e.came as f64,
                    yes: yes as f64,
                });
            }
        }
        replayed
    }

    /// What to expect of each event to come of which something can be told, by its token.
    pub fn expected(&self) -> BTreeMap<String, Expected> {
        let past = self.past_events();
        let mut replays: BTreeMap<i64, Vec<Replayed>> = BTreeMap::new();
        let mut expected = BTreeMap::new();
        for group in self.measured() {
            let Some(last) = past.iter().rev().find(|e| e.event.group == group) else {
                continue;
            };
            for event in self.counting(group) {
                let seconds = event.starts.unwrap() - self.a;
                let is_paused = event.starts.unwrap() - last.starts > 180 * DAY;
                if seconds <= 0 || seconds > 21 * DAY || is_paused {
                    continue;
                }
                // 2, 5 and 10.5 days lie between the lead times.
                let near = [4, 10, 21].iter().filter(|half| 2 * seconds >= *half * DAY);
                let lead = LEADS[near.count()] * DAY;
                let replayed = replays
                    .entry(lead)
                    .or_insert_with(|| self.replay(&past, lead));
                if is_proven(replayed) {
                    let told = self.expect(&past, replayed, event);
                    expected.extend(told.map(|told| (event.token.clone(), told)));
                }
            }
        }
        expected
    }

    fn expect(&self, past: &[Past<'_>], replayed: &[Replayed], event: &Event) -> Option<Expected> {
        let (yes, lead) = (self.yes(event).len(), event.starts.unwrap() - self.a);
        let forecast = self.forecast(past, event.group, (self.a, lead), yes as i64)?;
        let unit = |people: f64| (people + 1.0).sqrt();
        let known = replayed.iter().filter(|it| it.settled <= self.a);
        let misses = known.map(|it| (it.turnout - it.forecast) / unit(it.forecast));
        let mut misses: Vec<f64> = misses.collect();
        misses.sort_by(f64::total_cmp);
        let n = misses.len();
        let (low, high) = match n {
            0..10 => (-1.6, 1.6),
            _ => (misses[n / 10], misses[n - 1 - n / 10]),
        };
        let at = |miss: f64| whole((forecast.turnout + miss * unit(forecast.turnout)).max(0.0));
        let turnout = whole(forecast.turnout);
        Some(Expected {
            low: at(low).min(turnout),
            high: at(high).max(turnout),
            turnout,
            final_yes: whole(forecast.final_yes),
            show: forecast.show,
        })
    }

    /// Guests of those who said yes.
    pub fn guests(&self, event: &Event) -> i64 {
        let answers = self.answers(event);
        let yes = answers
            .values()
            .filter(|r| ["YES", "ATTENDED"].contains(&r.status));
        yes.map(|r| r.guests).sum()
    }
}

impl Question<'_> {
    /// How yes came in to an event: by whole days before its start, as far as A has come.
    pub(super) fn curve(&self, event: &Event) -> serde_json::Value {
        let past = self.past_event(event);
        let known = (0..=30)
            .rev()
            .filter(|days| past.starts - days * DAY <= self.a);
        let by_day: Vec<(i64, i64)> = known.map(|days| (days, past.by(days * DAY))).collect();
        let lead = past.starts - self.a;
        serde_json::json!({
            "token": event.token, "by_day": by_day, "yes": past.final_yes, "undated": past.undated,
            "now": (lead > 0).then(|| (lead, past.by(lead))),
        })
    }
}
