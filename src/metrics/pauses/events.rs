//! The events that count of each group, as compact columns, taken row by row.

use std::collections::HashMap;

use chrono::NaiveDate;
use rusqlite::Row;

use super::rhythm::EDGES;
use super::rule::DAY;
use crate::metrics::states::EventState;
use crate::metrics::timeline::Timeline;

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

impl OfGroup {
    fn take(&mut self, event: Event, state: EventState, on: Option<NaiveDate>, month: i64) {
        if state == EventState::Cancelled {
            return;
        }
        self.events.push(event);
        self.is_this_month_taken |= month == self.subject.month;
        if state == EventState::Held {
            self.held.push(event.starts_at);
            self.last_on = on;
            self.months_met.push(month);
        } else {
            self.is_announced = true;
        }
    }
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
        let event = Event {
            starts_at: row.get(2)?,
            created: row.get(5)?,
        };
        let on = row.get_ref(3)?.as_str()?.parse().ok();
        self.groups[place].take(event, row.get(1)?, on, row.get(4)?);
        Ok(())
    }

    /// The same of a group whose events are at hand.
    pub(in crate::metrics) fn take_all(&mut self, key: i64, timeline: &Timeline) {
        let Some(place) = self.places.get(&key) else {
            return;
        };
        let group = &mut self.groups[*place];
        for it in &timeline.events {
            let event = Event {
                starts_at: it.starts_at,
                created: it.created,
            };
            group.take(event, it.state, Some(it.starts_on), it.month());
        }
    }

    /// Whether one of the groups has been silent, with nothing announced, for so long that pauses alike say
    /// something of it.
    pub(in crate::metrics) fn asks_for_alike(&self, as_of: i64) -> bool {
        let mut silent = self.groups.iter().filter(|group| !group.is_announced);
        silent.any(|group| {
            let last = group.held.last();
            last.is_some_and(|at| as_of - at >= EDGES[0] * DAY)
        })
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
