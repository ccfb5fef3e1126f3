//! One figure, explained: what it means, what it looks at, and the rows it is made of.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;

use super::compose::{GroupReport, Report};
use crate::metrics::{Explained, Part, Scope};

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
