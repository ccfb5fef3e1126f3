//! Who took part in what, counted in one pass over compact columns.
//!
//! The definitions are `repeat.sql`, `side_to_side.sql`, `network_people.sql` and `overlaps.sql`; at network
//! scale SQLite needs several sorts of all visits for them, while here one does. A test holds both equal.

use std::collections::HashMap;

use super::crowd::{Crowd, Gathering, NetworkEvent};
use super::returns::{Acquainted, HeldEvent, Returns, Visit, of_groups};
use super::workbench::{Workbench, sql};

pub(super) const DAY: i64 = 86_400;

/// All that the pass counts.
pub(super) struct Counted {
    /// By group.
    pub returns: HashMap<i64, Returns>,
    /// By group.
    pub acquainted: HashMap<i64, Acquainted>,
    /// The network.
    pub crowd: Crowd,
}

/// A held event, as the pass meets it.
struct Held {
    key: i64,
    grp: u32,
    place: u32,
    network: NetworkEvent,
}

/// Counts everything in one pass.
pub(super) fn count(bench: &Workbench<'_>) -> rusqlite::Result<Counted> {
    let as_of = bench.settings.as_of.timestamp();
    let (held, by_group) = held_events(bench, as_of)?;
    let mut visits: Vec<Visit> = Vec::new();
    let mut gathering = Gathering::default();
    let mut at = 0;
    bench.each(sql!("visits.sql"), |row| {
        let key: i64 = row.get(0)?;
        while held.get(at).is_some_and(|event| event.key < key) {
            at += 1;
        }
        // Others are answers to what is only scheduled.
        let Some(event) = held.get(at).filter(|event| event.key == key) else {
            return Ok(());
        };
        let (member, said_yes, is_host): (u32, bool, bool) =
            (row.get(1)?, row.get(2)?, row.get(3)?);
        if said_yes && !is_host {
            visits.push(Visit {
                grp: event.grp,
                member,
                place: event.place,
            });
        }
        gathering.meet(&event.network, event.grp, member, said_yes, is_host);
        Ok(())
    })?;
    let crowd = gathering.count(held.iter().map(|event| (event.grp, &event.network)));
    drop(held);
    let (returns, acquainted) = of_groups(visits, &by_group, as_of);
    let key = |grp: u32| bench.groups[grp as usize].key;
    Ok(Counted {
        returns: returns
            .into_iter()
            .map(|(grp, it)| (key(grp), it))
            .collect(),
        acquainted: acquainted
            .into_iter()
            .map(|(grp, it)| (key(grp), it))
            .collect(),
        crowd: crowd.keyed(key),
    })
}

/// The held events in the order of their keys, and by group (its number in the bench) and place.
fn held_events(
    bench: &Workbench<'_>,
    as_of: i64,
) -> rusqlite::Result<(Vec<Held>, Vec<Vec<HeldEvent>>)> {
    let numbers: HashMap<i64, u32> = bench
        .groups
        .iter()
        .map(|group| group.key)
        .zip(0..)
        .collect();
    let mut by_group: Vec<Vec<HeldEvent>> = Vec::new();
    by_group.resize_with(bench.groups.len(), Vec::new);
    let held = bench.rows(sql!("held_events.sql"), |row| {
        let starts_at = row.get("starts_at")?;
        let grp = numbers[&row.get::<_, i64>("grp")?];
        let place: u32 = row.get("place")?;
        let of_group = &mut by_group[grp as usize];
        let missing = (place as usize).saturating_sub(of_group.len());
        of_group.extend(std::iter::repeat_n(HeldEvent::default(), missing));
        of_group[place as usize - 1] = HeldEvent {
            starts_at,
            is_in_person: !row.get::<_, bool>("is_online")?,
        };
        Ok(Held {
            key: row.get("event")?,
            grp,
            place,
            network: NetworkEvent::new(
                as_of,
                bench.weeks,
                (starts_at, row.get("ends_at")?),
                row.get("founded_at")?,
                row.get("is_complete")?,
                row.get("network_event_id")?,
            ),
        })
    })?;
    Ok((held, by_group))
}

/// The same by the definitions in SQL.
pub(super) fn count_in_sql(bench: &Workbench<'_>) -> rusqlite::Result<Counted> {
    bench.run(sql!("took_part.sql"))?;
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
        returns: returns.into_iter().collect(),
        acquainted: acquainted.into_iter().collect(),
        crowd,
    })
}
