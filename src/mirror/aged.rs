//! Whom nobody has seen for long: in no group now, and the last answer, hosting and end of a membership are older than an instant.
//!
//! An answer counts by when it was given, and by its event's start where Meetup does not say. Whoever is found is
//! forgotten until something of theirs is newer (`members.rs`).

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::values::UpstreamId;
use super::{Erasure, Mirror, Result};
use crate::community::MemberId;

/// Who is in a group, or runs a network, is of now.
const NOW: i64 = i64::MAX;

/// What was last of each person, each row a person and an instant; none: they are of now.
const LAST: [&str; 5] = [
    "SELECT r.member, coalesce(r.updated_at, e.starts_at, 0) FROM rsvp_row r JOIN event_row e ON e.key = r.event",
    "SELECT h.member, coalesce(e.starts_at, 0) FROM host_row h JOIN event_row e ON e.key = h.event",
    "SELECT m.member, coalesce(m.gone_at, g.gone_at) FROM membership_row m JOIN group_row g ON g.key = m.grp",
    "SELECT organizer, gone_at FROM group_row WHERE organizer IS NOT NULL",
    "SELECT primary_admin, NULL FROM network_row WHERE primary_admin IS NOT NULL",
];

/// Everybody of whom nothing is as new as that.
///
/// # Errors
///
/// If the database cannot be read.
fn unseen_since(conn: &Connection, since: i64) -> Result<Vec<MemberId>> {
    let mut last: HashMap<i64, i64> = HashMap::new();
    for sql in LAST {
        let mut all = conn.prepare(sql)?;
        let mut rows = all.query([])?;
        while let Some(row) = rows.next()? {
            let at = row.get::<_, Option<i64>>(1)?.unwrap_or(NOW);
            let known = last.entry(row.get(0)?).or_insert(at);
            *known = at.max(*known);
        }
    }
    let mut all = conn.prepare("SELECT key, id FROM member_row ORDER BY key")?;
    let mut rows = all.query([])?;
    let mut unseen = Vec::new();
    while let Some(row) = rows.next()? {
        let id = MemberId(row.get::<_, UpstreamId>(1)?.into_text());
        let at = last.get(&row.get(0)?).copied().unwrap_or(0);
        if at < since && !id.is_forgotten() {
            unseen.push(id);
        }
    }
    Ok(unseen)
}

impl Mirror {
    /// Forgets everybody of whom nothing is as new as that, until something is.
    ///
    /// # Errors
    ///
    /// If the database cannot be read or written.
    pub fn forget_unseen(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> Result<Erasure> {
        let since = since.timestamp();
        let unseen = self.read(|conn| unseen_since(conn, since))?;
        if unseen.is_empty() {
            return Ok(Erasure::default());
        }
        self.write(now, |w| w.forget(&unseen, Some(since)))
    }
}
