//! The pauses of other groups that one group's own may be alike to, of which only so much is read as they rest on.

use rusqlite::{Connection, named_params};

use super::cases::BACK;
use super::events::Event;
use super::rhythm::GAPS;
use super::rule::DAY;
use super::spell::Spell;
use crate::metrics::both::both;
use crate::metrics::sql::sql;

/// The pauses of every measured group whose history is complete, but of some groups. Those that began too long
/// ago to be cases as of A may be missing, or not be as they were.
///
/// # Errors
///
/// If the database cannot be read.
pub(in crate::metrics) fn others(
    conn: &Connection,
    but: &[i64],
    as_of: i64,
) -> rusqlite::Result<Vec<Spell>> {
    let mut groups: Vec<i64> = conn
        .prepare_cached(sql!("complete.sql"))?
        .query_map(named_params! { ":as_of": as_of }, |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    // So many starts have as many gaps between them as the usual one is made of.
    let starts = i64::try_from(GAPS + 1).unwrap_or(i64::MAX);
    groups.retain(|group| !but.contains(group));
    let (mut spells, second) = both(conn, groups.len(), |conn, turns| {
        let mut events = conn.prepare_cached(sql!("alike.sql"))?;
        let mut spells = Vec::new();
        while let Some(turn) = turns.take() {
            let named = named_params! {
                ":group": groups[turn], ":as_of": as_of, ":cases_from": as_of - BACK,
                ":year_before": as_of - BACK - 365 * DAY, ":starts": starts,
            };
            let of_group = events
                .query_map(named, |row| {
                    Ok(Event {
                        starts_at: row.get(0)?,
                        created: row.get(1)?,
                    })
                })?
                .collect::<rusqlite::Result<Vec<_>>>()?;
            spells.extend(Spell::all(&of_group, as_of));
        }
        Ok(spells)
    })?;
    spells.extend(second.into_iter().flatten());
    Ok(spells)
}
