//! What is remembered of answers that could be read only in part, or that were null.

use std::collections::HashMap;

use rusqlite::{Connection, OptionalExtension, params};

use super::keys::{EventKey, GroupKey};
use super::values::UpstreamId;
use super::{Result, Writing};
use crate::community::{EventToken, Member, MemberId, RsvpId};

/// How long a group's events are asked one by one before they are asked together again, in seconds.
const SPLIT_FOR: i64 = 6 * 3_600;

/// Whose the RSVPs of an event are, gone ones included.
///
/// # Errors
///
/// If the database cannot be read.
pub fn rsvp_people(conn: &Connection, event: EventKey) -> Result<HashMap<RsvpId, Member>> {
    conn.prepare_cached(
        "SELECT r.id, m.id, m.name FROM rsvp_row r JOIN member_row m ON m.key = r.member WHERE r.event = ?1",
    )?
    .query_map([event.0], |row| {
        let member = Member {
            id: MemberId(row.get::<_, UpstreamId>(1)?.into_text()),
            name: row.get(2)?,
        };
        Ok((RsvpId(row.get::<_, UpstreamId>(0)?.into_text()), member))
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// The title of an event, where it is known.
///
/// # Errors
///
/// If the database cannot be read.
pub fn event_title(conn: &Connection, token: &EventToken) -> Result<Option<String>> {
    Ok(conn
        .prepare_cached("SELECT title FROM event_row WHERE token = ?1 AND source = 'meetup'")?
        .query_row([token.as_str()], |row| row.get(0))
        .optional()?)
}

impl Writing<'_> {
    /// Notes that one of a group's events cannot be read: for six hours they are asked one by one.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn split_group(&self, group: GroupKey) -> Result<()> {
        self.prepare_cached(
            "UPDATE group_row SET split_until = ?2 WHERE key = ?1 AND coalesce(split_until, 0) <= ?3",
        )?
        .execute(params![group.0, self.now + SPLIT_FOR, self.now])?;
        Ok(())
    }

    /// Notes that all of a group's events could be read.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn unsplit_group(&self, group: GroupKey) -> Result<()> {
        self.prepare_cached(
            "UPDATE group_row SET split_until = NULL WHERE key = ?1 AND split_until IS NOT NULL",
        )?
        .execute([group.0])?;
        Ok(())
    }

    /// Notes that Meetup answers null for a group asked for by itself; true when an earlier pass found so
    /// too, and none since then saw it.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn group_is_null(&self, group: GroupKey) -> Result<bool> {
        let (since, pass): (Option<i64>, i64) = self
            .prepare_cached(
                "SELECT null_since, (SELECT coalesce(max(id), 0) FROM pass_row) FROM group_row WHERE key = ?1",
            )?
            .query_row([group.0], |row| Ok((row.get(0)?, row.get(1)?)))?;
        if since.is_none() {
            self.prepare_cached("UPDATE group_row SET null_since = ?2 WHERE key = ?1")?
                .execute([group.0, pass])?;
        }
        Ok(since.is_some_and(|since| since < pass))
    }

    /// Notes that Meetup shows a group.
    pub(super) fn group_is_shown(&self, group: i64) -> Result<()> {
        self.prepare_cached(
            "UPDATE group_row SET null_since = NULL WHERE key = ?1 AND null_since IS NOT NULL",
        )?
        .execute([group])?;
        Ok(())
    }

    /// Leaves an event's RSVPs due for another full walk, as far as this one came.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn rewalk(&self, event: EventKey) -> Result<()> {
        self.prepare_cached("UPDATE event_row SET sign = NULL, is_settled = 0 WHERE key = ?1")?
            .execute([event.0])?;
        Ok(())
    }
}
