//! What a figure means and what it is made of: one entry per key of the report, in words and in rows.
//!
//! Rows come from `schema/metrics/explain/`. An entry names the columns whose sums are the figure (or its
//! numerator and its denominator); a test holds those sums equal to the report on worlds drawn at random.

mod entry;
mod group_entries;
mod labels;
mod network_entries;

use std::fmt::Write as _;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::Row;
use serde::Serialize;

use super::local::{DAY, instant, month_text};
use super::settings::Settings;
use super::sql::sql;
use super::workbench::Workbench;
use entry::Rows;
pub use entry::{Entry, Scope, Window};
pub use labels::label;

/// One thing behind a figure. What it has none of is left out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize)]
pub struct Part {
    /// An instant, such as a start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<DateTime<Utc>>,
    /// A local date; of a month, its first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// A title, as Meetup sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Urlnames.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<String>,
    /// Whether it is a person.
    pub is_person: bool,
    /// Who; left out unless names are asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub member_id: Option<String>,
    /// Their name; likewise.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What else there is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it adds to the figure, or to its numerator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adds: Option<i64>,
    /// What it adds to the denominator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adds_to_denominator: Option<i64>,
}

/// A figure with what is behind it, but for its value, which is the report's.
#[derive(Debug)]
pub struct Explained {
    /// What it means.
    pub entry: &'static Entry,
    /// What it looks at, in words with instants or dates.
    pub window: Option<String>,
    /// Start of the window, exclusive.
    pub after: Option<DateTime<Utc>>,
    /// End of the window, inclusive.
    pub until: Option<DateTime<Utc>>,
    /// The rows.
    pub parts: Vec<Part>,
}

/// Every entry, in the order of the report.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    network_entries::TOP
        .iter()
        .chain(network_entries::NETWORK)
        .chain(group_entries::GROUP)
        .chain(group_entries::WHO)
}

/// The entry of a key: its own, or of what it is a part of.
pub fn entry(key: &str) -> Option<&'static Entry> {
    let covers = |entry: &&'static Entry| {
        key.strip_prefix(entry.key)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    entries().filter(covers).max_by_key(|entry| entry.key.len())
}

/// The key that was probably meant, or several of that name.
pub fn nearest(key: &str) -> Vec<&'static str> {
    let last = |key: &'static str| key.rsplit('.').next().unwrap_or(key);
    let same: Vec<&str> = entries()
        .map(|entry| entry.key)
        .filter(|known| last(known) == key.rsplit('.').next().unwrap_or(key))
        .collect();
    if !same.is_empty() {
        return same;
    }
    let alike = |known: &str| strsim::jaro_winkler(known, key);
    let mut known: Vec<(&str, f64)> = entries()
        .map(|entry| (entry.key, alike(entry.key).max(alike(last(entry.key)))))
        .filter(|(_, likeness)| *likeness >= 0.8)
        .collect();
    known.sort_by(|a, b| b.1.total_cmp(&a.1));
    known.into_iter().take(3).map(|(key, _)| key).collect()
}

/// What is behind a key, for one group or the whole.
pub(super) fn explain(
    bench: &Workbench<'_>,
    entry: &'static Entry,
    urlname: Option<&str>,
) -> rusqlite::Result<Explained> {
    let group = urlname.and_then(|urlname| {
        let mut groups = bench.groups.iter();
        groups.find(|group| group.urlname.eq_ignore_ascii_case(urlname))
    });
    let mut parts = Vec::new();
    if let Some(file) = entry.rows.file {
        let key = group.map(|group| group.key);
        bench.run_of(sql!("at_event.sql"), key)?;
        bench.run_of(sql!("tallies.sql"), key)?;
        bench.run(sql!("took_part.sql"))?;
        if key.is_none() {
            bench.run(sql!("network_event.sql"))?;
            bench.run(sql!("network_visit.sql"))?;
        }
        bench.each_of(file, key, |row| {
            parts.extend(part(row, entry.rows)?);
            Ok(())
        })?;
    }
    let (after, until) = instants(entry.window, bench.settings);
    let months = group.map(|group| {
        let local = group.local(bench.settings.as_of);
        super::local::month_number(local)
    });
    Ok(Explained {
        entry,
        window: told(entry.window, months),
        after,
        until,
        parts,
    })
}

fn part(row: &Row<'_>, rows: Rows) -> rusqlite::Result<Option<Part>> {
    let has = |name: &str| row.as_ref().column_index(name).is_ok();
    let count = |name: Option<&'static str>| name.map(|name| row.get::<_, i64>(name)).transpose();
    let text = |name: &str| -> rusqlite::Result<Option<String>> {
        if has(name) { row.get(name) } else { Ok(None) }
    };
    if count(rows.only)?.is_some_and(|of| of == 0) {
        return Ok(None);
    }
    let at: Option<i64> = if has("at") { row.get("at")? } else { None };
    let urlnames = text("urlname")?;
    Ok(Some(Part {
        at: at.map(instant),
        on: text("on_date")?.and_then(|on| on.parse().ok()),
        title: text("title")?,
        groups: urlnames
            .iter()
            .flat_map(|names| names.split(','))
            .map(str::to_owned)
            .collect(),
        is_person: has("member_id"),
        member_id: text("member_id")?,
        name: text("name")?,
        note: text("note")?,
        adds: count(rows.numerator)?,
        adds_to_denominator: count(rows.denominator)?,
    }))
}

fn instants(window: Window, settings: &Settings) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
    let a = settings.as_of;
    let ago = |days: i64| Some(instant(a.timestamp() - days * DAY));
    match window {
        Window::Days(days) => (ago(days), Some(a)),
        Window::YearBefore(days) => (ago(365 + days), ago(365)),
        Window::Between(from, to) => (ago(from), ago(to)),
        Window::Ever => (None, Some(a)),
        Window::ToCome => (Some(a), None),
        Window::None | Window::Months(_) | Window::Roster => (None, None),
    }
}

impl Window {
    /// What it looks at, in words; none: no span of time.
    pub fn in_words(self) -> Option<String> {
        told(self, None)
    }
}

fn told(window: Window, this_month: Option<i64>) -> Option<String> {
    let mut text = match window {
        Window::None => return None,
        Window::Days(days) => format!("the last {days} days"),
        Window::YearBefore(days) => format!("the {days} days up to a year before"),
        Window::Between(from, to) => format!("from {from} to {to} days before"),
        Window::Ever => "all time up to then".to_owned(),
        Window::Months(months) => format!("the {months} closed months before this one"),
        Window::ToCome => "what is to come".to_owned(),
        Window::Roster => "the roster as it is today".to_owned(),
    };
    if let (Window::Months(months), Some(this)) = (window, this_month) {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            ", {} to {}",
            month_text(this - months),
            month_text(this - 1)
        );
    }
    Some(text)
}
