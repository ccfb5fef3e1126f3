//! The events that count of each group, as compact columns, read group by group.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::metrics::local::month_number;
use crate::metrics::states::EventState;
use crate::metrics::workbench::{Workbench, sql};

/// A live event that has started by A, or was created by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    pub starts_at: i64,
    /// When it was created: at its start at the latest.
    pub created: i64,
}

/// A group's events, and what of them is asked besides.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct OfGroup {
    /// By start.
    pub events: Vec<Event>,
    /// The starts of the held ones, in order.
    pub held: Vec<i64>,
    /// The local date of the latest held one.
    pub last_on: Option<NaiveDate>,
    /// The local months with a held one, ascending.
    pub months_met: Vec<i64>,
    /// Something is running or scheduled.
    pub is_announced: bool,
    /// Something is held, running or scheduled in A's own local month.
    pub is_this_month_taken: bool,
}

/// The events of every group of the bench, by its place there.
pub(super) fn read(bench: &Workbench<'_>) -> rusqlite::Result<Vec<OfGroup>> {
    let places: HashMap<i64, usize> = bench
        .groups
        .iter()
        .map(|group| group.key)
        .zip(0..)
        .collect();
    let mut groups = vec![OfGroup::default(); bench.groups.len()];
    let months: Vec<i64> = bench
        .groups
        .iter()
        .map(|group| month_number(group.local(bench.settings.as_of)))
        .collect();
    // Rows come group by group.
    let mut at = (None, 0);
    bench.each(sql!("starts.sql"), |row| {
        let key = row.get(0)?;
        if at.0 != Some(key) {
            let Some(place) = places.get(&key) else {
                return Ok(());
            };
            at = (Some(key), *place);
        }
        let group = &mut groups[at.1];
        let state: EventState = row.get(1)?;
        let (starts_at, month): (i64, i64) = (row.get(2)?, row.get(4)?);
        group.events.push(Event {
            starts_at,
            created: row.get(5)?,
        });
        group.is_this_month_taken |= month == months[at.1];
        if state == EventState::Held {
            group.held.push(starts_at);
            group.last_on = row.get_ref(3)?.as_str()?.parse().ok();
            group.months_met.push(month);
        } else {
            group.is_announced = true;
        }
        Ok(())
    })?;
    for group in &mut groups {
        // Held ones come first; one may have begun after one that still runs.
        group.events.sort_by_key(|event| event.starts_at);
        group.months_met.sort_unstable();
        group.months_met.dedup();
    }
    Ok(groups)
}
