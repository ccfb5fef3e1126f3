//! The world that a sentence speaks of, counted naively, and days and numbers as they are written.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use serde_json::Value;

use super::super::ahead::Expected;
use super::super::{DAY, Question};
use super::Held;
use super::fresh::Readings;
use crate::world::Event;

/// The group a sentence is about.
pub struct Subject<'a> {
    /// Its place in the world.
    pub nth: usize,
    pub figures: &'a Value,
    /// Its held events, the oldest first.
    pub held: Vec<&'a Event>,
    pub today: NaiveDate,
}

/// All that sentences are held against.
pub struct Scene<'a> {
    pub q: &'a Question<'a>,
    /// Measured groups by their names.
    pub groups: BTreeMap<String, (usize, Value)>,
    pub network: Value,
    pub guidance: Value,
    /// The digest before, a week earlier.
    pub before: Option<Box<Scene<'a>>>,
    /// The group of the line.
    pub group: Option<String>,
    /// Names of persons are shown.
    pub with_people: bool,
    /// Names of the groups named to write to.
    pub named: Vec<String>,
    /// It has the monthly page.
    pub is_monthly: bool,
    /// When somebody was asked, in every group that these tests ask.
    pub asked_at: i64,
    /// Who was asked there, by the group's name; none: it was not noted.
    pub asked: BTreeMap<String, Option<String>>,
    /// Until when a group is to be left alone.
    pub left_alone: BTreeMap<String, NaiveDate>,
    /// The instant of the digest before, by what is known now.
    pub again: Option<Box<Scene<'a>>>,
    /// When alerts looked last.
    pub looked_at: i64,
    /// How the groups were read.
    pub read: Readings,
    expected: OnceCell<BTreeMap<String, Expected>>,
}

impl<'a> Scene<'a> {
    pub fn of(q: &'a Question<'a>) -> Self {
        let measured = (0..q.world.groups.len())
            .filter(|nth| q.is_measured(&q.world.groups[*nth], q.a))
            .map(|nth| (q.world.groups[nth].name.clone(), (nth, q.group(nth))));
        Self {
            q,
            groups: measured.collect(),
            network: q.network(),
            guidance: q.guidance(),
            before: None,
            group: None,
            with_people: true,
            named: Vec::new(),
            is_monthly: false,
            asked_at: 0,
            asked: BTreeMap::new(),
            left_alone: BTreeMap::new(),
            again: None,
            looked_at: 0,
            read: Readings::default(),
            expected: OnceCell::new(),
        }
    }

    /// What to expect of events to come, by their tokens.
    pub fn expected(&self) -> &BTreeMap<String, Expected> {
        self.expected.get_or_init(|| self.q.expected())
    }

    pub fn subject(&self) -> Subject<'_> {
        self.named(self.group.as_deref().expect("a line about a group"))
    }

    pub fn named(&self, name: &str) -> Subject<'_> {
        let (nth, figures) = self
            .groups
            .get(name)
            .unwrap_or_else(|| panic!("no measured group is called {name}"));
        Subject {
            nth: *nth,
            figures,
            held: self.q.held(*nth, self.q.a),
            today: self.q.local_date(*nth, self.q.a),
        }
    }

    /// Groups of which may be told how they are doing.
    pub fn known(&self) -> Vec<Subject<'_>> {
        let known = self
            .groups
            .iter()
            .filter(|(_, (_, of))| !of["status"].is_null());
        known.map(|(name, _)| self.named(name)).collect()
    }

    pub fn name(&self, of: &Subject<'_>) -> &str {
        &self.q.world.groups[of.nth].name
    }

    /// Today by the reader's clock, which is UTC in these tests.
    pub fn today(&self) -> NaiveDate {
        chrono::DateTime::from_timestamp(self.q.a, 0)
            .unwrap()
            .date_naive()
    }

    pub fn count(&self, key: &str) -> i64 {
        self.network[key]
            .as_i64()
            .unwrap_or_else(|| panic!("network.{key} is no number"))
    }
}

impl Subject<'_> {
    /// A figure by its path.
    pub fn at(&self, path: &str) -> &Value {
        let mut value = self.figures;
        for key in path.split('.') {
            value = &value[key];
        }
        value
    }

    pub fn number(&self, path: &str) -> i64 {
        self.at(path)
            .as_i64()
            .unwrap_or_else(|| panic!("{path} is no number: {}", self.at(path)))
    }

    pub fn real(&self, path: &str) -> f64 {
        self.at(path)
            .as_f64()
            .unwrap_or_else(|| panic!("{path} is no number: {}", self.at(path)))
    }

    /// Numerator and denominator.
    pub fn rate(&self, path: &str) -> (i64, i64) {
        let rate = self.at(path);
        (
            rate["numerator"].as_i64().unwrap(),
            rate["denominator"].as_i64().unwrap(),
        )
    }

    pub fn status(&self) -> &str {
        self.at("status").as_str().unwrap()
    }

    pub fn last(&self) -> &Event {
        self.held.last().expect("a group that has met")
    }
}

/// The date an event starts on, by its wall clock.
pub fn date(e: &Event) -> NaiveDate {
    Question::event_date(e)
}

pub fn within(e: &Event, days: i64, a: i64) -> bool {
    let start = e.starts.unwrap();
    start > a - days * DAY && start <= a
}

/// "6 May", with the year where it is another.
pub fn day(date: NaiveDate, today: NaiveDate) -> String {
    let months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
    let month = months.split(' ').nth(date.month0() as usize).unwrap();
    let text = format!("{} {month}", date.day());
    if date.year() == today.year() {
        text
    } else {
        format!("{text} {}", date.year())
    }
}

/// "Wed 6 May".
pub fn weekday(date: NaiveDate, today: NaiveDate) -> String {
    format!("{} {}", date.weekday(), day(date, today))
}

/// "May 2025", without the year where it is this one.
pub fn month(date: NaiveDate, today: NaiveDate) -> String {
    let name = month_name(date.month());
    if date.year() == today.year() {
        name.to_owned()
    } else {
        format!("{name} {}", date.year())
    }
}

pub fn month_name(month: u32) -> &'static str {
    let names = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    names[month as usize - 1]
}

/// "1,200".
pub fn grouped(n: i64) -> String {
    let digits: Vec<char> = n.unsigned_abs().to_string().chars().rev().collect();
    let threes: Vec<String> = digits.chunks(3).map(|it| it.iter().collect()).collect();
    let text: String = threes.join(",").chars().rev().collect();
    if n < 0 { format!("-{text}") } else { text }
}

/// "1 event", "1,200 events".
pub fn many(n: i64, one: &str, more: &str) -> String {
    format!("{} {}", grouped(n), if n == 1 { one } else { more })
}

/// "3 of 10 people (30%)"; under five the counts alone.
pub fn shared((n, of): (i64, i64), what: &str) -> String {
    let counts = format!("{} of {} {what}", grouped(n), grouped(of));
    if of < 5 {
        return counts;
    }
    // Half a percent goes up.
    let percent = (n as f64 * 100.0 / of as f64 + 0.5).floor();
    format!("{counts} ({percent}%)")
}

/// A median as it is told: to the nearest whole, a half up.
pub fn whole(value: f64) -> i64 {
    (value + 0.5).floor() as i64
}

/// That what is claimed is what was counted.
pub fn same(claimed: &str, counted: impl std::fmt::Display) -> Held {
    let counted = counted.to_string();
    if claimed == counted {
        Ok(())
    } else {
        Err(format!("claims {claimed:?}, counted {counted:?}"))
    }
}

pub fn so(is_so: bool, what: &str) -> Held {
    if is_so { Ok(()) } else { Err(what.to_owned()) }
}

/// The names in a list, each with what stands beside it; how many more there are.
pub fn listed(text: &str) -> (Vec<(String, String)>, usize) {
    let (text, more) = match text.rsplit_once(" and ") {
        Some((text, more)) if more.ends_with(" more") && !more.contains('›') => (
            text,
            more.trim_end_matches(" more")
                .replace(',', "")
                .parse()
                .unwrap(),
        ),
        _ => (text, 0),
    };
    let mut names = Vec::new();
    for part in text.split('‹').skip(1) {
        let (name, beside) = part.split_once('›').expect("a name that ends");
        let beside = beside.trim().trim_end_matches(',');
        names.push((name.to_owned(), beside.to_owned()));
    }
    (names, more)
}

/// That a list names these groups and no others, as many as it may.
pub fn lists(text: &str, wanted: &[String], at_most: usize) -> Held {
    let (names, more) = listed(text);
    let named: Vec<&String> = names.iter().map(|(name, _)| name).collect();
    for name in &named {
        so(
            wanted.contains(name),
            &format!("{name} is named, of {wanted:?}"),
        )?;
    }
    same(&named.len().to_string(), wanted.len().min(at_most))?;
    same(&more.to_string(), wanted.len().saturating_sub(at_most))
}
