//! Expected turnout of scheduled events, and how good such forecasts were so far.
//!
//! A forecast takes who said yes by now, the share of the final yes that past events had as long before
//! their start, and the share of those who then came. It is only told while, replayed over the events
//! of the last 365 days, it errs less than "all who said yes come" did at about the same lead time.

mod forecast;
mod orders;
mod past;
mod replay;
mod told;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::local::{DAY, instant};
use super::pauses::Calls;
use super::rate::Rate;
use super::workbench::{Workbench, sql};
pub(super) use past::{Past, PastEvents, PastReader};
use replay::Replay;
use told::Scheduled;

pub use told::{Ahead, Basis, Counts, Expected, NoForecast, Order, ShowBasis};

/// Days before the start at which forecasts are judged.
pub const LEAD_DAYS: [i64; 4] = [1, 3, 7, 14];
/// Further ahead nothing is forecast: it has not been tested there.
pub(super) const FARTHEST: i64 = 21 * DAY;
/// After a pause of so many days between events, the past says little.
const LONG_PAUSE: i64 = 180 * DAY;

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

/// Every scheduled event of the measured groups, by start.
pub(super) fn read(
    bench: &Workbench<'_>,
    past: Option<&PastEvents>,
) -> rusqlite::Result<Vec<Ahead>> {
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
    if let Some(past) = past {
        let replay = Replay::run(past, as_of, bench.settings.show_rate);
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
        let united = bench.rows(sql!("joint_scheduled.sql"), |row| {
            let event = (row.get("network_event_id")?, row.get("place")?);
            Ok((event, (row.get("said_yes")?, row.get("guests")?)))
        })?;
        orders::place(&united.into_iter().collect(), &mut scheduled, as_of);
    } else {
        for Scheduled { ahead, .. } in &mut scheduled {
            ahead.no_forecast.get_or_insert(NoForecast::TooFarAhead);
        }
    }
    Ok(scheduled.into_iter().map(|it| it.ahead).collect())
}

/// Replays the events of the last 365 days.
pub(super) fn backtest(bench: &Workbench<'_>, past: &PastEvents) -> Backtest {
    let replay = Replay::run(
        past,
        bench.settings.as_of.timestamp(),
        bench.settings.show_rate,
    );
    Backtest {
        as_of: bench.settings.as_of,
        leads: replay.results(),
        calls: bench.replay_calls(),
    }
}
