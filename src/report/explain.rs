//! One figure, explained: what it means, what it looks at, and the rows it is made of.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use serde_json::Value;

use super::compose::{GroupReport, Report};
use super::plain::clean;
use super::text::{Ink, Page, Style};
use super::words::number;
use crate::metrics::{Explained, Part, Scope};

/// Rows shown in a text; JSON has all.
const SHOWN: usize = 40;

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
            other => clean(&other.to_string()),
        },
    }
}

fn rows(page: &mut Page, explanation: &Explanation) {
    if explanation.rows.is_empty() {
        return;
    }
    page.blank();
    let total = explanation.rows.len();
    let adds = explanation.rows.iter().any(|row| row.adds.is_some());
    let of_two = explanation
        .rows
        .iter()
        .any(|row| row.adds_to_denominator.is_some());
    let head = match (adds, of_two) {
        (true, true) => "  Made of (what each adds to numerator / denominator):",
        (true, false) => "  Made of (what each adds):",
        _ => "  Made of:",
    };
    page.line(Ink::Plain, head);
    for row in explanation.rows.iter().take(SHOWN) {
        let adds = match (row.adds, row.adds_to_denominator) {
            (Some(n), Some(d)) => format!("{n:>5} /{d:>4}  "),
            (Some(n), None) => format!("{n:>5}  "),
            _ => "    ".to_owned(),
        };
        page.line(Ink::Plain, &format!("{adds}{}", part(row)));
    }
    if total > SHOWN {
        page.line(Ink::Dim, &format!("    and {} more", total - SHOWN));
    }
}

fn part(row: &Part) -> String {
    let mut parts: Vec<String> = Vec::new();
    if let Some(on) = row.on {
        parts.push(day(on));
    } else if let Some(at) = row.at {
        parts.push(at.format("%Y-%m-%d").to_string());
    }
    if row.is_person {
        parts.push(row.name.as_deref().map_or("somebody".to_owned(), clean));
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

fn day(date: NaiveDate) -> String {
    date.format("%Y-%m-%d").to_string()
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
