//! How single values are kept: ids as integers where they are numbers, statuses as small codes.

use rusqlite::ToSql;
use rusqlite::types::{FromSql, FromSqlResult, ToSqlOutput, ValueRef};

use crate::community::RsvpStatus;

/// An upstream id as the database holds it. An integer takes a third of the room, but only a text
/// that the integer spells exactly may become one: "007" and "7" are two ids.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum UpstreamId {
    Number(i64),
    Text(Box<str>),
}

impl UpstreamId {
    pub(super) fn of(text: &str) -> Self {
        match text.parse::<i64>() {
            Ok(number) if is_canonical(text) => Self::Number(number),
            _ => Self::Text(text.into()),
        }
    }

    /// As Meetup writes it.
    pub(super) fn into_text(self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.into(),
        }
    }
}

/// Whether a text that parses as an `i64` is the one way to write that number.
fn is_canonical(text: &str) -> bool {
    matches!(
        text.as_bytes(),
        b"0" | [b'1'..=b'9', ..] | [b'-', b'1'..=b'9', ..]
    )
}

impl ToSql for UpstreamId {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Number(number) => (*number).into(),
            Self::Text(text) => text.as_ref().into(),
        })
    }
}

impl FromSql for UpstreamId {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        match value {
            ValueRef::Integer(number) => Ok(Self::Number(number)),
            other => Ok(Self::Text(other.as_str()?.into())),
        }
    }
}

/// An RSVP's status as the database holds it: the codes are listed in the schema.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct KeptStatus(pub(super) Option<RsvpStatus>);

/// The six statuses the server counts, by the code they are kept under.
pub(super) mod code {
    pub(in crate::mirror) const YES: i64 = 1;
    pub(in crate::mirror) const ATTENDED: i64 = 2;
    pub(in crate::mirror) const NO: i64 = 3;
    pub(in crate::mirror) const WAITLIST: i64 = 4;
    pub(in crate::mirror) const NO_SHOW: i64 = 5;
    pub(in crate::mirror) const ABSENT: i64 = 6;
}

/// A status's code; none for one that Meetup added since.
pub(super) fn status_code(status: &RsvpStatus) -> Option<i64> {
    Some(match status {
        RsvpStatus::Yes => code::YES,
        RsvpStatus::Attended => code::ATTENDED,
        RsvpStatus::No => code::NO,
        RsvpStatus::Waitlist => code::WAITLIST,
        RsvpStatus::NoShow => code::NO_SHOW,
        RsvpStatus::ExcusedAbsence => code::ABSENT,
        RsvpStatus::Maybe => 7,
        RsvpStatus::YesPendingPayment => 8,
        RsvpStatus::Havent => 9,
        RsvpStatus::Other(_) => return None,
    })
}

impl ToSql for KeptStatus {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match &self.0 {
            None => rusqlite::types::Null.into(),
            Some(status) => match status_code(status) {
                Some(code) => code.into(),
                None => status.as_str().into(),
            },
        })
    }
}

impl FromSql for KeptStatus {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        Ok(Self(match value {
            ValueRef::Null => None,
            ValueRef::Integer(code) => Some(match code {
                code::YES => RsvpStatus::Yes,
                code::ATTENDED => RsvpStatus::Attended,
                code::NO => RsvpStatus::No,
                code::WAITLIST => RsvpStatus::Waitlist,
                code::NO_SHOW => RsvpStatus::NoShow,
                code::ABSENT => RsvpStatus::ExcusedAbsence,
                7 => RsvpStatus::Maybe,
                8 => RsvpStatus::YesPendingPayment,
                9 => RsvpStatus::Havent,
                other => RsvpStatus::Other(other.to_string()),
            }),
            text => Some(RsvpStatus::Other(text.as_str()?.to_owned())),
        }))
    }
}

/// Converts `&Option<chrono instant>` to what the columns hold.
pub(super) fn seconds<Zone: chrono::TimeZone>(at: Option<&chrono::DateTime<Zone>>) -> Option<i64> {
    at.map(chrono::DateTime::timestamp)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn only_canonical_decimal_ids_become_integers() {
        for text in [
            "0",
            "7",
            "-7",
            "9223372036854775807",
            "-9223372036854775808",
        ] {
            assert_eq!(
                UpstreamId::of(text),
                UpstreamId::Number(text.parse().unwrap())
            );
            assert_eq!(UpstreamId::of(text).into_text(), text);
        }
        for text in [
            "",
            "007",
            "+7",
            "-0",
            "00",
            "-",
            " 7",
            "7 ",
            "7a",
            "9223372036854775808",
            "1e3",
            "٣",
        ] {
            assert_eq!(UpstreamId::of(text), UpstreamId::Text(text.into()));
            assert_eq!(UpstreamId::of(text).into_text(), text);
        }
    }
}
