//! What alerts remember: a row for each state of each group, kept in the transaction that files what
//! is told of it.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, params};

use super::outbox::DeliveryState;
use super::{Result, Writing};
use crate::community::{Alert, GroupId};

/// Every state remembered, by key.
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
    conn.prepare_cached(&format!(
        "SELECT a.key, a.kind, g.id, a.state, a.since, a.told_at
         FROM alert_row a LEFT JOIN group_row g ON g.key = a.grp {which} ORDER BY a.key"
    ))?
    .query_map([], |row| {
        let instant = |at| DateTime::<Utc>::from_timestamp(at, 0).unwrap_or_default();
        Ok(Alert {
            key: row.get(0)?,
            kind: row.get(1)?,
            group: row.get::<_, Option<String>>(2)?.map(GroupId),
            state: row.get(3)?,
            since: instant(row.get(4)?),
            told_at: row.get::<_, Option<i64>>(5)?.map(instant),
        })
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// Whether some group's history is complete, and no state of that kind says which history was looked
/// at. Groups that cannot be read are left out: they are looked at when they can.
///
/// # Errors
///
/// If the database cannot be read.
pub fn has_unlooked(conn: &Connection, kind: &str) -> Result<bool> {
    Ok(conn
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM group_row g
               WHERE g.source = 'meetup' AND g.gone_at IS NULL AND g.history_complete AND g.backfill_planned_at IS NOT NULL AND g.failures = 0
                 AND NOT EXISTS (SELECT 1 FROM alert_row a
                   WHERE a.key = ?1 || ' ' || g.id AND a.state = CAST(g.backfill_planned_at AS TEXT)))",
        )?
        .query_row([kind], |row| row.get(0))?)
}

/// How many messages to each channel were given up and not tried again.
///
/// # Errors
///
/// If the database cannot be read.
pub fn given_up(conn: &Connection) -> Result<Vec<(String, i64)>> {
    conn.prepare_cached(
        "SELECT channel, count(*) FROM delivery_row WHERE state = ?1 GROUP BY channel ORDER BY channel",
    )?
    .query_map([DeliveryState::Dead], |row| {
        Ok((row.get(0)?, row.get(1)?))
    })?
    .map(|row| Ok(row?))
    .collect()
}

impl Writing<'_> {
    /// Remembers a state, in place of what was remembered under its key.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn remember_alert(&self, alert: &Alert) -> Result<()> {
        self.prepare_cached(
            "INSERT INTO alert_row (key, kind, grp, state, since, told_at)
             VALUES (?1, ?2,
               -- an alert names its group by id alone; where two sources share one, it is Meetup's
               (SELECT key FROM group_row WHERE id = ?3 ORDER BY source <> 'meetup' LIMIT 1), ?4, ?5, ?6)
             ON CONFLICT DO UPDATE SET kind = excluded.kind, grp = excluded.grp, state = excluded.state,
               since = excluded.since, told_at = excluded.told_at",
        )?
        .execute(params![
            alert.key,
            alert.kind,
            alert.group.as_ref().map(GroupId::as_str),
            alert.state,
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
    pub fn forget_alert(&self, key: &str) -> Result<()> {
        self.prepare_cached("DELETE FROM alert_row WHERE key = ?1")?
            .execute([key])?;
        Ok(())
    }
}
