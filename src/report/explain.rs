//! One figure, explained: what it means, what it looks at, and the rows it is made of.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use super::compose::{GroupReport, Report};
use super::plain::clean;
use super::text::{Ink, Page, Style};
use super::words::number;
use crate::metrics::{Explained, Part, Scope};

/// Lines of equal rows shown in a text; JSON has every row.
const SHOWN: usize = 40;
/// Persons named of those whose rows are equal.
const NAMED: usize = 3;

/// An explained figure as plain data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Explanation {
    /// The key asked for.
    pub key: String,
    /// The group's urlname, if it is a group's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// What it means.
    pub definition: String,
    /// Version of the definitions.
    pub definitions_version: u32,
    /// A.
    pub as_of: DateTime<Utc>,
    /// What it looks at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub window: Option<Span>,
    /// The figure, as in the report.
    pub value: Value,
    /// Of a rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<i64>,
    /// Of a rate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<i64>,
    /// The rows behind it.
    pub rows: Vec<Part>,
}

/// A window with its instants, from after the first up to and including the second.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // as said
pub struct Span {
    pub what: String,
    pub after: Option<DateTime<Utc>>,
    pub until: Option<DateTime<Utc>>,
}

/// Puts a key's value beside what is behind it. None where the report has no such key: what is asked for
/// is a part of a key that it does not have.
pub fn explain(
    report: &Report,
    group: Option<&GroupReport>,
    key: &str,
    explained: Explained,
    with_names: bool,
) -> Option<Explanation> {
    let document = match (explained.entry.scope, group) {
        (Scope::Group, Some(group)) => serde_json::to_value(group),
        _ => serde_json::to_value(report),
    };
    let value = look_up(&document.unwrap_or(Value::Null), explained.entry.key, key)?;
    let count = |name: &str| value.get(name).and_then(Value::as_i64);
    let (numerator, denominator) = (count("numerator"), count("denominator"));
    let mut rows = explained.parts;
    // What is unknown is not made of rows.
    rows.retain(|row| row.adds.is_none() || !value.is_null());
    if !with_names {
        for row in &mut rows {
            row.member_id = None;
            row.name = None;
        }
    }
    Some(Explanation {
        key: key.to_owned(),
        group: group
            .filter(|_| explained.entry.scope == Scope::Group)
            .map(|group| group.figures.urlname.clone()),
        definition: explained.entry.words.to_owned(),
        definitions_version: report.definitions_version,
        as_of: report.as_of,
        window: explained.window.map(|what| Span {
            what,
            after: explained.after,
            until: explained.until,
        }),
        value,
        numerator,
        denominator,
        rows,
    })
}

/// The value of a key. A part of what is null, or absent because nobody asked for it, is null.
fn look_up(document: &Value, known: &str, key: &str) -> Option<Value> {
    let mut value = document;
    for (index, part) in key.split('.').enumerate() {
        match value {
            Value::Object(map) => match map.get(part) {
                Some(next) => value = next,
                // Only lists of persons are ever absent.
                None if index == 0 && known == "people" => return Some(Value::Null),
                None => return None,
            },
            Value::Null => return Some(Value::Null),
            // A part of each entry of a list is told with the list.
            Value::Array(_) => return Some(value.clone()),
            _ => return None,
        }
    }
    Some(value.clone())
}

/// The explanation for a terminal.
pub fn explanation_text(explanation: &Explanation, style: Style) -> String {
    let mut page = Page::new(style);
    let of = explanation
        .group
        .as_deref()
        .map_or_else(String::new, |urlname| format!(" of {}", clean(urlname)));
    page.line(Ink::Bold, &format!("{}{of}", clean(&explanation.key)));
    page.paragraph("  ", &explanation.definition);
    page.blank();
    page.paragraph("  As of   ", &instant(explanation.as_of));
    if let Some(window) = &explanation.window {
        let span = match (window.after, window.until) {
            (Some(after), Some(until)) => {
                format!(": after {}, up to {}", instant(after), instant(until))
            }
            (None, Some(until)) => format!(": up to {}", instant(until)),
            (Some(after), None) => format!(": after {}", instant(after)),
            (None, None) => String::new(),
        };
        page.paragraph("  Window  ", &format!("{}{span}", window.what));
    }
    page.paragraph("  Figure  ", &figure(explanation));
    rows(&mut page, explanation);
    page.blank();
    page.line(
        Ink::Dim,
        &format!("Definitions version {}.", explanation.definitions_version),
    );
    page.text
}

fn figure(explanation: &Explanation) -> String {
    match (explanation.numerator, explanation.denominator) {
        (Some(numerator), Some(denominator)) => {
            let value = explanation.value.get("value").and_then(Value::as_f64);
            let value = value.map_or("nothing to divide by".to_owned(), |value| {
                format!("{value:.4}")
            });
            format!("{} / {} = {value}", number(numerator), number(denominator))
        }
        _ => match &explanation.value {
            Value::Null => "null: unknown, or none".to_owned(),
            Value::String(text) => clean(text),
            Value::Array(entries) if entries.iter().any(Value::is_object) => {
                format!("{} in the report's JSON", number(entries.len() as i64))
            }
            other => written(other),
        },
    }
}

/// A value with blanks to break it at.
fn written(value: &Value) -> String {
    match value {
        Value::Object(parts) => {
            let parts = parts.iter();
            let parts: Vec<String> = parts
                .map(|(key, value)| format!("{}: {}", clean(key), written(value)))
                .collect();
            format!("{{{}}}", parts.join(", "))
        }
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().map(written).collect();
            format!("[{}]", parts.join(", "))
        }
        Value::String(text) => clean(text),
        other => other.to_string(),
    }
}

/// Rows that are equal but for who they are of, in the place of the first.
fn alike(rows: &[Part]) -> Vec<Vec<&Part>> {
    let mut places: HashMap<Part, usize> = HashMap::new();
    let mut lines: Vec<Vec<&Part>> = Vec::new();
    for row in rows {
        let bare = Part {
            member_id: None,
            name: None,
            ..row.clone()
        };
        let place = *places.entry(bare).or_insert(lines.len());
        match lines.get_mut(place) {
            Some(line) => line.push(row),
            None => lines.push(vec![row]),
        }
    }
    lines
}

fn rows(page: &mut Page, explanation: &Explanation) {
    if explanation.rows.is_empty() {
        return;
    }
    page.blank();
    let adds = explanation.rows.iter().any(|row| row.adds.is_some());
    let of_two = explanation
        .rows
        .iter()
        .any(|row| row.adds_to_denominator.is_some());
    let head = match (adds, of_two) {
        (true, true) => "  Made of (what each line adds to numerator / denominator):",
        (true, false) => "  Made of (what each line adds):",
        _ => "  Made of:",
    };
    page.line(Ink::Plain, head);
    let lines = alike(&explanation.rows);
    for line in lines.iter().take(SHOWN) {
        let row = line[0];
        let times = line.len() as i64;
        let adds = match (row.adds, row.adds_to_denominator) {
            (Some(n), Some(d)) => format!("{:>5} /{:>4}  ", n * times, d * times),
            (Some(n), None) => format!("{:>5}  ", n * times),
            _ => "    ".to_owned(),
        };
        page.paragraph(&adds, &part(line));
    }
    let more: usize = lines.iter().skip(SHOWN).map(Vec::len).sum();
    if more > 0 {
        page.line(Ink::Dim, &format!("    and {} more", number(more as i64)));
    }
}

/// One row, or several that are equal: "2,013 people · events said yes to: 1".
fn part(line: &[&Part]) -> String {
    let row = line[0];
    let mut parts: Vec<String> = Vec::new();
    if let Some(on) = row.on {
        parts.push(day(on));
    } else if let Some(at) = row.at {
        parts.push(at.format("%Y-%m-%d").to_string());
    }
    if row.is_person {
        parts.push(people(line));
    } else if line.len() > 1 {
        parts.push(format!("{} alike", number(line.len() as i64)));
    }
    parts.extend(row.title.as_deref().map(clean));
    if !row.groups.is_empty() {
        parts.push(clean(&row.groups.join(", ")));
    }
    parts.extend(
        row.note
            .as_deref()
            .map(clean)
            .filter(|note| !note.is_empty()),
    );
    parts.join(" · ")
}

/// "somebody", "Ana", "3 people", "12 people (Ana, Ben, Caro and 9 more)".
fn people(line: &[&Part]) -> String {
    let names = line.iter().filter_map(|row| row.name.as_deref());
    let names: Vec<String> = names.map(clean).filter(|name| !name.is_empty()).collect();
    let named = names[..names.len().min(NAMED)].join(", ");
    match (line.len(), named.is_empty()) {
        (1, true) => "somebody".to_owned(),
        (1, false) => named,
        (n, true) => format!("{} people", number(n as i64)),
        (n, false) if n == names.len() && n <= NAMED => format!("{n} people ({named})"),
        (n, false) => {
            let more = n - names.len().min(NAMED);
            let (n, more) = (number(n as i64), number(more as i64));
            format!("{n} people ({named} and {more} more)")
        }
    }
}

fn day(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
