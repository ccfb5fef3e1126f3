//! What became of restarts, first events and first years in this network.

use std::collections::BTreeMap;

use super::rule::{DAY, LONG};
use crate::metrics::rate::Rate;

/// This network's own past, where a sentence leans on it; in no key of the report.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Guidance {
    /// Restarts after over 180 days that have had a year since: those whose group met again within it /
    /// all.
    pub restarts: Rate,
    /// First events ever that have had a year since: those whose group met again within it / all.
    pub firsts: Rate,
    /// By the number of events in a group's first 365 days (from the first event): groups that held an event
    /// in the 365 days after / all that have had these.
    pub first_years: BTreeMap<i64, Rate>,
}

const YEAR: i64 = 365 * DAY;

/// Over the held starts of each measured group, in order.
pub(super) fn guidance<'a>(groups: impl Iterator<Item = &'a [i64]>, as_of: i64) -> Guidance {
    let mut guidance = Guidance::default();
    for held in groups {
        let met_within = |from: i64, to: i64| held.iter().any(|at| *at > from && *at <= to);
        for pair in held.windows(2) {
            let (before, at) = (pair[0], pair[1]);
            if at - before > LONG && at <= as_of - YEAR {
                add(&mut guidance.restarts, met_within(at, at + YEAR));
            }
        }
        let Some(first) = held.first().copied() else {
            continue;
        };
        if first <= as_of - YEAR {
            add(&mut guidance.firsts, met_within(first, first + YEAR));
        }
        if first <= as_of - 2 * YEAR {
            let events = held.iter().take_while(|at| **at <= first + YEAR).count();
            let events = i64::try_from(events).unwrap_or(i64::MAX);
            let of_so_many = guidance.first_years.entry(events).or_default();
            add(of_so_many, met_within(first + YEAR, first + 2 * YEAR));
        }
    }
    guidance
}

fn add(rate: &mut Rate, is_so: bool) {
    *rate = Rate::new(rate.numerator + i64::from(is_so), rate.denominator + 1);
}
