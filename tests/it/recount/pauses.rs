//! Pauses, months off and calls once more.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde_json::{Value, json};

use super::{DAY, LIVE, Question, floor_days, median};
use crate::world::Event;

pub(super) const EDGES: [i64; 9] = [45, 60, 75, 90, 105, 120, 135, 150, 165];

/// d, x, y.
pub(super) type Cell = (i64, usize, usize);

/// A pause and an edge of it at which it is a case.
struct Case {
    group: usize,
    began: i64,
    cell: Cell,
    is_long: bool,
}

impl Question<'_> {
    pub(super) fn created_at(e: &Event) -> i64 {
        let start = e.starts.unwrap();
        let known = e.created.unwrap_or(start - 14 * DAY);
        let first_seen = e.seen.iter().min().copied().unwrap_or(start);
        known.min(first_seen).min(start)
    }

    /// Live events that count somewhere.
    pub(super) fn counting(&self, group: usize) -> Vec<&Event> {
        let live = self.events(group, &LIVE).into_iter();
        live.filter(|e| e.starts.unwrap() <= self.a || Self::created_at(e) <= self.a)
            .collect()
    }

    /// The instants at which at least one of these started.
    pub(super) fn starts(&self, counting: &[&Event]) -> Vec<i64> {
        let mut starts: Vec<i64> = counting.iter().filter_map(|e| e.starts).collect();
        starts.retain(|start| *start <= self.a);
        starts.dedup();
        starts
    }

    /// Days.
    fn usual(&self, counting: &[&Event], began: i64) -> Option<f64> {
        let mut starts = self.starts(counting);
        starts.retain(|start| *start <= began);
        let gaps = starts.windows(2).map(|w| (w[1] - w[0]) as f64 / 86_400.0);
        let last: Vec<f64> = gaps.rev().take(12).collect();
        median(last).map(|days| days.max(1.0))
    }

    pub(super) fn cell(&self, counting: &[&Event], began: i64, days: i64) -> Cell {
        let usual = self.usual(counting, began).unwrap_or(90.0);
        // Gaps are whole seconds, so that half a second is the least difference.
        let half_seconds = (usual * 2.0 * 86_400.0).round();
        let silence = (2 * days * DAY) as f64;
        let ratios = [1.0, 1.5, 2.0, 3.0, 4.5];
        let x = ratios
            .iter()
            .filter(|r| **r * half_seconds < silence)
            .count();
        let of_year = counting.iter().filter(|e| Self::within(e, 365, began));
        let n = of_year.count();
        let y = [1, 3, 6, 11].iter().filter(|limit| **limit < n).count();
        (days, x, y)
    }

    /// No start in (s, s + d], and nothing announced at s + d.
    pub(super) fn is_left(counting: &[&Event], began: i64, days: i64) -> bool {
        let b = began + days * DAY;
        counting.iter().all(|e| {
            let start = e.starts.unwrap();
            let is_within = start > began && start <= b;
            let is_announced = start > b && Self::created_at(e) <= b;
            !is_within && !is_announced
        })
    }

    fn is_long(counting: &[&Event], began: i64) -> bool {
        !counting.iter().any(|e| {
            let start = e.starts.unwrap();
            start > began && start <= began + 180 * DAY
        })
    }

    pub(super) fn measured(&self) -> Vec<usize> {
        let groups = 0..self.world.groups.len();
        groups
            .filter(|i| {
                let g = &self.world.groups[*i];
                self.is_measured(g, self.a) && g.is_complete
            })
            .collect()
    }

    /// Every pause at every edge at which it is a case, whenever that is known.
    fn all_cases(&self) -> Vec<Case> {
        let mut cases = Vec::new();
        for group in self.measured() {
            let counting = self.counting(group);
            for began in self.starts(&counting) {
                for days in EDGES {
                    if began <= self.a - 180 * DAY && Self::is_left(&counting, began, days) {
                        cases.push(Case {
                            group,
                            began,
                            cell: self.cell(&counting, began, days),
                            is_long: Self::is_long(&counting, began),
                        });
                    }
                }
            }
        }
        cases
    }

    /// Cases and long ones of a cell as of B.
    fn cases_as_of(cases: &[Case], b: i64, cell: Cell) -> (usize, usize) {
        let fits = |case: &&Case| {
            case.cell == cell && case.began > b - 1_640 * DAY && case.began <= b - 180 * DAY
        };
        let of_cell = || cases.iter().filter(fits);
        (of_cell().count(), of_cell().filter(|it| it.is_long).count())
    }

    fn share(cases: &[Case], b: i64, cell: Cell) -> f64 {
        let (c, l) = Self::cases_as_of(cases, b, cell);
        (l as f64 + 8.0 * prior(cell)) / (c as f64 + 8.0)
    }

    /// The pause, whatever the status; what it is worth to call.
    pub(super) fn pause(&self, group: usize, held: &[&Event], off: &[u32], every: i64) -> Value {
        let is_coming = |e: &&Event| Self::ends(e) > self.a;
        let counting = self.counting(group);
        let Some(last) = held.last().filter(|_| !counting.iter().any(is_coming)) else {
            return Value::Null;
        };
        let began = last.starts.unwrap();
        let days = floor_days(self.a - began);
        let today = self.local_date(group, self.a);
        let mut off_days = 0;
        let mut date = Self::event_date(last).succ_opt().unwrap();
        while date < today {
            off_days += i64::from(off.contains(&date.month()));
            date = date.succ_opt().unwrap();
        }
        let idle = (days - off_days).max(0);
        let cases = self.all_cases();
        let mut risk = 0.0;
        let mut alike = Value::Null;
        for edge in EDGES.into_iter().filter(|d| *d <= idle) {
            let cell = self.cell(&counting, began, edge);
            let share = Self::share(&cases, self.a, cell);
            if share >= risk {
                let (c, l) = Self::cases_as_of(&cases, self.a, cell);
                risk = share;
                alike = json!({"edge": edge, "cases": c, "long": l});
            }
        }
        let after = (self.call_after + 30 * (every - 1)).min(150);
        json!({
            "days": days, "idle_days": idle, "usual_days": self.usual(&counting, began),
            "risk": risk, "alike": alike, "call_after_days": after,
            "call": idle >= after || risk >= self.call_at,
        })
    }

    /// Month off and the years that say so.
    pub(super) fn off_months(&self, group: usize, held: &[&Event]) -> Vec<(u32, u32)> {
        let this = self.local_date(group, self.a).with_day(1).unwrap();
        let plus = |month: NaiveDate, n: i32| {
            let months = month.year() * 12 + month.month0() as i32 + n;
            NaiveDate::from_ymd_opt(months.div_euclid(12), months.rem_euclid(12) as u32 + 1, 1)
                .unwrap()
        };
        let met = |month: NaiveDate| Self::met_in(held, month) > 0;
        let is_alive = |month: NaiveDate| {
            (1..=4).any(|n| met(plus(month, -n))) && (1..=4).any(|n| met(plus(month, n)))
        };
        // The events here go back no further than 25 years.
        let alive: Vec<NaiveDate> = (1..300)
            .map(|ago| plus(this, -ago))
            .filter(|month| is_alive(*month))
            .collect();
        let counting = self.counting(group);
        let has_now = counting
            .iter()
            .any(|e| Self::event_date(e).with_day(1) == Some(this));
        let mut off = Vec::new();
        for m in 1..=12 {
            let of_m = alive.iter().filter(|month| month.month() == m);
            let latest: Vec<&NaiveDate> = of_m.take(4).collect();
            let k = latest.len();
            let other: Vec<&NaiveDate> = alive
                .iter()
                .filter(|month| **month >= plus(this, -60) && month.month() != m)
                .collect();
            let q = other.iter().filter(|month| met(***month)).count() as f64 / other.len() as f64;
            let is_off = k >= 2
                && !latest.iter().any(|month| met(**month))
                && !other.is_empty()
                && (1.0 - q).powi(k as i32) <= 0.01 + 1e-12
                && !(this.month() == m && has_now);
            if is_off {
                off.push((m, k as u32));
            }
        }
        off
    }

    /// The calls replayed.
    pub fn calls(&self) -> Value {
        let cases = self.all_cases();
        let mut pauses: Vec<(usize, i64)> = Vec::new();
        for group in self.measured() {
            let began = self.starts(&self.counting(group)).into_iter();
            pauses.extend(
                began
                    .filter(|s| *s > self.a - 1_275 * DAY && *s <= self.a - 180 * DAY)
                    .map(|s| (group, s)),
            );
        }
        let edges_of = |group: usize, began: i64| -> Vec<Cell> {
            let of_it = |case: &&Case| case.group == group && case.began == began;
            cases.iter().filter(of_it).map(|it| it.cell).collect()
        };
        let told = |call: &dyn Fn(i64, Cell) -> bool| {
            let (mut with_edge, mut long, mut made) = (0, 0, 0);
            let mut right: Vec<i64> = Vec::new();
            for (group, began) in &pauses {
                let edges = edges_of(*group, *began);
                let is_long = Self::is_long(&self.counting(*group), *began);
                with_edge += usize::from(!edges.is_empty());
                long += usize::from(!edges.is_empty() && is_long);
                let mut in_order = edges.into_iter();
                if let Some((day, ..)) = in_order.find(|cell| call(*began, *cell)) {
                    made += 1;
                    if is_long {
                        right.push(day);
                    }
                }
            }
            let by = |day: i64| right.iter().filter(|at| **at <= day).count();
            json!({
                "pauses": pauses.len(), "cases": with_edge, "long": long, "made": made,
                "right": right.len(), "long_told_by_75": by(75), "long_told_by_90": by(90),
                "long_told_by_120": by(120),
                "median_day": median(right.iter().map(|day| *day as f64).collect()),
            })
        };
        let mut calls = told(&|began, cell| {
            cell.0 >= self.call_after
                || Self::share(&cases, began + cell.0 * DAY, cell) >= self.call_at
        });
        calls["plain_90"] = told(&|_, cell| cell.0 == 90);
        calls["plain_105"] = told(&|_, cell| cell.0 == 105);
        calls
    }

    /// Restarts, first events and first years of this network: what was asked, and what came of it.
    pub fn guidance(&self) -> Value {
        let year = 365 * DAY;
        let mut restarts = (0, 0);
        let mut firsts = (0, 0);
        let mut first_years: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let add = |of: &mut (usize, usize), is_so: bool| {
            of.0 += usize::from(is_so);
            of.1 += 1;
        };
        for group in self.measured() {
            let held = self.held(group, self.a);
            let held: Vec<i64> = held.iter().filter_map(|e| e.starts).collect();
            let has_met = |from: i64, to: i64| held.iter().any(|s| *s > from && *s <= to);
            for (i, s) in held.iter().enumerate().skip(1) {
                if s - held[i - 1] > 180 * DAY && s + year <= self.a {
                    add(&mut restarts, has_met(*s, s + year));
                }
            }
            let Some(first) = held.first() else { continue };
            if first + year <= self.a {
                add(&mut firsts, has_met(*first, first + year));
            }
            if first + 2 * year <= self.a {
                let n = held.iter().filter(|s| **s <= first + year).count();
                let of_n = first_years.entry(n).or_default();
                add(of_n, has_met(first + year, first + 2 * year));
            }
        }
        json!({"restarts": restarts, "firsts": firsts, "first_years": first_years})
    }
}

/// As the table has it.
pub(super) fn prior((days, x, y): Cell) -> f64 {
    let table = include_str!("../../../schema/metrics/pause-prior.csv");
    let start = format!("{days},{x},{y},");
    let line = table.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap().split(',').next().unwrap().parse().unwrap()
}
