//! The same counts by the readable SQL alone: slower, and what the pass is held against.

use super::super::ahead::PastEvents;
use super::super::crowd::{Crowd, Meetings};
use super::super::returns::{Acquainted, Returns};
use super::super::sql::sql;
use super::super::survival;
use super::super::workbench::Workbench;
use super::counted::{ByGroup, Counted};
use super::turned;

/// Fills the tables of `answered.sql`, and counts.
pub(in crate::metrics) fn count(bench: &Workbench<'_>) -> rusqlite::Result<Counted> {
    bench.run(sql!("at_event.sql"))?;
    bench.run(sql!("tallies.sql"))?;
    bench.run(sql!("took_part.sql"))?;
    bench.run(sql!("network_event.sql"))?;
    bench.run(sql!("network_visit.sql"))?;
    let returns = bench.rows(sql!("repeat.sql"), |row| {
        let counts = Returns {
            repeaters: row.get("repeaters")?,
            people: row.get("people")?,
            returning_ones: row.get("returning_ones")?,
            participations: row.get("participations")?,
            kept: row.get("kept")?,
            could_be_kept: row.get("could_be_kept")?,
            came_back: row.get("came_back")?,
            had_time: row.get("had_time")?,
            first_timers: row.get("first_timers")?,
            at_stake: row.get("at_stake")?,
        };
        Ok((row.get("grp")?, counts))
    })?;
    let acquainted = bench.rows(sql!("side_to_side.sql"), |row| {
        let counts = Acquainted {
            pairs: row.get("pairs")?,
            acquainted: row.get("acquainted")?,
            people: row.get("people")?,
        };
        Ok((row.get("grp")?, counts))
    })?;
    let mut meetings = bench.rows(sql!("network_events.sql"), |row| {
        Ok(Meetings {
            groups: [
                row.get("met_30")?,
                row.get("met_90")?,
                row.get("met_365")?,
                row.get("met_30_year_before")?,
                row.get("met_90_year_before")?,
                row.get("met_365_year_before")?,
            ],
            events: [
                row.get("events_30")?,
                row.get("events_90")?,
                row.get("events_365")?,
                row.get("events_30_year_before")?,
                row.get("events_90_year_before")?,
                row.get("events_365_year_before")?,
            ],
        })
    })?;
    let mut crowds = bench.rows(sql!("network_people.sql"), |row| {
        Ok(Crowd {
            people: [
                row.get("people_30")?,
                row.get("people_90")?,
                row.get("people_365")?,
                row.get("people_30_year_before")?,
                row.get("people_90_year_before")?,
                row.get("people_365_year_before")?,
            ],
            repeaters_365: row.get("repeaters_365")?,
            crossers_365: row.get("crossers_365")?,
            first_timers_90: row.get("first_timers_90")?,
            first_timers_90_year_before: row.get("first_timers_90_year_before")?,
            first_timers_week: row.get("first_timers_week")?,
            overlaps: Vec::new(),
        })
    })?;
    let mut crowd = crowds.pop().unwrap_or_default();
    crowd.overlaps = bench.rows(sql!("overlaps.sql"), |row| {
        Ok((
            [row.get("one")?, row.get("other")?],
            row.get("shared")?,
            row.get("smaller")?,
        ))
    })?;
    Ok(Counted {
        groups: ByGroup {
            returns: returns.into_iter().collect(),
            acquainted: acquainted.into_iter().collect(),
            turned: turned::by_definition(bench)?,
        },
        meetings: meetings.pop().unwrap_or_default(),
        crowd,
        survival: survival::by_definition(bench)?,
        past: Some(PastEvents::read(bench)?),
    })
}
