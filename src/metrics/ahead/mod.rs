//! Expected turnout of scheduled events, and how good such forecasts were so far.
//!
//! A forecast takes who said yes by now, the share of the final yes that past events had as long before
//! their start, and the share of those who then came. It is only told while, replayed over the events
//! of the last 365 days, it errs less than "all who said yes come" did at about the same lead time.

mod forecast;
mod orders;
mod past;
mod replay;

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Serialize;

use super::local::instant;
use super::pauses::Calls;
use super::rate::Rate;
use super::visits::DAY;
use super::workbench::{Workbench, sql};
use crate::community::EventType;
use past::PastEvents;
use replay::Replay;

/// Days before the start at which forecasts are judged.
pub const LEAD_DAYS: [i64; 4] = [1, 3, 7, 14];
/// Further ahead nothing is forecast: it has not been tested there.
const FARTHEST: i64 = 21 * DAY;
/// After a pause of so many days between events, the past says little.
const LONG_PAUSE: i64 = 180 * DAY;

/// A scheduled event and what to expect of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Ahead {
    /// The group's urlname.
    pub group: String,
    /// The group's name.
    pub group_name: String,
    /// Stable key of the event.
    pub token: String,
    /// Title, as Meetup sent it.
    pub title: String,
    /// Where people meet.
    pub event_type: EventType,
    /// What its copies in other groups share; none: it has none.
    #[serde(skip)]
    pub joint: Option<String>,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// Start by the wall clock of the place.
    pub starts_local: NaiveDateTime,
    /// Its page.
    pub url: Option<String>,
    /// Most yes accepted; none: no limit, or unknown.
    pub capacity: Option<i64>,
    /// Who said yes so far.
    pub yes: i64,
    /// Guests those bring.
    pub guests: i64,
    /// The forecast; none where there is none to be trusted.
    pub expected: Option<Expected>,
    /// Why there is none.
    pub no_forecast: Option<NoForecast>,
    /// Of a joint event in one place: the token of the copy whose order is for this one too.
    pub ordered_with: Option<String>,
}

/// A forecast. Guests are in none of its figures but the order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Expected {
    /// How many.
    pub turnout: i64,
    /// In nine of ten events there were more than this, or as many.
    pub low: i64,
    /// In nine of ten events there were fewer than this, or as many.
    pub high: i64,
    /// What `turnout` counts.
    pub counts: Counts,
    /// How many will have said yes by the start.
    pub final_yes: i64,
    /// Whose past it is made of.
    pub basis: Basis,
    /// So many events of it.
    pub past_events: i64,
    /// Of their final yes, those given as long before the start / all.
    pub yes_by_now: Rate,
    /// Of the final yes of past events, those who came / all, where attendance was taken; none where it was not
    /// taken often enough, and where the sponsor says how many come.
    pub show_rate: Option<Rate>,
    /// The share of who says yes that comes, as reckoned with here; none where it is unknown.
    pub show_share: Option<f64>,
    /// Whose share that is; none where it is unknown.
    pub show_basis: Option<ShowBasis>,
    /// Some answers of that past were read afterwards only, so that when they were given is known by
    /// their last change alone: an approximation.
    pub is_approximate: bool,
    /// What to order, guests included: only for an event in person, at most 8 days ahead, of 15 or more
    /// expected, and only where it is known how many of those who say yes come. A joint event in one place
    /// has one order, with one of its copies, for all of them.
    pub order: Option<Order>,
}

/// What the number is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Order {
    /// So that nobody stands: the upper end of the range.
    pub seats: i64,
    /// So that little is left: the expected turnout.
    pub food: i64,
    /// One for everybody who will have said yes.
    pub badges: i64,
}

/// What a forecast counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// People who come: attendance was taken often enough to know the show rate.
    Came,
    /// People who say yes: attendance was not taken, so who came is unknown.
    SaidYes,
}

/// Whose past a forecast is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Basis {
    /// The group's own.
    Group,
    /// The network's: the group has under 5 past events.
    Network,
}

/// Where it is known from how many of those who say yes come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ShowBasis {
    /// From ten or more of the group's own events at which attendance was taken.
    Group,
    /// From ten or more of the network's.
    Network,
    /// The sponsor says so (`metrics.show_rate`).
    Configured,
}

/// Why there is no forecast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NoForecast {
    /// The group's history is still being read.
    HistoryIncomplete,
    /// The group has not met before.
    FirstEvent,
    /// Over 180 days lie between the last event and this one.
    LongPause,
    /// More than 21 days ahead.
    TooFarAhead,
    /// So long before the start, forecasts did not do better than "all who said yes come", or were
    /// too few to tell.
    NotProven,
}

/// How good forecasts of turnout were, had they been made in the last 365 days, and how right calls.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Backtest {
    /// A: events up to then are replayed.
    pub as_of: DateTime<Utc>,
    /// By lead time.
    pub leads: Vec<LeadResult>,
    /// Calls, over pauses that began up to 1,275 days before.
    pub calls: Calls,
}

/// How good forecasts were at one lead time. Errors are mean absolute ones, in people.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeadResult {
    /// So many days before the start.
    pub lead_days: i64,
    /// Events replayed.
    pub events: i64,
    /// Those whose attendance was taken: turnout is who came; else it is who said yes in the end.
    pub attendance_taken: i64,
    /// Those whose answers were first read after that moment, so that it is an approximation.
    pub approximate: i64,
    /// Of our forecast; none without events.
    pub error_forecast: Option<f64>,
    /// Of "all who said yes come".
    pub error_all_yes: Option<f64>,
    /// Of "as many as last time".
    pub error_last_event: Option<f64>,
    /// Turnouts inside the 10-90 % range / all; it promises 80 %.
    pub inside_range: Rate,
    /// Whether forecasts are shown at this lead time.
    pub is_shown: bool,
}

/// A scheduled event on its way to a forecast.
struct Scheduled {
    grp: i64,
    held_ever: i64,
    /// What copies of a joint event that meet in one room share.
    place: Option<String>,
    ahead: Ahead,
}

/// Every scheduled event of the measured groups, by start.
pub(super) fn read(bench: &Workbench<'_>) -> rusqlite::Result<Vec<Ahead>> {
    let as_of = bench.settings.as_of.timestamp();
    let mut scheduled = bench.rows(sql!("scheduled.sql"), |row| {
        let grp: i64 = row.get("grp")?;
        let local: i64 = row.get("starts_local")?;
        let is_complete: bool = row.get("is_complete")?;
        let of = bench.groups.iter().find(|group| group.key == grp);
        let ahead = Ahead {
            group: of.map(|group| group.urlname.clone()).unwrap_or_default(),
            group_name: of.map(|group| group.name.clone()).unwrap_or_default(),
            token: row.get("token")?,
            title: row.get("title")?,
            joint: row.get("joint")?,
            event_type: row.get("event_type")?,
            starts_at: instant(row.get("starts_at")?),
            starts_local: instant(local).naive_utc(),
            url: row.get("url")?,
            capacity: row.get("capacity")?,
            yes: row.get("said_yes")?,
            guests: row.get("guests")?,
            expected: None,
            no_forecast: (!is_complete).then_some(NoForecast::HistoryIncomplete),
            ordered_with: None,
        };
        Ok(Scheduled {
            grp,
            held_ever: row.get("held_ever")?,
            place: row.get("place")?,
            ahead,
        })
    })?;
    let lead = |ahead: &Ahead| ahead.starts_at.timestamp() - as_of;
    // Without an event that could have a forecast, the past is left alone.
    if scheduled
        .iter()
        .any(|it| it.ahead.no_forecast.is_none() && lead(&it.ahead) <= FARTHEST)
    {
        let past = PastEvents::read(bench)?;
        let replay = Replay::run(&past, as_of, bench.settings.show_rate);
        for Scheduled {
            grp,
            held_ever,
            ahead,
            ..
        } in &mut scheduled
        {
            if ahead.no_forecast.is_some() {
                continue;
            }
            if lead(ahead) > FARTHEST {
                ahead.no_forecast = Some(NoForecast::TooFarAhead);
                continue;
            }
            match replay.expect(*grp, *held_ever, ahead) {
                Ok(expected) => ahead.expected = Some(expected),
                Err(why) => ahead.no_forecast = Some(why),
            }
        }
        orders::place(bench, &mut scheduled)?;
    } else {
        for Scheduled { ahead, .. } in &mut scheduled {
            ahead.no_forecast.get_or_insert(NoForecast::TooFarAhead);
        }
    }
    Ok(scheduled.into_iter().map(|it| it.ahead).collect())
}

/// Replays the events of the last 365 days.
pub(super) fn backtest(bench: &Workbench<'_>) -> rusqlite::Result<Backtest> {
    let past = PastEvents::read(bench)?;
    let replay = Replay::run(
        &past,
        bench.settings.as_of.timestamp(),
        bench.settings.show_rate,
    );
    Ok(Backtest {
        as_of: bench.settings.as_of,
        leads: replay.results(),
        calls: bench.replay_calls(),
    })
}
