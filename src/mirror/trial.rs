//! Rows to try the API's open questions on: the mirror knows which network, group or event of Meetup's tells
//! most.

use rusqlite::{Connection, OptionalExtension, params};

use super::Result;
use super::networks::NetworkKey;
use crate::community::{EventId, EventToken, GroupId};

/// An event of a network to ask about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrialEvent {
    /// Its key.
    pub token: EventToken,
    /// Its id.
    pub id: EventId,
    /// Its group.
    pub group: GroupId,
    /// When it starts.
    pub starts_at: i64,
}

/// Which events make a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trial {
    /// Any that was held.
    Held,
    /// Called off.
    Cancelled,
    /// With answers marked as attended, and nothing hidden.
    Attended,
    /// With the most answers.
    MostAnswered,
}

/// The latest such events of a network (or those with most answers), at most so many.
///
/// # Errors
///
/// If the database cannot be read.
pub fn trial_events(
    conn: &Connection,
    network: NetworkKey,
    which: Trial,
    at_most: usize,
) -> Result<Vec<TrialEvent>> {
    let (fits, order) = match which {
        Trial::Held => ("e.status = 'PAST'", "e.starts_at DESC"),
        Trial::Cancelled => (
            "e.status IN ('CANCELLED', 'CANCELLED_PERM')",
            "e.starts_at DESC",
        ),
        Trial::Attended => (
            "EXISTS (SELECT 1 FROM rsvp_row r WHERE r.event = e.key AND r.status = 2 AND r.gone_at IS NULL)",
            "e.starts_at DESC",
        ),
        Trial::MostAnswered => (
            "e.status = 'PAST'",
            "(SELECT count(*) FROM rsvp_row r WHERE r.event = e.key AND r.gone_at IS NULL) DESC",
        ),
    };
    conn.prepare(&format!(
        "SELECT e.token, e.id, g.id, e.starts_at FROM event_row e JOIN group_row g ON g.key = e.grp
         WHERE g.network = ?1 AND g.source = 'meetup' AND g.gone_at IS NULL
           AND e.source = 'meetup' AND e.gone_at IS NULL AND e.starts_at IS NOT NULL
           AND {fits}
         ORDER BY {order}, e.key LIMIT ?2"
    ))?
    .query_map(params![network.0, at_most as i64], |row| {
        Ok(TrialEvent {
            token: EventToken(row.get(0)?),
            id: EventId(row.get(1)?),
            group: GroupId(row.get(2)?),
            starts_at: row.get(3)?,
        })
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// Ids that events of sponsored groups had before their present one, with the events' keys, the
/// latest first.
///
/// # Errors
///
/// If the database cannot be read.
pub fn replaced_ids(conn: &Connection, at_most: usize) -> Result<Vec<(EventId, EventToken)>> {
    conn.prepare_cached(
        "SELECT i.id, e.token FROM event_id_row i JOIN event_row e ON e.key = i.event
           JOIN group_row g ON g.key = e.grp
         WHERE i.id <> e.id AND e.source = 'meetup' AND e.gone_at IS NULL AND g.gone_at IS NULL
           AND NOT EXISTS (SELECT 1 FROM event_row other WHERE other.id = i.id AND other.source = 'meetup')
         ORDER BY i.last_seen_at DESC, i.id LIMIT ?1",
    )?
    .query_map([at_most as i64], |row| {
        Ok((EventId(row.get(0)?), EventToken(row.get(1)?)))
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// The sponsored group with the most members here, and the one with the most events.
///
/// # Errors
///
/// If the database cannot be read.
pub fn largest_groups(conn: &Connection) -> Result<(Option<GroupId>, Option<GroupId>)> {
    let of = |rows: &str| {
        conn.query_row(
            &format!(
                "SELECT id FROM group_row g WHERE source = 'meetup' AND gone_at IS NULL
                 ORDER BY (SELECT count(*) FROM {rows} AND t.grp = g.key AND t.gone_at IS NULL) DESC, key
                 LIMIT 1"
            ),
            [],
            |row| Ok(GroupId(row.get(0)?)),
        )
        .optional()
    };
    Ok((
        of("membership_row t WHERE true")?,
        of("event_row t WHERE t.source = 'meetup'")?,
    ))
}
