//! What alerts remember: a row for each state of each group, kept in the transaction that files what
//! is told of it.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, params};

use super::{Result, Writing};
use crate::community::{Alert, AlertKey, AlertKind, AlertStep, GroupId, TroubleKind};

/// The kind under which it is kept which history of a group was looked at.
const HISTORY: &str = "read";
/// The parts of a group's standing that are not its status.
const TIE: &str = "tie";
const GONE: &str = "gone";

/// Every state remembered. One that only a later version knows is left alone.
///
/// # Errors
///
/// If the database cannot be read.
pub fn alerts(conn: &Connection) -> Result<Vec<Alert>> {
    remembered(conn, "")
}

/// The states that are about no group: the daemon's own trouble.
///
/// # Errors
///
/// If the database cannot be read.
pub fn troubles(conn: &Connection) -> Result<Vec<Alert>> {
    remembered(conn, "WHERE a.grp IS NULL")
}

fn remembered(conn: &Connection, which: &str) -> Result<Vec<Alert>> {
    let mut statement = conn.prepare_cached(&format!(
        "SELECT a.kind, a.part, g.id, a.about, a.step, a.rising, a.since, a.told_at
         FROM alert_row a LEFT JOIN group_row g ON g.key = a.grp {which} ORDER BY g.id, a.kind, a.part, a.about"
    ))?;
    let mut rows = statement.query([])?;
    let mut alerts = Vec::new();
    while let Some(row) = rows.next()? {
        alerts.extend(alert(row)?);
    }
    Ok(alerts)
}

fn alert(row: &Row<'_>) -> rusqlite::Result<Option<Alert>> {
    let instant = |at| DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
    let word = |at| row.get::<_, Option<String>>(at);
    let group = word(2)?.map(GroupId);
    let key = key(
        &row.get::<_, String>(0)?,
        word(1)?.as_deref(),
        group,
        word(3)?,
    );
    let step = AlertStep::parse(&row.get::<_, String>(4)?);
    let shown = word(5)?;
    let rising = shown.as_deref().and_then(AlertStep::parse);
    let (Some(key), Some(step), true) = (key, step, rising.is_some() == shown.is_some()) else {
        return Ok(None);
    };
    Ok(Some(Alert {
        key,
        step,
        rising,
        since: instant(row.get(6)?),
        told_at: row.get::<_, Option<i64>>(7)?.map(instant),
    }))
}

/// The key that the columns kind, part, group and about hold.
fn key(
    kind: &str,
    part: Option<&str>,
    group: Option<GroupId>,
    about: Option<String>,
) -> Option<AlertKey> {
    let Some(group) = group else {
        return TroubleKind::parse(kind).map(|kind| AlertKey::Trouble(kind, about));
    };
    if kind == HISTORY {
        return Some(AlertKey::History(group));
    }
    match (AlertKind::parse(kind)?, part, about) {
        (AlertKind::MeetupStatus, Some(TIE), None) => Some(AlertKey::Tie(group)),
        (AlertKind::MeetupStatus, Some(GONE), None) => Some(AlertKey::Gone(group)),
        (AlertKind::CancelledSoon, None, Some(token)) => Some(AlertKey::Event(group, token.into())),
        (kind, None, None) => Some(AlertKey::Group(kind, group)),
        _ => None,
    }
}

/// What the columns kind, part and about hold of a key.
fn columns(key: &AlertKey) -> (&str, Option<&str>, Option<&str>) {
    match key {
        AlertKey::History(_) => (HISTORY, None, None),
        AlertKey::Group(kind, _) => (kind.as_str(), None, None),
        AlertKey::Tie(_) => (AlertKind::MeetupStatus.as_str(), Some(TIE), None),
        AlertKey::Gone(_) => (AlertKind::MeetupStatus.as_str(), Some(GONE), None),
        AlertKey::Event(_, token) => (
            AlertKind::CancelledSoon.as_str(),
            None,
            Some(token.as_str()),
        ),
        AlertKey::Trouble(kind, about) => (kind.as_str(), None, about.as_deref()),
    }
}

/// The groups, by `group_row.key`, whose history is complete while nothing says that they were looked at. Those that
/// cannot be read are left out: they are looked at when they can.
///
/// # Errors
///
/// If the database cannot be read.
pub fn unlooked(conn: &Connection) -> Result<BTreeSet<i64>> {
    Ok(conn
        .prepare_cached(
            "SELECT g.key FROM group_row g
               WHERE g.source = 'meetup' AND g.gone_at IS NULL AND g.history_complete AND g.backfill_planned_at IS NOT NULL AND g.failures = 0
                 AND NOT EXISTS (SELECT 1 FROM alert_row a
                   WHERE a.kind = ?1 AND a.grp = g.key AND a.since = g.backfill_planned_at)",
        )?
        .query_map([HISTORY], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?)
}

impl Writing<'_> {
    /// Remembers a state, in place of what was remembered under its key.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn remember_alert(&self, alert: &Alert) -> Result<()> {
        let (kind, part, about) = columns(&alert.key);
        self.prepare_cached(
            "INSERT INTO alert_row (kind, part, grp, about, step, rising, since, told_at)
             VALUES (?1, ?2,
               -- an alert names its group by id alone; where two sources share one, it is Meetup's
               (SELECT key FROM group_row WHERE id = ?3 ORDER BY source <> 'meetup' LIMIT 1), ?4, ?5, ?6, ?7, ?8)
             ON CONFLICT DO UPDATE SET step = excluded.step, rising = excluded.rising,
               since = excluded.since, told_at = excluded.told_at",
        )?
        .execute(params![
            kind,
            part,
            alert.key.group().map(GroupId::as_str),
            about,
            alert.step.as_str(),
            alert.rising.map(AlertStep::as_str),
            alert.since.timestamp(),
            alert.told_at.map(|at| at.timestamp()),
        ])?;
        Ok(())
    }

    /// Forgets a state.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn forget_alert(&self, key: &AlertKey) -> Result<()> {
        let (kind, part, about) = columns(key);
        self.prepare_cached(
            "DELETE FROM alert_row WHERE kind = ?1 AND part IS ?2 AND about IS ?4
               AND grp IS (SELECT key FROM group_row WHERE id = ?3 ORDER BY source <> 'meetup' LIMIT 1)",
        )?
        .execute(params![kind, part, key.group().map(GroupId::as_str), about])?;
        Ok(())
    }
}
