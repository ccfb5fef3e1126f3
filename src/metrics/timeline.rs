//! Which events of a group count, and how they lie in time: in columns, group by group.
//!
//! The definitions are `counted_event.sql`, `gaps.sql` and `network_events.sql`; at network scale SQLite sorts
//! all events several times for them. A test holds both equal.

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, NaiveDate};
use rusqlite::{CachedStatement, Connection, Row, params};

use super::crowd::{Meetings, NetworkEvent};
use super::local::{DAY, Weeks};
use super::measurable::Measurable;
use super::sql::sql;
use super::states::EventState;

/// An event that counts.
pub(super) struct Event {
    /// `event_row.key`.
    pub key: i64,
    pub state: EventState,
    pub starts_at: i64,
    pub ends_at: i64,
    /// The local date of the start.
    pub starts_on: NaiveDate,
    /// When it was created: at its start at the latest.
    pub created: i64,
    pub is_online: bool,
    /// What the copies of a joint event share.
    pub joint: Option<Box<str>>,
    /// 1, 2, 3 ... among the group's events of its state.
    pub place: u32,
}

impl Event {
    /// The local month of the start, as year x 12 + month - 1.
    pub(super) fn month(&self) -> i64 {
        i64::from(self.starts_on.year()) * 12 + i64::from(self.starts_on.month0())
    }
}

/// A group's events that count, by start, then token.
pub(super) struct Timeline {
    pub events: Vec<Event>,
}

impl Timeline {
    /// The events of one state, in order.
    pub(super) fn of(&self, state: EventState) -> impl DoubleEndedIterator<Item = &Event> {
        self.events.iter().filter(move |event| event.state == state)
    }
}

/// Reads one group after the other.
pub(super) struct Reader<'a> {
    events: CachedStatement<'a>,
    as_of: i64,
}

impl<'a> Reader<'a> {
    pub(super) fn of(conn: &'a Connection, as_of: i64) -> rusqlite::Result<Self> {
        let events = conn.prepare_cached(sql!("events.sql"))?;
        Ok(Self { events, as_of })
    }

    /// The events that start after `since`. `offset`: seconds east of UTC where one does not say its own.
    pub(super) fn read(
        &mut self,
        group: &Measurable,
        since: i64,
        offset: i64,
    ) -> rusqlite::Result<Timeline> {
        let mut places = [0_u32; 4];
        let mut events = Vec::new();
        let named = rusqlite::named_params! {
            ":group": group.key, ":as_of": self.as_of, ":since": since,
        };
        let mut rows = self.events.query(named)?;
        while let Some(row) = rows.next()? {
            let Some(mut event) = event(row, offset)? else {
                continue;
            };
            if event.state == EventState::Scheduled && event.created > self.as_of {
                continue;
            }
            let place = &mut places[event.state as usize];
            *place += 1;
            event.place = *place;
            events.push(event);
        }
        Ok(Timeline { events })
    }
}

fn event(row: &Row<'_>, offset: i64) -> rusqlite::Result<Option<Event>> {
    let Some(state) = row.get::<_, Option<EventState>>("state")? else {
        return Ok(None);
    };
    let starts_at: i64 = row.get("starts_at")?;
    let offset = row
        .get::<_, Option<i64>>("starts_offset")?
        .unwrap_or(offset);
    let joint: Option<String> = row.get("network_event_id")?;
    Ok(Some(Event {
        key: row.get("key")?,
        state,
        starts_at,
        ends_at: row.get("ends_at")?,
        starts_on: DateTime::from_timestamp(starts_at + offset, 0)
            .unwrap_or_default()
            .date_naive(),
        created: row.get("created")?,
        is_online: row.get("is_online")?,
        joint: joint.map(String::into_boxed_str),
        place: 0,
    }))
}

/// Fills the tables of `counted_event.sql` and `gaps.sql`, which are there and empty: the first with events that
/// start after an instant.
pub(super) fn fill(
    conn: &Connection,
    groups: &[Measurable],
    timelines: &[Timeline],
    (since, as_of): (i64, i64),
) -> rusqlite::Result<()> {
    let mut counted = conn.prepare(
        "INSERT INTO temp.counted_event VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    )?;
    let mut month_met = conn.prepare("INSERT INTO temp.month_met VALUES (?1, ?2, ?3)")?;
    let mut gaps = conn
        .prepare("INSERT INTO temp.gaps VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")?;
    for (group, timeline) in groups.iter().zip(timelines) {
        let mut previous_at = None;
        for event in &timeline.events {
            let is_held = event.state == EventState::Held;
            if event.starts_at > since {
                counted.execute(params![
                    event.key,
                    group.key,
                    event.state,
                    event.starts_at,
                    event.ends_at,
                    event.starts_on.to_string(),
                    event.month(),
                    event.created,
                    event.is_online,
                    event.joint,
                    event.place,
                    previous_at.filter(|_| is_held),
                ])?;
            }
            if is_held {
                previous_at = Some(event.starts_at);
            }
        }
        let mut months: Vec<i64> = timeline.of(EventState::Held).map(Event::month).collect();
        months.sort_unstable();
        for same in months.chunk_by(|a, b| a == b) {
            month_met.execute((group.key, same[0], number(same.len())))?;
        }
        let it = Gaps::of(timeline, as_of);
        gaps.execute(params![
            group.key,
            it.held_ever,
            it.held_365,
            it.cancelled_365,
            it.is_announced,
            it.median_gap_days,
            it.last_held_at,
            it.last_held_at.map(|at| (as_of - at) / DAY),
            it.next_at.map(|at| (at - as_of) / DAY),
            it.restarted.map(|(on, _)| on.to_string()),
            it.restarted.map(|(_, days)| days),
        ])?;
    }
    Ok(())
}

/// A row of `gaps`.
#[derive(Default)]
struct Gaps {
    held_ever: i64,
    held_365: i64,
    cancelled_365: i64,
    is_announced: bool,
    median_gap_days: Option<f64>,
    last_held_at: Option<i64>,
    next_at: Option<i64>,
    restarted: Option<(NaiveDate, i64)>,
}

impl Gaps {
    fn of(timeline: &Timeline, as_of: i64) -> Self {
        let year = as_of - 365 * DAY;
        let of_year = |state| {
            let in_year = |event: &&Event| event.starts_at > year && event.starts_at <= as_of;
            number(timeline.of(state).filter(in_year).count())
        };
        let mut gaps = Self {
            held_365: of_year(EventState::Held),
            cancelled_365: of_year(EventState::Cancelled),
            next_at: timeline
                .of(EventState::Scheduled)
                .next()
                .map(|it| it.starts_at),
            ..Self::default()
        };
        gaps.is_announced =
            gaps.next_at.is_some() || timeline.of(EventState::Running).next().is_some();
        let mut lengths = Vec::new();
        for event in timeline.of(EventState::Held) {
            gaps.held_ever += 1;
            if let Some(previous_at) = gaps.last_held_at {
                let seconds = event.starts_at - previous_at;
                if previous_at > year {
                    lengths.push(seconds);
                }
                if event.starts_at > as_of - 90 * DAY && seconds > 180 * DAY {
                    gaps.restarted = Some((event.starts_on, seconds / DAY));
                }
            }
            gaps.last_held_at = Some(event.starts_at);
        }
        lengths.sort_unstable();
        if lengths.len() >= 2 {
            let n = lengths.len();
            let middle = (lengths[(n - 1) / 2], lengths[n / 2]);
            gaps.median_gap_days = Some(mean(middle) / 86_400.0);
        }
        gaps
    }
}

fn number(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[allow(clippy::cast_precision_loss)] // seconds stay far below 2^53
fn mean((one, other): (i64, i64)) -> f64 {
    (one + other) as f64 / 2.0
}

/// Groups that met and events held in the windows of the network, of groups whose history is complete.
pub(super) fn meetings(
    groups: &[Measurable],
    timelines: &[Timeline],
    as_of: i64,
    weeks: Weeks,
) -> Meetings {
    let mut meetings = Meetings::default();
    let mut joint: HashMap<&str, NetworkEvent> = HashMap::new();
    for (group, timeline) in groups.iter().zip(timelines) {
        let founded_at = group.founded_at.map(|at| at.timestamp());
        let mut of_group = NetworkEvent::default();
        for event in timeline.of(EventState::Held) {
            let span = (event.starts_at, event.ends_at);
            let windows = NetworkEvent::new(as_of, weeks, span, founded_at, group.history_complete);
            of_group |= windows;
            match &event.joint {
                Some(id) => *joint.entry(id).or_default() |= windows,
                None => windows.count(&mut meetings.events),
            }
        }
        of_group.count(&mut meetings.groups);
    }
    for windows in joint.values() {
        windows.count(&mut meetings.events);
    }
    meetings
}
