//! A look before all of the past is read: the last 12 months, computed as if that were all.
//!
//! It is for a terminal alone, headed as what it is; nothing of it is sent, kept or told to programs.

use crate::{
    mirror::{self, MirrorError},
    report::message::{Line, Message, Section},
};
use chrono::{DateTime, TimeDelta, Utc};

/// What a first look goes back at least: the longest window of a digest.
const YEAR: TimeDelta = TimeDelta::days(365);
/// Longer ago than this it is no first look of 12 months.
const A_YEAR_OR_SO: TimeDelta = TimeDelta::days(396);

/// Up to when the past is unread of groups that a look as of then may tell of all the same; none: there
/// are none.
pub(crate) fn unread(
    conn: &rusqlite::Connection,
    as_of: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, MirrorError> {
    let unread = mirror::unread_before(conn, (as_of - YEAR).timestamp())?;
    Ok(unread.and_then(|at| DateTime::from_timestamp(at, 0)))
}

/// Heads a message as such a look.
pub(crate) fn head(message: &mut Message, unread: DateTime<Utc>, as_of: DateTime<Utc>) {
    let heading = match as_of - unread < A_YEAR_OR_SO {
        true => "first look: the last 12 months only".to_owned(),
        false => format!("first look: from {} on only", unread.format("%-d %B %Y")),
    };
    let title = std::mem::replace(&mut message.title, heading);
    let caveat = "What lies before is still being read. Until it is, the year before counts as nothing, whoever came for the first time may have come before, a group without events may have had some, and a rhythm rests on these months alone.";
    message.sections.insert(
        0,
        Section {
            heading: Some(title),
            lines: vec![Line::plain(caveat)],
            ..Section::default()
        },
    );
}
