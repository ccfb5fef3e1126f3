//! One group's past and what it has announced, event by event: what its page and its charts are made of.

use std::collections::HashMap;

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use rusqlite::{Connection, Row};

use super::ahead::{Past, PastReader};
use super::local::{DAY, instant};
use super::months_met::MonthsMet;
use super::settings::Settings;
use super::sql::sql;
use super::states::EventState;
use super::timeline::Event;
use super::workbench::{Way, Workbench};

/// Days before the start at which an answer curve is told, the first being the farthest.
pub const CURVE_DAYS: i64 = 30;

/// One group's past and what it has announced.
#[derive(Debug, Clone, PartialEq)]
pub struct Story {
    /// Its urlname.
    pub urlname: String,
    /// Its name, as Meetup sent it.
    pub name: String,
    /// A by the group's own clock.
    pub as_of_local: DateTime<FixedOffset>,
    /// Whether its whole past is known.
    pub history_complete: bool,
    /// In which months it met.
    pub months: MonthsMet,
    /// Held, running and scheduled events, by start.
    pub events: Vec<StoryEvent>,
    /// The pause it is in, or how long its latest event is ago; none where it never met.
    pub since: Option<Since>,
    /// Its pauses that have ended, oldest first.
    pub pauses: Vec<OwnPause>,
    /// Who came for the first time in which quarter, and how many of them came back.
    pub cohorts: Vec<Cohort>,
    /// How yes came in: to the latest twelve held events, by start.
    pub curves: Vec<Curve>,
    /// The same of the next scheduled event, up to A.
    pub next_curve: Option<Curve>,
}

/// An event of a story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryEvent {
    /// Its key at Meetup.
    pub token: String,
    /// Its title, as Meetup sent it.
    pub title: String,
    /// Its page, where Meetup gave one.
    pub url: Option<String>,
    /// Whether it is over, on or to come.
    pub when: When,
    /// When it starts.
    pub starts_at: DateTime<Utc>,
    /// The same by the wall clock.
    pub starts_local: NaiveDateTime,
    /// Online only.
    pub is_online: bool,
    /// Who said yes.
    pub yes: i64,
    /// Those of them who took part in the group for the first time; 0 unless held.
    pub first_timers: i64,
    /// Those who took part before; 0 unless held. All others are hosts and staff.
    pub returners: i64,
    /// Who was marked as not come; none where attendance was not taken, and unless held.
    pub no_shows: Option<i64>,
    /// Its known hosts; empty unless held.
    pub hosts: Vec<StoryHost>,
}

impl StoryEvent {
    /// Who came; none where attendance was not taken. An upper bound: who is not marked counts as come.
    pub fn came(&self) -> Option<i64> {
        self.no_shows.map(|_| self.yes)
    }
}

/// Where an event of a story stands at A.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// It is over.
    Held,
    /// It is on.
    Running,
    /// It is yet to start.
    Scheduled,
}

/// A host of an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryHost {
    /// Their id at Meetup.
    pub id: String,
    /// Their name, as Meetup sent it.
    pub name: Option<String>,
    /// One of the sponsor's own.
    pub is_staff: bool,
}

/// The time since the latest event.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Since {
    /// Whole days since the latest held event started.
    pub days: i64,
    /// The median of the last gaps between its events; none where there is no gap.
    pub usual_days: Option<f64>,
    /// Days from which on a call is worth it whatever became of other pauses; none where something is
    /// running or announced, so that it is no pause.
    pub call_after_days: Option<i64>,
}

/// A pause that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OwnPause {
    /// The local date of the event it began with.
    pub began_on: NaiveDate,
    /// Whole days of 86,400 seconds to the next start.
    pub days: i64,
}

/// People who took part for the first time in one quarter of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cohort {
    /// year x 4 + quarter - 1, by the wall clock.
    pub quarter: i64,
    /// How many they were.
    pub people: i64,
    /// Within 90, 180 and 365 days of it: who took part again, of those for whom so many days have passed.
    pub back: [(i64, i64); 3],
}

/// How yes came in to one event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Curve {
    /// The event's key at Meetup.
    pub token: String,
    /// Its start by the wall clock.
    pub starts_local: NaiveDateTime,
    /// Yes so many whole days before the start, from [`CURVE_DAYS`] on down; of an event to come, up to A.
    pub by_day: Vec<(i64, i64)>,
    /// Of an event to come: the seconds from A to its start, and yes that stood by A.
    pub now: Option<(i64, i64)>,
    /// Who had said yes in the end, whether or not they then came.
    pub yes: i64,
    /// Those of them of whom it is not known when.
    pub undated: i64,
}

/// One group's story; none where it is not measured at A: it left, or was founded later.
///
/// # Errors
///
/// If the database cannot be read.
pub fn story(
    conn: &Connection,
    settings: &Settings,
    urlname: &str,
) -> rusqlite::Result<Option<Story>> {
    let settings = settings.alone(urlname);
    let bench = Workbench::lay_out(conn, &settings, Way::Columns)?;
    let Some(group) = bench.groups.first() else {
        return Ok(None);
    };
    let key = Some(group.key);
    bench.run_of(sql!("at_event.sql"), key)?;
    bench.run_of(sql!("tallies.sql"), key)?;
    bench.run(sql!("took_part.sql"))?;
    let as_of = settings.as_of.timestamp();
    let held = bench
        .timelines
        .first()
        .and_then(|it| it.of(EventState::Held).next_back());
    let present = bench.pauses.present.get(&group.key);
    let since = held.map(|event| Since {
        days: (as_of - event.starts_at) / DAY,
        usual_days: present.and_then(|it| it.usual_days),
        call_after_days: present.and_then(|it| it.pause).map(|it| it.call_after_days),
    });
    let mut months = MonthsMet::default();
    bench.each(sql!("months_met.sql"), |row| months.take(row))?;
    let (curves, next_curve) = curves(&bench, group.key)?;
    Ok(Some(Story {
        urlname: group.urlname.clone(),
        name: group.name.clone(),
        as_of_local: group.local(settings.as_of),
        history_complete: group.history_complete,
        months: months.of(group, &bench),
        events: events(&bench, key)?,
        since,
        pauses: all(&bench, sql!("story_pauses.sql"), key, pause)?
            .into_iter()
            .flatten()
            .collect(),
        cohorts: all(&bench, sql!("story_cohorts.sql"), key, cohort)?,
        curves,
        next_curve,
    }))
}

fn all<T>(
    bench: &Workbench<'_>,
    file: &str,
    group: Option<i64>,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<T>> {
    let mut rows = Vec::new();
    bench.each_of(file, group, |row| {
        rows.push(read(row)?);
        Ok(())
    })?;
    Ok(rows)
}

fn events(bench: &Workbench<'_>, group: Option<i64>) -> rusqlite::Result<Vec<StoryEvent>> {
    let mut hosts: HashMap<i64, Vec<StoryHost>> = HashMap::new();
    bench.each_of(sql!("story_hosts.sql"), group, |row| {
        hosts.entry(row.get("event")?).or_default().push(StoryHost {
            id: row.get("id")?,
            name: row.get("name")?,
            is_staff: row.get("is_staff")?,
        });
        Ok(())
    })?;
    let mut events = Vec::new();
    bench.each_of(sql!("story_events.sql"), group, |row| {
        let key: i64 = row.get("event")?;
        let local: i64 = row.get("starts_local")?;
        let is_taken: bool = row.get("is_taken")?;
        let when = match row.get("state")? {
            EventState::Running => When::Running,
            EventState::Scheduled => When::Scheduled,
            EventState::Held | EventState::Cancelled => When::Held,
        };
        events.push(StoryEvent {
            token: row.get("token")?,
            title: row.get("title")?,
            url: row.get("url")?,
            when,
            starts_at: instant(row.get("starts_at")?),
            starts_local: instant(local).naive_utc(),
            is_online: row.get("is_online")?,
            yes: row.get("said_yes")?,
            first_timers: row.get("first_timers")?,
            returners: row.get("returners")?,
            no_shows: match is_taken && when == When::Held {
                true => row.get("no_show")?,
                false => None,
            },
            hosts: hosts.remove(&key).unwrap_or_default(),
        });
        Ok(())
    })?;
    Ok(events)
}

fn pause(row: &Row<'_>) -> rusqlite::Result<Option<OwnPause>> {
    let began_on: String = row.get("began_on")?;
    let days = row.get("days")?;
    Ok(began_on
        .parse()
        .ok()
        .map(|began_on| OwnPause { began_on, days }))
}

fn cohort(row: &Row<'_>) -> rusqlite::Result<Cohort> {
    Ok(Cohort {
        quarter: row.get("quarter")?,
        people: row.get("people")?,
        back: [
            (row.get("back_90")?, row.get("had_90")?),
            (row.get("back_180")?, row.get("had_180")?),
            (row.get("back_365")?, row.get("had_365")?),
        ],
    })
}

/// Of the latest twelve held events, and of the next one.
fn curves(bench: &Workbench<'_>, group: i64) -> rusqlite::Result<(Vec<Curve>, Option<Curve>)> {
    let mut answers: HashMap<i64, Vec<(i64, bool, i64)>> = HashMap::new();
    bench.each_of(sql!("story_answers.sql"), Some(group), |row| {
        let came = row.get::<_, i64>("status")? != 5;
        let answer = (row.get("member")?, came, row.get("updated_at")?);
        answers.entry(row.get("event")?).or_default().push(answer);
        Ok(())
    })?;
    let as_of = bench.settings.as_of.timestamp();
    let mut reader = PastReader::of(bench.conn())?;
    let mut named = bench.conn().prepare_cached(sql!("story_event.sql"))?;
    let mut curve = |event: &Event, until: i64| {
        let of_event = answers.remove(&event.key).unwrap_or_default();
        let past: Past = reader.read(group, event, of_event.into_iter())?;
        let (token, offset) = named.query_row([event.key], |row| {
            Ok((
                row.get("token")?,
                row.get::<_, Option<i64>>("starts_offset")?,
            ))
        })?;
        let offset = offset.unwrap_or_else(|| {
            let group = &bench.groups[0];
            i64::from(group.local(bench.settings.as_of).offset().local_minus_utc())
        });
        let days = (0..=CURVE_DAYS).rev();
        let by_day = days
            .filter(|days| event.starts_at - days * DAY <= until)
            .map(|days| (days, past.said_by(days * DAY)));
        Ok::<_, rusqlite::Error>(Curve {
            token,
            starts_local: instant(event.starts_at + offset).naive_utc(),
            by_day: by_day.collect(),
            now: (event.state == EventState::Scheduled).then(|| {
                let lead = event.starts_at - as_of;
                (lead, past.said_by(lead))
            }),
            yes: past.final_yes(),
            undated: past.undated(),
        })
    };
    let Some(timeline) = bench.timelines.first() else {
        return Ok((Vec::new(), None));
    };
    let held: Vec<&Event> = timeline.of(EventState::Held).collect();
    let latest = held.iter().skip(held.len().saturating_sub(12));
    let past = latest
        .map(|event| curve(event, i64::MAX))
        .collect::<rusqlite::Result<_>>()?;
    let next = timeline.of(EventState::Scheduled).next();
    let next = next.map(|event| curve(event, as_of)).transpose()?;
    Ok((past, next))
}
