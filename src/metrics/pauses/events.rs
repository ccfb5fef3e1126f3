//! The events that count of each group, as compact columns, taken row by row.

use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::Row;

use crate::metrics::states::EventState;

/// A live event that has started by A, or was created by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Event {
    pub starts_at: i64,
    /// When it was created: at its start at the latest.
    pub created: i64,
}

/// A group at A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::metrics) struct Subject {
    /// `group_row.key`.
    pub key: i64,
    /// Its whole past is known, so that its pauses are cases.
    pub is_complete: bool,
    /// The target in force: one event every so many months.
    pub every_months: i64,
    /// The day by its own clock.
    pub today: NaiveDate,
    /// The month of that day, as year x 12 + month - 1.
    pub month: i64,
}

/// A group's events, and what of them is asked besides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OfGroup {
    pub subject: Subject,
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

/// The events of all groups.
pub(in crate::metrics) struct Columns {
    groups: Vec<OfGroup>,
    places: HashMap<i64, usize>,
    /// Rows come group by group: the key and the place of the last one's.
    at: Option<(i64, usize)>,
}

impl Columns {
    /// Of these groups, without events so far.
    pub(in crate::metrics) fn of(subjects: impl Iterator<Item = Subject>) -> Self {
        let groups: Vec<OfGroup> = subjects
            .map(|subject| OfGroup {
                subject,
                events: Vec::new(),
                held: Vec::new(),
                last_on: None,
                months_met: Vec::new(),
                is_announced: false,
                is_this_month_taken: false,
            })
            .collect();
        let keys = groups.iter().map(|group| group.subject.key);
        Self {
            places: keys.zip(0..).collect(),
            groups,
            at: None,
        }
    }

    /// Takes a row of `starts.sql`.
    pub(in crate::metrics) fn take(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let key: i64 = row.get(0)?;
        if self.at.is_none_or(|(last, _)| last != key) {
            self.at = self.places.get(&key).map(|place| (key, *place));
        }
        let Some((_, place)) = self.at else {
            return Ok(());
        };
        let group = &mut self.groups[place];
        let state: EventState = row.get(1)?;
        let (starts_at, month): (i64, i64) = (row.get(2)?, row.get(4)?);
        group.events.push(Event {
            starts_at,
            created: row.get(5)?,
        });
        group.is_this_month_taken |= month == group.subject.month;
        if state == EventState::Held {
            group.held.push(starts_at);
            group.last_on = row.get_ref(3)?.as_str()?.parse().ok();
            group.months_met.push(month);
        } else {
            group.is_announced = true;
        }
        Ok(())
    }

    /// The groups in the order in which they were given, their events by start.
    pub(super) fn in_order(mut self) -> Vec<OfGroup> {
        for group in &mut self.groups {
            // Held ones came first; one may have begun after one that still runs.
            group.events.sort_by_key(|event| event.starts_at);
            group.months_met.sort_unstable();
            group.months_met.dedup();
        }
        self.groups
    }
}
