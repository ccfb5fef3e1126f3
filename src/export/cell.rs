//! What stands in a table: kinds of columns, and values of those kinds.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate};

use crate::mirror::Value;

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An id, as its source writes it.
    Id,
    /// The id of a person; where the registry of what is kept about people tells of it (`table.column`).
    Person(&'static str),
    /// The id of a person's answer, likewise.
    Answer(&'static str),
    /// Text.
    Text,
    /// Text that names people or that people wrote, likewise.
    Said(&'static str),
    /// A list, as JSON in a text.
    Json,
    /// A whole number.
    Integer,
    /// Any number.
    Double,
    /// True or false.
    Boolean,
    /// An instant.
    Instant,
    /// A date.
    Date,
    /// A date and a time on the clock of the place.
    Wall,
}

/// How a kind is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    Text,
    Integer,
    Double,
    Boolean,
    Instant,
    Date,
    Wall,
}

impl Kind {
    pub(super) fn written(self) -> Written {
        match self {
            Self::Id
            | Self::Person(_)
            | Self::Answer(_)
            | Self::Text
            | Self::Said(_)
            | Self::Json => Written::Text,
            Self::Integer => Written::Integer,
            Self::Double => Written::Double,
            Self::Boolean => Written::Boolean,
            Self::Instant => Written::Instant,
            Self::Date => Written::Date,
            Self::Wall => Written::Wall,
        }
    }

    /// Whether it is a number of ours or of Meetup's, which is never taken for a formula.
    pub(super) fn is_id(self) -> bool {
        matches!(self, Self::Id | Self::Person(_) | Self::Answer(_))
    }
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Null,
    Text(String),
    Integer(i64),
    Double(f64),
    Boolean(bool),
    /// Seconds since 1970, UTC.
    Instant(i64),
    Date(NaiveDate),
    /// Seconds since 1970, as if the clock of the place were UTC.
    Wall(i64),
}

const INSTANT: &str = "%Y-%m-%dT%H:%M:%SZ";
const WALL: &str = "%Y-%m-%dT%H:%M:%S";
const DATE: &str = "%Y-%m-%d";

impl Cell {
    /// A value of a view; none where it is none of that kind.
    pub(super) fn of(kind: Kind, value: Value<'_>) -> Option<Self> {
        Some(match (kind.written(), value) {
            (_, Value::Null) => Self::Null,
            (Written::Text, Value::Text(text)) => Self::Text(text.to_owned()),
            (Written::Text, Value::Integer(number)) => Self::Text(number.to_string()),
            (Written::Integer, Value::Integer(number)) => Self::Integer(number),
            (Written::Double, Value::Real(number)) => Self::Double(number),
            #[allow(clippy::cast_precision_loss)] // no count of ours comes near
            (Written::Double, Value::Integer(number)) => Self::Double(number as f64),
            (Written::Boolean, Value::Integer(number)) => Self::Boolean(number != 0),
            (Written::Instant, Value::Text(text)) => Self::Instant(seconds(text, "Z")?),
            (Written::Wall, Value::Text(text)) => Self::Wall(seconds(text, "")?),
            (Written::Date, Value::Text(text)) => Self::Date(text.parse().ok()?),
            _ => return None,
        })
    }

    /// A value of a document; none where it is none of that kind.
    pub(super) fn of_json(kind: Kind, value: &serde_json::Value) -> Option<Self> {
        use serde_json::Value as Json;
        Some(match (kind, kind.written(), value) {
            (_, _, Json::Null) => Self::Null,
            (_, Written::Text, Json::String(text)) => Self::Text(text.clone()),
            (_, Written::Text, list @ Json::Array(_)) => Self::Text(list.to_string()),
            (_, Written::Integer, number) => Self::Integer(number.as_i64()?),
            (_, Written::Double, number) => Self::Double(number.as_f64()?),
            (_, Written::Boolean, Json::Bool(is)) => Self::Boolean(*is),
            (_, Written::Instant, Json::String(text)) => {
                Self::Instant(DateTime::parse_from_rfc3339(text).ok()?.timestamp())
            }
            (_, Written::Wall, Json::String(text)) => Self::Wall(seconds(text, "")?),
            (_, Written::Date, Json::String(text)) => Self::Date(text.parse().ok()?),
            _ => return None,
        })
    }

    /// As CSV and JSON write it, where it is text to them.
    pub(super) fn text(&self) -> Option<String> {
        let at = |seconds: i64| DateTime::from_timestamp(seconds, 0).map(|it| it.naive_utc());
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Instant(seconds) => at(*seconds).map(|it| it.format(INSTANT).to_string()),
            Self::Wall(seconds) => at(*seconds).map(|it| it.format(WALL).to_string()),
            Self::Date(date) => Some(date.format(DATE).to_string()),
            _ => None,
        }
    }

    fn place(&self) -> u8 {
        match self {
            Self::Null => 0,
            Self::Boolean(_) => 1,
            Self::Integer(_) => 2,
            Self::Double(_) => 3,
            Self::Date(_) => 4,
            Self::Instant(_) => 5,
            Self::Wall(_) => 6,
            Self::Text(_) => 7,
        }
    }

    /// In which order rows stand.
    pub(super) fn order(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Text(one), Self::Text(other)) => one.cmp(other),
            (Self::Integer(one), Self::Integer(other))
            | (Self::Instant(one), Self::Instant(other))
            | (Self::Wall(one), Self::Wall(other)) => one.cmp(other),
            (Self::Double(one), Self::Double(other)) => one.total_cmp(other),
            (Self::Boolean(one), Self::Boolean(other)) => one.cmp(other),
            (Self::Date(one), Self::Date(other)) => one.cmp(other),
            (one, other) => one.place().cmp(&other.place()),
        }
    }
}

/// Bytes of `2026-08-31T18:30:00`.
const LAID_OUT: usize = 19;

/// Of a text as the views write it. There are many, so it is not read by a format.
fn seconds(text: &str, ends: &str) -> Option<i64> {
    let text = text.strip_suffix(ends)?;
    let number = |from: usize, to: usize| text.get(from..to)?.parse().ok();
    let signs = [(4, b'-'), (7, b'-'), (10, b'T'), (13, b':'), (16, b':')];
    let is_laid_out = signs
        .iter()
        .all(|(at, sign)| text.as_bytes().get(*at) == Some(sign));
    if text.len() != LAID_OUT || !is_laid_out {
        return None;
    }
    let year = text.get(..4)?.parse().ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(5, 7)?, number(8, 10)?)?;
    let at = date.and_hms_opt(number(11, 13)?, number(14, 16)?, number(17, 19)?)?;
    Some(at.and_utc().timestamp())
}
