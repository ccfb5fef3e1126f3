//! What digests told, in rows: read back by the digests after them. No person is in it.
//!
//! A year is kept, which is more than any digest looks back, and of each channel the last few however old
//! they are: a channel that was silent for long is still told what changed since.

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, named_params, params};

use super::{Result, Writing};
use crate::community::{Before, Cause, GroupBefore, Named, NetworkBefore, Status, Telling};

/// Earlier reports read back at most: more would be those of a channel told every few seconds.
const MOST: i64 = 40;
/// The same of all other channels together.
const MOST_ELSEWHERE: i64 = 1000;
/// What was told is kept for so many seconds: 53 weeks.
const KEPT: i64 = 53 * 7 * 86_400;
/// And the last so many that a channel was told.
const LAST: i64 = 8;

/// What a channel was told of earlier instants, the latest first: since an instant, or the last where that
/// is older. The latest has its groups, the others only whom they asked to write to. A report that somebody
/// asked for counts from half a day on, so that a trial does not stand for the digest after it; one that
/// never arrived, or was dropped, does not count.
///
/// # Errors
///
/// If the database cannot be read.
pub fn told_before(
    conn: &Connection,
    channel: &str,
    before: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<Vec<Before>> {
    let told = conn
        .prepare_cached(
            "SELECT r.id, r.as_of, t.definitions_version, t.groups_met_30, t.groups_met_365, t.events_365,
                    t.people_365, t.first_timers_90
             FROM delivery_row d JOIN report_row r ON r.id = d.report JOIN told_row t ON t.report = r.id
             WHERE d.channel = ?1 AND d.state NOT IN ('dead', 'dropped')
               AND ((d.kind = 'digest' AND r.as_of < ?2) OR (d.kind = 'manual' AND r.as_of <= ?2 - 43200))
             ORDER BY r.as_of DESC, r.id DESC LIMIT ?3",
        )?
        .query_map(params![channel, before.timestamp(), MOST], headline)?
        .collect::<rusqlite::Result<Vec<(i64, Before)>>>()?;
    let mut read: Vec<Before> = Vec::new();
    for (report, mut before) in told {
        if read.is_empty() {
            before.groups = groups(conn, report)?;
        } else if before.as_of < since {
            break;
        }
        before.please_write_to = named(conn, report)?;
        read.push(before);
    }
    Ok(read)
}

/// Whom the digests of other channels than this one asked their readers to write to, since an instant and
/// before another, the latest first; of no channel in particular: those of all. What counts as told is as
/// for [`told_before`].
///
/// # Errors
///
/// If the database cannot be read.
pub fn told_elsewhere(
    conn: &Connection,
    channel: Option<&str>,
    before: DateTime<Utc>,
    since: DateTime<Utc>,
) -> Result<Vec<Telling>> {
    let told = conn
        .prepare_cached(
            "SELECT DISTINCT r.id, r.as_of
             FROM delivery_row d JOIN report_row r ON r.id = d.report JOIN told_row t ON t.report = r.id
             WHERE (?1 IS NULL OR d.channel <> ?1) AND d.state NOT IN ('dead', 'dropped') AND r.as_of >= ?3
               AND ((d.kind = 'digest' AND r.as_of < ?2) OR (d.kind = 'manual' AND r.as_of <= ?2 - 43200))
             ORDER BY r.as_of DESC, r.id DESC LIMIT ?4",
        )?
        .query_map(
            params![channel, before.timestamp(), since.timestamp(), MOST_ELSEWHERE],
            |row| Ok((row.get(0)?, row.get(1)?)),
        )?
        .collect::<rusqlite::Result<Vec<(i64, i64)>>>()?;
    told.into_iter()
        .map(|(report, as_of)| {
            Ok(Telling {
                as_of: DateTime::from_timestamp(as_of, 0).unwrap_or_default(),
                please_write_to: named(conn, report)?,
            })
        })
        .collect()
}

fn headline(row: &Row<'_>) -> rusqlite::Result<(i64, Before)> {
    let before = Before {
        as_of: DateTime::from_timestamp(row.get(1)?, 0).unwrap_or_default(),
        definitions_version: row.get(2)?,
        please_write_to: Vec::new(),
        network: NetworkBefore {
            groups_met_30: row.get(3)?,
            groups_met_365: row.get(4)?,
            events_365: row.get(5)?,
            people_365: row.get(6)?,
            first_timers_90: row.get(7)?,
        },
        groups: Vec::new(),
    };
    Ok((row.get(0)?, before))
}

fn groups(conn: &Connection, report: i64) -> Result<Vec<GroupBefore>> {
    conn.prepare_cached(
        "SELECT g.id, t.history_complete, t.status, l.token, n.token, t.streak_months, t.events_365, t.yes_365, t.people_365, t.attendance_taken, t.new_hosts_365
         FROM told_group_row t JOIN group_row g ON g.key = t.grp
           LEFT JOIN event_row l ON l.key = t.last_event LEFT JOIN event_row n ON n.key = t.next_event
         WHERE t.report = ?1 ORDER BY g.urlname, g.key",
    )?
    .query_map([report], |row| {
        Ok(GroupBefore {
            id: row.get(0)?,
            history_complete: row.get(1)?,
            status: row
                .get::<_, Option<String>>(2)?
                .and_then(|word| Status::parse(&word)),
            last_event: row.get(3)?,
            next_event: row.get(4)?,
            streak_months: row.get(5)?,
            events_365: row.get(6)?,
            yes_365: row.get(7)?,
            people_365: row.get(8)?,
            attendance_taken: row.get(9)?,
            new_hosts_365: row.get(10)?,
        })
    })?
    .map(|row| Ok(row?))
    .collect()
}

/// A cause by the word it was kept under; the first definitions had another for the same.
fn was(word: &str) -> Option<Cause> {
    match word {
        "longer_pause" => Some(Cause::Overdue),
        word => Cause::parse(word),
    }
}

/// Whom it asked to write to; the urlname is today's.
fn named(conn: &Connection, report: i64) -> Result<Vec<Named>> {
    let mut statement = conn.prepare_cached(
        "SELECT g.id, g.urlname, n.cause FROM named_row n JOIN group_row g ON g.key = n.grp
         WHERE n.report = ?1 ORDER BY n.place, n.nth",
    )?;
    let mut rows = statement.query([report])?;
    let mut read: Vec<Named> = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, cause): (String, String) = (row.get(0)?, row.get(2)?);
        // A cause that nobody knows any more was one all the same.
        let cause = was(&cause);
        match read.last_mut().filter(|named| named.id == id) {
            Some(named) => named.causes.extend(cause),
            None => read.push(Named {
                id,
                urlname: row.get(1)?,
                causes: cause.into_iter().collect(),
            }),
        }
    }
    Ok(read)
}

impl Writing<'_> {
    /// Remembers what a report says. Groups and events that are not known here are left out.
    pub(super) fn remember_told(&self, report: i64, told: &Before) -> Result<()> {
        let network = &told.network;
        self.prepare_cached(
            "INSERT INTO told_row (report, definitions_version, groups_met_30, groups_met_365, events_365, people_365,
               first_timers_90)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute(params![
            report,
            told.definitions_version,
            network.groups_met_30,
            network.groups_met_365,
            network.events_365,
            network.people_365,
            network.first_timers_90
        ])?;
        for group in &told.groups {
            self.prepare_cached(
                "INSERT OR IGNORE INTO told_group_row (report, grp, history_complete, status, last_event, next_event,
                   streak_months, events_365, yes_365, people_365, attendance_taken, new_hosts_365)
                 SELECT :report, key, :complete, :status, (SELECT key FROM event_row WHERE token = :last AND source = 'meetup'),
                   (SELECT key FROM event_row WHERE token = :next AND source = 'meetup'), :streak, :events, :yes, :people, :taken, :hosts
                 FROM group_row WHERE id = :id AND source = 'meetup'",
            )?
            .execute(named_params! {
                ":report": report, ":id": group.id, ":complete": group.history_complete, ":status": group.status.map(Status::as_str),
                ":last": group.last_event, ":next": group.next_event,
                ":streak": group.streak_months, ":events": group.events_365, ":yes": group.yes_365,
                ":people": group.people_365, ":taken": group.attendance_taken, ":hosts": group.new_hosts_365,
            })?;
        }
        for (place, named) in told.please_write_to.iter().enumerate() {
            for (nth, cause) in named.causes.iter().enumerate() {
                self.prepare_cached(
                    "INSERT OR IGNORE INTO named_row (report, place, nth, grp, cause)
                     SELECT ?1, ?2, ?3, key, ?4 FROM group_row WHERE id = ?5 AND source = 'meetup'",
                )?
                .execute(params![
                    report,
                    place as i64,
                    nth as i64,
                    cause.as_str(),
                    named.id
                ])?;
            }
        }
        Ok(())
    }

    /// Forgets what was told too long ago to be read back.
    pub(super) fn forget_told(&self) -> Result<()> {
        let old: Vec<i64> = self
            .prepare_cached(
                "SELECT t.report FROM told_row t JOIN report_row r ON r.id = t.report
                 WHERE r.as_of < ?1 AND t.report NOT IN (
                   SELECT report FROM (
                     SELECT o.id AS report, row_number() OVER (PARTITION BY d.channel ORDER BY o.as_of DESC, o.id DESC) AS nth
                     FROM delivery_row d JOIN report_row o ON o.id = d.report JOIN told_row u ON u.report = o.id
                     WHERE d.state NOT IN ('dead', 'dropped'))
                   WHERE nth <= ?2)",
            )?
            .query_map([self.now - KEPT, LAST], |row| row.get(0))?
            .collect::<rusqlite::Result<_>>()?;
        for report in old {
            for forget in [
                "DELETE FROM named_row WHERE report = ?1",
                "DELETE FROM told_group_row WHERE report = ?1",
                "DELETE FROM told_row WHERE report = ?1",
            ] {
                self.prepare_cached(forget)?.execute([report])?;
            }
        }
        Ok(())
    }
}
