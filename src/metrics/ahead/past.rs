//! What past events can teach: who had said yes by which moment before the start.
//!
//! An answer is dated by its last change; where changes were logged, by them. An answer last changed after
//! the event had ended (its attendance was marked) and without a log is *undated*: it counts among the
//! final yes, and at no moment before.

use std::collections::HashMap;

use rusqlite::{CachedStatement, Connection, Row};

use super::super::local::UNKNOWN;
use super::super::sql::sql;
use super::super::timeline::Event;
use super::super::workbench::Workbench;

/// A held event. Instants are seconds since 1970.
#[derive(Debug, Clone)]
pub(in crate::metrics) struct Past {
    pub(in crate::metrics) key: i64,
    pub(in crate::metrics) grp: i64,
    /// Its place among the group's held events.
    place: u32,
    pub(in crate::metrics) starts_at: i64,
    pub(in crate::metrics) ends_at: i64,
    pub(super) created_at: Option<i64>,
    /// When its answers were first read.
    pub(super) watched_at: Option<i64>,
    pub(in crate::metrics) is_taken: bool,
    /// Who had said yes in the end, whether or not they then came.
    pub(super) final_yes: i64,
    /// Those of them who came, as far as marked.
    pub(super) came: i64,
    pub(super) undated: i64,
    /// From then on nothing about it changed any more: before, nobody could have known all of it.
    pub(super) settled_at: i64,
    /// When somebody's yes stood: from and until, in seconds after the start (before it: below 0).
    spans: Vec<(i32, i32)>,
}

impl Past {
    /// Who had said yes in the end, whether or not they then came.
    pub(in crate::metrics) fn final_yes(&self) -> i64 {
        self.final_yes
    }

    /// Those of them whose moment is not known.
    pub(in crate::metrics) fn undated(&self) -> i64 {
        self.undated
    }

    /// Final yes whose moment is known.
    pub(super) fn dated(&self) -> i64 {
        self.final_yes - self.undated
    }

    /// How many yes stood so many seconds before the start.
    pub(in crate::metrics) fn said_by(&self, lead: i64) -> i64 {
        let moment = i32::try_from(-lead).unwrap_or(i32::MIN);
        let stood = |span: &&(i32, i32)| span.0 <= moment && moment < span.1;
        self.spans.iter().filter(stood).count() as i64
    }

    /// The last state of somebody's answer that was a yes before the event.
    fn take(&mut self, logged: &[Change], member: i64, came: bool, updated_at: i64) {
        self.final_yes += 1;
        self.came += i64::from(came);
        self.settled_at = self.settled_at.max(updated_at);
        // Where changes are logged, they tell more than the last state.
        if logged.iter().all(|change| change.member != member) {
            self.answered(updated_at);
        }
    }

    fn take_changes(&mut self, logged: &[Change]) {
        for of_person in logged.chunk_by(|a, b| a.member == b.member) {
            self.changed(of_person);
        }
    }

    /// A yes that is known by its last change alone.
    fn answered(&mut self, updated_at: i64) {
        if updated_at > self.ends_at || updated_at == UNKNOWN {
            self.undated += 1;
        } else {
            self.spans.push((self.after(updated_at), i32::MAX));
        }
    }

    /// What the log tells of one person's answer.
    fn changed(&mut self, log: &[Change]) {
        // What stood when the event was first read had been answered some time before.
        let mut since = log[0]
            .was_yes
            .then(|| self.watched_at.unwrap_or(log[0].at).min(log[0].at));
        for change in log {
            self.settled_at = self.settled_at.max(change.at);
            match since {
                None if change.is_yes => since = Some(change.at),
                Some(from) if !change.is_yes => {
                    self.spans.push((self.after(from), self.after(change.at)));
                    since = None;
                }
                _ => {}
            }
        }
        if let Some(from) = since {
            self.spans.push((self.after(from), i32::MAX));
        }
    }

    /// Seconds after the start, kept within what fits: decades.
    fn after(&self, moment: i64) -> i32 {
        let seconds = moment.saturating_sub(self.starts_at);
        i32::try_from(seconds).unwrap_or(if seconds < 0 { i32::MIN } else { i32::MAX - 1 })
    }

    /// Whether what was answered by that moment is known only by each answer's last change.
    pub(super) fn is_approximate(&self, moment: i64) -> bool {
        self.watched_at.is_none_or(|since| since > moment)
    }
}

/// Held events of the last 1,095 days, those of a group in their order.
pub(in crate::metrics) struct PastEvents {
    pub(super) events: Vec<Past>,
}

struct Change {
    member: i64,
    was_yes: bool,
    is_yes: bool,
    at: i64,
}

impl Change {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            member: row.get("member")?,
            was_yes: row.get("was_yes")?,
            is_yes: row.get("is_yes")?,
            at: row.get("changed_at")?,
        })
    }
}

/// The questions about one event, while its answers are at hand.
pub(in crate::metrics) struct PastReader<'a> {
    event: CachedStatement<'a>,
    changes: CachedStatement<'a>,
}

impl<'a> PastReader<'a> {
    pub(in crate::metrics) fn of(conn: &'a Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            event: conn.prepare_cached(sql!("past_event.sql"))?,
            changes: conn.prepare_cached(sql!("past_event_changes.sql"))?,
        })
    }

    /// An event with its answers that were a yes before it: who, whether they came as far as marked, and
    /// when that was given.
    pub(in crate::metrics) fn read(
        &mut self,
        grp: i64,
        event: &Event,
        answers: impl Iterator<Item = (i64, bool, i64)>,
    ) -> rusqlite::Result<Past> {
        let (created_at, watched_at) = self
            .event
            .query_row([event.key], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut past = Past {
            key: event.key,
            grp,
            place: event.place,
            starts_at: event.starts_at,
            ends_at: event.ends_at,
            created_at,
            watched_at,
            is_taken: false,
            final_yes: 0,
            came: 0,
            undated: 0,
            settled_at: event.ends_at,
            spans: Vec::new(),
        };
        let changes: Vec<Change> = self
            .changes
            .query_map([event.key], Change::read)?
            .collect::<rusqlite::Result<_>>()?;
        for (member, came, updated_at) in answers {
            past.take(&changes, member, came, updated_at);
        }
        past.take_changes(&changes);
        Ok(past)
    }
}

impl PastEvents {
    pub(in crate::metrics) fn of(mut events: Vec<Past>) -> Self {
        events.sort_by_key(|event| (event.grp, event.place));
        Self { events }
    }

    /// The same by the definitions in SQL.
    pub(in crate::metrics) fn read(bench: &Workbench<'_>) -> rusqlite::Result<Self> {
        let mut events = bench.rows(sql!("past_events.sql"), |row| {
            let ends_at = row.get("ends_at")?;
            Ok(Past {
                key: row.get("event")?,
                grp: row.get("grp")?,
                place: row.get("place")?,
                starts_at: row.get("starts_at")?,
                ends_at,
                created_at: row.get("created_at")?,
                watched_at: row.get("watched_at")?,
                is_taken: row.get("is_taken")?,
                final_yes: 0,
                came: 0,
                undated: 0,
                settled_at: ends_at,
                spans: Vec::new(),
            })
        })?;
        let mut changes: HashMap<i64, Vec<Change>> = HashMap::new();
        bench.each(sql!("past_changes.sql"), |row| {
            let of_event = changes.entry(row.get("event")?).or_default();
            of_event.push(Change::read(row)?);
            Ok(())
        })?;
        let mut at = 0;
        bench.each(sql!("past_answers.sql"), |row| {
            let key: i64 = row.get(0)?;
            while events.get(at).is_some_and(|event| event.key < key) {
                at += 1;
            }
            let Some(event) = events.get_mut(at).filter(|event| event.key == key) else {
                return Ok(());
            };
            let logged = changes.get(&key).map_or(&[][..], Vec::as_slice);
            let came = row.get::<_, i64>(2)? != 5;
            event.take(logged, row.get(1)?, came, row.get(3)?);
            Ok(())
        })?;
        for event in &mut events {
            event.take_changes(changes.get(&event.key).map_or(&[][..], Vec::as_slice));
        }
        Ok(Self::of(events))
    }
}
