//! An explained figure, laid out: what it is, and its rows, those that are equal in one line.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::explain::Explanation;
use super::plain::clean;
use super::text::{Ink, Page, Style};
use super::words::number;
use crate::metrics::Part;

/// Lines of equal rows shown in a text; JSON has every row.
const SHOWN: usize = 40;
/// Persons named of those whose rows are equal.
const NAMED: usize = 3;

/// What is told of a figure, ready to be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Outline {
    /// The key.
    pub key: String,
    /// What it means.
    pub definition: String,
    /// Version of the definitions.
    pub definitions_version: u32,
    /// A.
    pub as_of: DateTime<Utc>,
    /// What it looks at, with its instants.
    pub window: Option<String>,
    /// The figure: "615 / 1,285 = 0.4786".
    pub figure: String,
    /// The same as it stands in the report.
    pub value: Value,
    /// What it is made of, as far as it is shown.
    pub lines: Vec<OutlineLine>,
    /// Rows that are not shown.
    pub more: usize,
}

/// Rows that are equal but for whom they are of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlineLine {
    /// What they add to the figure, or to its numerator; none: nothing is summed.
    pub adds: Option<i64>,
    /// What they add to the denominator.
    pub adds_to_denominator: Option<i64>,
    /// What they are: "2,013 people · events said yes to: 1".
    pub told: String,
}

/// Lays out an explanation, of whose rows at most so many lines are shown.
pub fn outline(explanation: &Explanation, most: usize) -> Outline {
    let all = alike(&explanation.rows);
    let lines = all.iter().take(most).map(|line| {
        let times = line.len() as i64;
        OutlineLine {
            adds: line[0].adds.map(|n| n * times),
            adds_to_denominator: line[0].adds_to_denominator.map(|n| n * times),
            told: part(line),
        }
    });
    let window = explanation.window.as_ref().map(|window| {
        let span = match (window.after, window.until) {
            (Some(after), Some(until)) => {
                format!(": after {}, up to {}", instant(after), instant(until))
            }
            (None, Some(until)) => format!(": up to {}", instant(until)),
            (Some(after), None) => format!(": after {}", instant(after)),
            (None, None) => String::new(),
        };
        format!("{}{span}", window.what)
    });
    Outline {
        key: explanation.key.clone(),
        definition: explanation.definition.clone(),
        definitions_version: explanation.definitions_version,
        as_of: explanation.as_of,
        window,
        figure: figure(explanation),
        value: explanation.value.clone(),
        lines: lines.collect(),
        more: all.iter().skip(most).map(Vec::len).sum(),
    }
}

/// The explanation for a terminal.
pub fn explanation_text(explanation: &Explanation, style: Style) -> String {
    let told = outline(explanation, SHOWN);
    let mut page = Page::new(style);
    let of = explanation
        .group
        .as_deref()
        .map_or_else(String::new, |urlname| format!(" of {}", clean(urlname)));
    page.line(Ink::Bold, &format!("{}{of}", clean(&told.key)));
    page.paragraph("  ", &told.definition);
    page.blank();
    page.paragraph("  As of   ", &instant(told.as_of));
    if let Some(window) = &told.window {
        page.paragraph("  Window  ", window);
    }
    page.paragraph("  Figure  ", &told.figure);
    rows(&mut page, &told);
    page.blank();
    page.line(
        Ink::Dim,
        &format!("Definitions version {}.", told.definitions_version),
    );
    page.text
}

fn rows(page: &mut Page, told: &Outline) {
    if told.lines.is_empty() {
        return;
    }
    page.blank();
    page.line(Ink::Plain, &format!("  {}", told.head()));
    for line in &told.lines {
        let adds = match (line.adds, line.adds_to_denominator) {
            (Some(n), Some(d)) => format!("{n:>5} /{d:>4}  "),
            (Some(n), None) => format!("{n:>5}  "),
            _ => "    ".to_owned(),
        };
        page.paragraph(&adds, &line.told);
    }
    if told.more > 0 {
        page.line(
            Ink::Dim,
            &format!("    and {} more", number(told.more as i64)),
        );
    }
}

impl Outline {
    /// What stands above its lines.
    pub fn head(&self) -> &'static str {
        let adds = self.lines.iter().any(|line| line.adds.is_some());
        let mut of = self.lines.iter().map(|line| line.adds_to_denominator);
        match (adds, of.any(|it| it.is_some())) {
            (true, true) => "Made of (what each line adds to numerator / denominator):",
            (true, false) => "Made of (what each line adds):",
            _ => "Made of:",
        }
    }
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
