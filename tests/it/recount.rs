//! Every figure once more, in plain loops straight from the definitions: slow, and sharing no code
//! with what it checks.

mod ahead;
mod asks;
mod handover;
mod leads;
pub mod money;
mod months;
mod network;
mod notice;
mod pauses;
mod people;
mod policy;
pub mod sentences;
mod side_to_side;
mod story;
mod weeks;
mod year;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use crate::world::{Event, Group, Person, Rsvp, World};

pub const DAY: i64 = 86_400;

pub struct Question<'a> {
    pub world: &'a World,
    pub a: i64,
    pub generated: i64,
    pub staff: Option<Vec<Person>>,
    pub share: f64,
    pub default_target: i64,
    pub policy: gatherd::community::Policy,
    pub zone: chrono_tz::Tz,
    pub show_rate: Option<f64>,
    pub call_after: i64,
    pub call_at: f64,
}

const LIVE: [&str; 4] = ["ACTIVE", "PAST", "AUTOSCHED", "AUTOSCHED_FINISHED"];
const CANCELLED: [&str; 3] = ["CANCELLED", "CANCELLED_PERM", "AUTOSCHED_CANCELLED"];

fn rate(numerator: usize, denominator: usize) -> Value {
    let value = if denominator == 0 {
        None
    } else {
        Some(numerator as f64 / denominator as f64)
    };
    json!({"numerator": numerator, "denominator": denominator, "value": value})
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let n = values.len();
    match n {
        0 => None,
        _ if n % 2 == 1 => Some(values[n / 2]),
        _ => Some((values[n / 2 - 1] + values[n / 2]) / 2.0),
    }
}

fn floor_days(seconds: i64) -> i64 {
    seconds.div_euclid(DAY)
}

impl Question<'_> {
    fn ends(e: &Event) -> i64 {
        e.ends.unwrap_or(e.starts.unwrap() + 3 * 3600)
    }

    fn events(&self, group: usize, statuses: &[&str]) -> Vec<&Event> {
        let mut found: Vec<&Event> = self
            .world
            .events
            .iter()
            .filter(|e| {
                e.group == group
                    && e.gone.is_none()
                    && e.starts.is_some()
                    && statuses.contains(&e.status)
            })
            .collect();
        found.sort_by(|x, y| (x.starts, &x.token).cmp(&(y.starts, &y.token)));
        found
    }

    fn held(&self, group: usize, a: i64) -> Vec<&Event> {
        self.events(group, &LIVE)
            .into_iter()
            .filter(|e| Self::ends(e) <= a)
            .collect()
    }

    fn within(e: &Event, n: i64, a: i64) -> bool {
        let start = e.starts.unwrap();
        start > a - n * DAY && start <= a
    }

    /// One answer per person.
    fn answers<'e>(&self, e: &'e Event) -> BTreeMap<Person, &'e Rsvp> {
        let mut kept: BTreeMap<Person, &Rsvp> = BTreeMap::new();
        for r in &e.rsvps {
            if r.gone.is_some_and(|gone| gone <= Self::ends(e)) {
                continue;
            }
            let number = |r: &Rsvp| r.id.parse::<i64>().unwrap_or(i64::MAX);
            let key = |r: &Rsvp| (r.updated.unwrap_or(i64::MIN), number(r), r.id.clone());
            match kept.get(&r.person) {
                Some(other) if key(other) > key(r) => {}
                _ => {
                    kept.insert(r.person, r);
                }
            }
        }
        kept
    }

    fn yes(&self, e: &Event) -> BTreeSet<Person> {
        self.answers(e)
            .values()
            .filter(|r| ["YES", "ATTENDED"].contains(&r.status))
            .map(|r| r.person)
            .collect()
    }

    fn hosts(&self, e: &Event) -> BTreeSet<Person> {
        let answers = self.answers(e);
        let mut hosts: BTreeSet<Person> = e.hosts.iter().copied().collect();
        hosts.extend(answers.values().filter(|r| r.is_host).map(|r| r.person));
        hosts.retain(|p| {
            !answers
                .get(p)
                .is_some_and(|r| ["NO", "NO_SHOW", "EXCUSED_ABSENCE"].contains(&r.status))
        });
        hosts
    }

    fn is_staff(&self, p: Person) -> bool {
        self.world.admin == Some(p) || self.staff.as_ref().is_some_and(|s| s.contains(&p))
    }

    fn participants(&self, e: &Event) -> BTreeSet<Person> {
        let hosts = self.hosts(e);
        self.yes(e)
            .into_iter()
            .filter(|p| !hosts.contains(p) && !self.is_staff(*p))
            .collect()
    }

    fn is_measured(&self, g: &Group, a: i64) -> bool {
        g.gone.is_none() && g.founded.is_none_or(|founded| founded <= a)
    }

    pub fn group(&self, group: usize) -> Value {
        let g = &self.world.groups[group];
        let held = self.held(group, self.a);
        let year: Vec<&Event> = held
            .iter()
            .copied()
            .filter(|e| Self::within(e, 365, self.a))
            .collect();
        let live = self.counting(group);
        let fresh = self.generated - self.a <= DAY && g.is_roster_read;
        let knows_staff = self.staff.as_ref().is_some_and(|s| !s.is_empty());

        // cadence
        let observed: Vec<NaiveDate> = self
            .closed(group, 12)
            .into_iter()
            .filter(|m| self.founding(group).is_some_and(|f| *m >= f))
            .collect();
        let n = g.target.unwrap_or(self.default_target);
        let blocks: Vec<&[NaiveDate]> = observed.chunks_exact(n as usize).collect();
        let blocks_met = blocks
            .iter()
            .filter(|b| b.iter().any(|m| Self::met_in(&held, *m) > 0))
            .count();
        let mut streak = self
            .closed(group, 400)
            .into_iter()
            .take_while(|m| Self::met_in(&held, *m) > 0)
            .count();
        if Self::met_in(&held, self.local_date(group, self.a).with_day(1).unwrap()) > 0 {
            streak += 1;
        }
        let gaps = |n: i64| -> Vec<f64> {
            let starts: Vec<i64> = held
                .iter()
                .filter(|e| Self::within(e, n, self.a))
                .map(|e| e.starts.unwrap())
                .collect();
            starts
                .windows(2)
                .map(|w| (w[1] - w[0]) as f64 / 86400.0)
                .collect()
        };
        let since = held.last().map(|e| floor_days(self.a - e.starts.unwrap()));
        let next = live
            .iter()
            .filter(|e| e.starts.unwrap() > self.a)
            .map(|e| e.starts.unwrap())
            .min();
        let off_years = self.off_months(group, &held);
        let off: Vec<u32> = off_years.iter().map(|(month, _)| *month).collect();
        let cancelled = self
            .events(group, &CANCELLED)
            .into_iter()
            .filter(|e| Self::within(e, 365, self.a))
            .count();
        let cadence = json!({
            "every_months": n,
            "monthly_cadence": rate(observed.iter().filter(|m| Self::met_in(&held, **m) > 0).count(), observed.len()),
            "target_cadence": rate(blocks_met, blocks.len()),
            "events_365": year.len(),
            "streak_months": streak,
            "median_gap_days": if year.len() < 3 { None } else { median(gaps(365)) },
            "days_since_last_held": since,
            "days_to_next_scheduled": next.map(|start| floor_days(start - self.a)),
            "off_months": off,
            "cancellation_rate": rate(cancelled, cancelled + year.len()),
            "median_notice_days": self.median_notice_days(&year),
            "next_date_known": self.next_date_known(&held, &year),
        });

        // attendance
        let counts = |which: &dyn Fn(&Event) -> bool| -> Option<f64> {
            median(
                year.iter()
                    .filter(|e| which(e))
                    .map(|e| self.yes(e).len() as f64)
                    .collect(),
            )
        };
        let taken: Vec<&&Event> = year.iter().filter(|e| self.is_taken(e)).collect();
        let came: usize = taken.iter().map(|e| self.yes(e).len()).sum();
        let no_show: usize = taken
            .iter()
            .map(|e| {
                self.answers(e)
                    .values()
                    .filter(|r| r.status == "NO_SHOW")
                    .count()
            })
            .sum();
        let guests: i64 = year
            .iter()
            .flat_map(|e| {
                self.answers(e)
                    .into_values()
                    .filter(|r| ["YES", "ATTENDED"].contains(&r.status))
                    .map(|r| r.guests)
            })
            .sum();
        let attendance = json!({
            "yes_365": year.iter().map(|e| self.yes(e).len()).sum::<usize>(),
            "people_365": year.iter().flat_map(|e| self.yes(e)).collect::<BTreeSet<_>>().len(),
            "median_yes": counts(&|_| true),
            "median_yes_in_person": counts(&|e| e.kind != "ONLINE"),
            "median_yes_online": counts(&|e| e.kind == "ONLINE"),
            "guests_365": guests,
            "attendance_taken": rate(taken.len(), year.len()),
            "show_rate": rate(came, came + no_show),
        });

        // repeat
        let mut times: BTreeMap<Person, usize> = BTreeMap::new();
        for e in &year {
            for p in self.participants(e) {
                *times.entry(p).or_default() += 1;
            }
        }
        let (mut returning, mut participations) = (0, 0);
        let (mut both, mut of_first) = (0, 0);
        for (i, f) in held.iter().enumerate() {
            if !Self::within(f, 365, self.a) {
                continue;
            }
            for p in self.participants(f) {
                participations += 1;
                returning +=
                    usize::from(held[..i].iter().any(|e| self.participants(e).contains(&p)));
            }
            if i > 0 {
                let before = self.participants(held[i - 1]);
                both += before.intersection(&self.participants(f)).count();
                of_first += before.len();
            }
        }
        let mut first: BTreeMap<Person, i64> = BTreeMap::new();
        for e in &held {
            for p in self.participants(e) {
                first.entry(p).or_insert(e.starts.unwrap());
            }
        }
        let had_time: Vec<_> = first
            .iter()
            .filter(|(_, at)| **at > self.a - 455 * DAY && **at <= self.a - 90 * DAY)
            .collect();
        let came_back = had_time
            .iter()
            .filter(|(p, at)| {
                held.iter().any(|e| {
                    e.starts.unwrap() > **at
                        && e.starts.unwrap() - **at <= 90 * DAY
                        && self.participants(e).contains(p)
                })
            })
            .count();
        let repeat = json!({
            "repeat_rate": rate(times.values().filter(|n| **n >= 2).count(), times.len()),
            "returning_share": rate(returning, participations),
            "next_event_return": rate(both, of_first),
            "first_timer_return_90": rate(came_back, had_time.len()),
        });

        // organizers
        let hosts_in = |n: i64| -> BTreeSet<Person> {
            held.iter()
                .filter(|e| Self::within(e, n, self.a))
                .flat_map(|e| self.hosts(e))
                .collect()
        };
        let hosts_90 = hosts_in(90);
        let hosts_365 = hosts_in(365);
        let hosted_before: BTreeSet<Person> = held
            .iter()
            .filter(|e| e.starts.unwrap() <= self.a - 365 * DAY)
            .flat_map(|e| self.hosts(e))
            .collect();
        let mut pairs: BTreeMap<Person, usize> = BTreeMap::new();
        for e in &year {
            for h in self.hosts(e) {
                *pairs.entry(h).or_default() += 1;
            }
        }
        let mut busy: Vec<usize> = pairs.values().copied().collect();
        busy.sort_unstable_by(|x, y| y.cmp(x));
        let all: usize = busy.iter().sum();
        let factor = (1..=busy.len()).find(|k| busy[..*k].iter().sum::<usize>() * 2 >= all);
        let with_host: Vec<_> = year.iter().filter(|e| !self.hosts(e).is_empty()).collect();
        let by_staff = with_host
            .iter()
            .filter(|e| self.hosts(e).iter().all(|h| self.is_staff(*h)))
            .count();
        let roster: Vec<_> = g
            .members
            .iter()
            .filter(|m| {
                m.gone.is_none()
                    && ["ACTIVE", "LEADER"].contains(&m.status)
                    && m.joined.is_none_or(|at| at <= self.a)
            })
            .collect();
        let leaders = self.leaders(g);
        let seen = leaders
            .iter()
            .filter(|m| {
                m.seen
                    .is_some_and(|at| at > self.a - 90 * DAY && at <= self.a)
            })
            .count();
        let organizers = json!({
            "hosts_90": hosts_90.len(),
            "hosts_365": hosts_365.len(),
            "local_hosts_90": knows_staff.then(|| hosts_90.iter().filter(|p| !self.is_staff(**p)).count()),
            "new_hosts_365": hosts_365.difference(&hosted_before).count(),
            "host_absence_factor": factor,
            "top_host_share": rate(busy.first().copied().unwrap_or(0), all),
            "sole_host": rate(self.alone(&year).first().map_or(0, |(n, ..)| *n), with_host.len()),
            "staff_hosted_share": knows_staff.then(|| rate(by_staff, with_host.len())),
            "leaders": fresh.then_some(leaders.len()),
            "leader_activity": fresh.then(|| rate(seen, leaders.len())),
            "leaderless": fresh.then_some(leaders.is_empty()),
        });
        let growth = json!({
            "members": fresh.then_some(roster.len()),
            "joined_90": fresh.then(|| roster.iter().filter(|m| m.joined.is_some_and(|at| at > self.a - 90 * DAY)).count()),
            "first_timers_90": first.values().filter(|at| **at > self.a - 90 * DAY).count(),
        });

        // status
        let restarted = held.windows(2).any(|w| {
            Self::within(w[1], 90, self.a)
                && w[1].starts.unwrap() - w[0].starts.unwrap() > 180 * DAY
        });
        let pause = self.pause(group, &held, &off, n);
        let silent = held.last().map(|e| self.a - e.starts.unwrap());
        let young = g
            .founded
            .or(g.joined)
            .is_some_and(|at| at <= self.a && at > self.a - 365 * DAY);
        let is_silent = silent.is_some_and(|seconds| seconds > 180 * DAY);
        let fits = if held.len() < 3 && young && !is_silent {
            "new"
        } else if held.is_empty() {
            "unstarted"
        } else if restarted {
            "restarted"
        } else if is_silent {
            "quiet"
        } else if pause["call"] == true {
            "overdue"
        } else if blocks.len() >= 3 && blocks_met as f64 / blocks.len() as f64 >= self.share {
            "on_target"
        } else {
            "meeting"
        };
        let is_earlier = ["new", "unstarted", "restarted", "quiet"].contains(&fits);
        let pause = if is_earlier { Value::Null } else { pause };
        let status = g.is_complete.then_some(fits);
        let stake: BTreeSet<Person> = held
            .iter()
            .filter(|e| Self::within(e, 365, held.last().unwrap().starts.unwrap()))
            .flat_map(|e| self.participants(e))
            .collect();
        json!({
            "urlname": g.urlname, "status": status, "cadence": cadence, "attendance": attendance,
            "repeat": repeat, "organizers": organizers, "growth": growth,
            "side_to_side": self.side_to_side(&year),
            "handover": self.handover(group, &held, &observed),
            "policy": self.policy(group, &held), "told": self.told(group, &held, &year, fresh),
            "pause": pause, "stake": stake.len(), "off_years": off_years,
        })
    }

    pub fn groups(&self) -> Vec<Value> {
        let mut measured: Vec<usize> = (0..self.world.groups.len())
            .filter(|i| self.is_measured(&self.world.groups[*i], self.a))
            .collect();
        measured.sort_by_key(|i| self.world.groups[*i].urlname.clone());
        measured.into_iter().map(|i| self.group(i)).collect()
    }
}
