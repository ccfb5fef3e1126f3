//! Who hosted a group's events, and how that is shared over time.

use chrono::{Datelike as _, NaiveDate};

use super::axis::{Plot, float, many, said};
use super::canvas::{Anchor, Canvas};
use super::drawing::{Chart, Table, write_note};
use super::name::Name;
use super::spans::{Part, named, parts};
use crate::community::ChartKind;

/// Hosts with a colour of their own: those who hosted most.
const CLASSES: [&str; 5] = ["c-one", "c-two", "c-three", "c-four", "c-five"];

/// What the chart is of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hosts {
    /// The group.
    pub name: Name,
    /// Who hosted.
    pub people: Vec<HostPerson>,
    /// Held events: the local date, and which of the people hosted.
    pub events: Vec<(NaiveDate, Vec<usize>)>,
}

/// Somebody who hosted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostPerson {
    /// Who.
    pub name: Name,
    /// One of the sponsor's own.
    pub is_staff: bool,
}

/// What somebody hosted.
#[derive(Default, Clone)]
struct Hosted {
    person: usize,
    quarters: Vec<i64>,
    alone: i64,
    latest: Option<NaiveDate>,
}

impl Hosted {
    fn times(&self) -> i64 {
        i64::try_from(self.quarters.len()).unwrap_or(0)
    }

    fn in_part(&self, part: &Part) -> i64 {
        let times = self.quarters.iter().filter(|it| part.has(**it)).count();
        i64::try_from(times).unwrap_or(0)
    }
}

impl Hosts {
    /// The chart: a bar a quarter or year, a colour a host.
    pub fn chart(&self) -> Chart {
        let title = self.name.within("Who hosted ", "", 44);
        let ranked = self.ranked();
        let quarters = self.events.iter().map(|(on, _)| quarter(*on));
        let (Some(first), Some(last), false) =
            (quarters.clone().min(), quarters.max(), ranked.is_empty())
        else {
            let sentence = match self.events.is_empty() {
                true => "It has held no event yet.",
                false => "Nobody is known to have hosted its events.",
            };
            return Chart::empty(ChartKind::Hosts, title, sentence);
        };
        let parts = parts(first, last);
        let sums = parts
            .iter()
            .map(|part| ranked.iter().map(|it| it.in_part(part)).sum::<i64>());
        let mut canvas = Canvas::default();
        let unit = format!("times hosted, by {}", named(&parts));
        let most = sums.max().unwrap_or(0);
        let plot = Plot::drawn(&mut canvas, 20.0, 140.0, most, &unit);
        for (nth, part) in parts.iter().enumerate() {
            let (left, room) = plot.place(nth, parts.len());
            let wide = (room * 0.68).min(44.0);
            let x = left + (room - wide) / 2.0;
            let mut under = 0;
            for (class, times) in stack(&ranked, part) {
                let (low, high) = (plot.y(float(under)), plot.y(float(under + times)));
                canvas.rect((x, high), (wide, (low - high - 0.8).max(0.4)), class);
                under += times;
            }
            let middle = left + room / 2.0;
            canvas.small(
                (middle, plot.bottom() + 14.0),
                Anchor::Middle,
                part.short.clone(),
                "c-dim",
            );
        }
        let keys = self.keys(&ranked);
        let mut y = plot.bottom() + 26.0;
        y += canvas.legend((plot.left, y), &keys);
        let unknown = self
            .events
            .iter()
            .filter(|(_, hosts)| hosts.is_empty())
            .count();
        if unknown > 0 {
            let unknown = i64::try_from(unknown).unwrap_or(0);
            let note = format!("Of {} no host is known.", many(unknown, "event", "events"));
            y += write_note(&mut canvas, (plot.left, y + 12.0), &note);
        }
        let summary = self.summary(&ranked);
        let table = self.table(&ranked, &parts);
        Chart::drawn(ChartKind::Hosts, title, summary, (canvas, y), table)
    }

    /// Who hosted, the busiest first.
    fn ranked(&self) -> Vec<Hosted> {
        let mut all: Vec<Hosted> = (0..self.people.len())
            .map(|person| Hosted {
                person,
                ..Hosted::default()
            })
            .collect();
        for (on, hosts) in &self.events {
            for host in hosts {
                if let Some(it) = all.get_mut(*host) {
                    it.quarters.push(quarter(*on));
                    it.alone += i64::from(hosts.len() == 1);
                    it.latest = it.latest.max(Some(*on));
                }
            }
        }
        all.retain(|it| !it.quarters.is_empty());
        all.sort_by_key(|it| (std::cmp::Reverse((it.times(), it.latest)), it.person));
        all
    }

    fn keys(&self, ranked: &[Hosted]) -> Vec<(&'static str, Name)> {
        let own = ranked.iter().zip(CLASSES).map(|(it, class)| {
            let person = &self.people[it.person];
            let times = it.times();
            let after = match person.is_staff {
                true => format!(", staff ({times})"),
                false => format!(" ({times})"),
            };
            (class, person.name.within("", &after, 22))
        });
        let mut keys: Vec<(&'static str, Name)> = own.collect();
        let others = &ranked[ranked.len().min(CLASSES.len())..];
        if !others.is_empty() {
            let times: i64 = others.iter().map(Hosted::times).sum();
            let label = format!("{} others ({times})", others.len());
            keys.push(("c-own", Name::plain(label)));
        }
        keys
    }

    fn summary(&self, ranked: &[Hosted]) -> String {
        let held = i64::try_from(self.events.len()).unwrap_or(0);
        let hosts = i64::try_from(ranked.len()).unwrap_or(0);
        let alone: i64 = ranked.iter().map(|it| it.alone).sum();
        let top = ranked.first().map_or(0, Hosted::times);
        let pairs: i64 = ranked.iter().map(Hosted::times).sum();
        format!(
            "{} by {}; the busiest hosted {} of {} times. One person hosted alone {} times.",
            many(held, "event", "events"),
            many(hosts, "host", "hosts"),
            said(top),
            said(pairs),
            said(alone)
        )
    }

    fn table(&self, ranked: &[Hosted], parts: &[Part]) -> Table {
        let mut table = Table::of(["Host", "Times hosted", "Alone", "Last"]);
        let parts_long = parts.iter().map(|part| part.long.clone());
        table.head.extend(parts_long);
        for it in ranked {
            let person = &self.people[it.person];
            let staff = if person.is_staff { " (staff)" } else { "" };
            let mut row = vec![
                format!("{}{staff}", person.name.text),
                said(it.times()),
                said(it.alone),
                it.latest.map_or_else(String::new, |on| on.to_string()),
            ];
            row.extend(parts.iter().map(|part| said(it.in_part(part))));
            table.rows.push(row);
        }
        table
    }
}

/// How often the busiest hosted in a part, each, and all others together.
fn stack<'a>(ranked: &'a [Hosted], part: &'a Part) -> Vec<(&'static str, i64)> {
    let own = ranked
        .iter()
        .zip(CLASSES)
        .map(|(it, class)| (class, it.in_part(part)));
    let others = ranked
        .iter()
        .skip(CLASSES.len())
        .map(|it| it.in_part(part))
        .sum();
    own.chain([("c-own", others)])
        .filter(|(_, times)| *times > 0)
        .collect()
}

fn quarter(on: NaiveDate) -> i64 {
    i64::from(on.year()) * 4 + i64::from(on.month0() / 3)
}
