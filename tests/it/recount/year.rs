//! A calendar year once more.

use super::{DAY, Question};
use crate::world::{Event, Person};
use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeZone};
use gatherd::metrics::OfYear;
use std::collections::{BTreeMap, BTreeSet};

fn date(seconds: i64) -> NaiveDate {
    DateTime::from_timestamp(seconds, 0).unwrap().date_naive()
}

impl Question<'_> {
    /// The last day that counts, and a year beside the year before.
    pub fn year(&self, year: i32) -> (NaiveDate, [OfYear; 2]) {
        let today = self.schedule_date(self.a);
        let until = match today.year() == year {
            true => today,
            false => NaiveDate::from_ymd_opt(year, 12, 31).unwrap(),
        };
        (until, [self.of(year, until), self.of(year - 1, until)])
    }

    /// Of a group's zone, in seconds east of UTC; none where it is unknown.
    fn zone_offset(&self, group: usize, at: i64) -> Option<i64> {
        let zone = self.world.groups[group].timezone.as_ref()?;
        let zone: chrono_tz::Tz = zone.parse().ok()?;
        let offset = zone.timestamp_opt(at, 0).unwrap().offset().fix();
        Some(offset.local_minus_utc().into())
    }

    /// The same at A; where the zone is unknown that of the latest event.
    fn offset_at_a(&self, group: usize) -> i64 {
        self.zone_offset(group, self.a).unwrap_or_else(|| {
            let events = self.world.events.iter();
            let known =
                events.filter(|e| e.group == group && e.gone.is_none() && e.starts.is_some());
            let latest = known.max_by_key(|e| (e.starts, &e.token));
            latest.map_or(0, |e| e.offset)
        })
    }

    fn of(&self, year: i32, until: NaiveDate) -> OfYear {
        let is_in = |on: NaiveDate| {
            on.year() == year && (on.month(), on.day()) <= (until.month(), until.day())
        };
        let started = |e: &Event| Self::event_date(e);
        let events = self.events_of(self.a, |e| is_in(started(e)));
        let earlier = self.events_of(self.a, |e| started(e).year() < year);
        let visitors: Vec<BTreeSet<Person>> = events.values().map(|it| self.united(it)).collect();
        let mut times: BTreeMap<Person, i64> = BTreeMap::new();
        for person in visitors.iter().flatten() {
            *times.entry(*person).or_default() += 1;
        }
        let before: BTreeSet<Person> = earlier.values().flat_map(|it| self.united(it)).collect();
        let mut together: BTreeMap<(Person, Person), i64> = BTreeMap::new();
        for (copies, people) in events.values().zip(&visitors) {
            if people.len() <= 60 && copies.iter().all(|e| e.kind != "ONLINE") {
                for one in people {
                    for other in people.range(one + 1..) {
                        *together.entry((*one, *other)).or_default() += 1;
                    }
                }
            }
        }
        let again = together.iter().filter(|(_, times)| **times >= 2);
        let met_again: BTreeSet<Person> = again.flat_map(|((a, b), _)| [*a, *b]).collect();
        let met: BTreeSet<usize> = events.values().flatten().map(|e| e.group).collect();
        let countries: BTreeSet<&str> = met
            .iter()
            .filter_map(|i| self.world.groups[*i].country.as_deref())
            .filter(|it| !it.is_empty())
            .collect();
        let (mut begun, mut revived) = (0, 0);
        let (mut asked, mut answered) = (0, 0);
        for group in self.measured() {
            let held = self.held(group, self.a);
            begun += i64::from(held.first().is_some_and(|e| is_in(started(e))));
            let is_revival = |pair: &[&Event]| {
                pair[1].starts.unwrap() - pair[0].starts.unwrap() > 180 * DAY
                    && is_in(started(pair[1]))
            };
            revived += i64::from(held.windows(2).any(is_revival));
            let asks = self.world.groups[group].asked.iter().copied();
            let offset = self.offset_at_a(group);
            let asks = asks.filter(|at| *at <= self.a && is_in(date(at + offset)));
            if let Some(first) = asks.min() {
                asked += 1;
                let is_within = |at: i64| at > first && at <= self.a.min(first + 90 * DAY);
                let mut words = self.counting(group).into_iter();
                answered += i64::from(
                    words.any(|e| is_within(e.starts.unwrap()) || is_within(Self::created_at(e))),
                );
            }
        }
        let left = self.world.groups.iter().enumerate().filter(|(i, g)| {
            let was_there = g.founded.is_none_or(|founded| founded <= self.a);
            let gone = g.gone.filter(|gone| *gone <= self.a && was_there);
            gone.is_some_and(|gone| is_in(date(gone + self.zone_offset(*i, gone).unwrap_or(0))))
        });
        OfYear {
            people: times.len() as i64,
            new_people: times.keys().filter(|it| !before.contains(it)).count() as i64,
            came_again: times.values().filter(|it| **it >= 2).count() as i64,
            met_again: met_again.len() as i64,
            events: events.len() as i64,
            groups_met: met.len() as i64,
            countries: countries.len() as i64,
            begun,
            revived,
            asked,
            answered,
            left: left.count() as i64,
            deleted: 0,
        }
    }
}
