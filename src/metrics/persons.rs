//! Lists of persons: whom to invite as ambassador, and whom a group misses. Staff is left out, and
//! nothing here is made unless it was asked for.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::local::instant;
use super::sql::sql;
use super::workbench::Workbench;
use crate::community::is_forgotten;

/// Both lists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct People {
    /// The first is the one to ask; those who lead a group already come last.
    pub ambassadors: Vec<Candidate>,
    /// By group, who took part most often first.
    pub missed: Vec<Missed>,
}

/// Somebody who might speak for the network. All counts are of the last 365 days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    /// Meetup's id.
    pub member_id: String,
    /// Display name.
    pub name: Option<String>,
    /// Events taken part in; a joint one counts once.
    pub taken_part: i64,
    /// Events hosted.
    pub hosted: i64,
    /// Urlnames of the groups of either.
    pub groups: Vec<String>,
    /// Distinct local months with either.
    pub months_active: i64,
    /// Guests brought.
    pub guests: i64,
    /// The start of the latest event of either.
    pub last: DateTime<Utc>,
    /// 3 x hosted + taken part + 2 x (groups - 1): what ranks them.
    pub score: i64,
    /// Whether they already lead a group.
    pub leads: bool,
}

/// Somebody who came often and stays away, while the group goes on, and does not lead it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missed {
    /// The group's urlname.
    pub group: String,
    /// Meetup's id.
    pub member_id: String,
    /// Display name.
    pub name: Option<String>,
    /// Events taken part in, from 365 to 120 days ago.
    pub taken_part: i64,
    /// The start of the last of them.
    pub last: DateTime<Utc>,
    /// Events the group held in the last 120 days.
    pub held_since: i64,
}

/// Reads both lists.
pub(super) fn read(bench: &Workbench<'_>) -> rusqlite::Result<People> {
    bench.run(sql!("at_event.sql"))?;
    bench.run(sql!("network_event.sql"))?;
    bench.run(sql!("network_visit.sql"))?;
    let mut ambassadors = bench.rows(sql!("candidates.sql"), |row| {
        let mut groups: Vec<String> = row
            .get::<_, Option<String>>("urlnames")?
            .unwrap_or_default()
            .split(',')
            .map(str::to_owned)
            .collect();
        groups.sort();
        let (hosted, taken_part): (i64, i64) = (row.get("hosted")?, row.get("taken_part")?);
        Ok(Candidate {
            member_id: row.get("id")?,
            name: row.get("name")?,
            taken_part,
            hosted,
            months_active: row.get("months")?,
            guests: row.get("guests")?,
            last: instant(row.get("last_at")?),
            score: 3 * hosted + taken_part + 2 * (groups.len() as i64 - 1),
            groups,
            leads: row.get("leads")?,
        })
    })?;
    // Nobody could be asked or missed of whom nothing is known.
    ambassadors.retain(|person| !is_forgotten(&person.member_id));
    ambassadors.sort_by_cached_key(|person| {
        let id = person.member_id.clone();
        let number = id.parse::<i64>().unwrap_or(i64::MAX);
        (
            person.leads,
            Reverse(person.score),
            Reverse(person.last),
            number,
            id,
        )
    });
    let mut missed = bench.rows(sql!("missed.sql"), |row| {
        Ok(Missed {
            group: row.get("urlname")?,
            member_id: row.get("id")?,
            name: row.get("name")?,
            taken_part: row.get("taken_part")?,
            last: instant(row.get("last_at")?),
            held_since: row.get("held_since")?,
        })
    })?;
    missed.retain(|person| !is_forgotten(&person.member_id));
    Ok(People {
        ambassadors,
        missed,
    })
}
