//! Expected turnout of scheduled events, and how good such forecasts were so far.
//!
//! A forecast takes who said yes by now, the share of the final yes that past events had as long before
//! their start, and the share of those who then came. It is only told while, replayed over the events
//! of the last 365 days, it errs less than "all who said yes come" did at about the same lead time.

mod forecast;
mod judged;
mod orders;
mod past;
mod replay;
mod told;

use super::local::instant;
use super::sql::sql;
use super::workbench::Workbench;
pub(super) use past::{Past, PastEvents, PastReader};
use replay::Replay;
use told::Scheduled;

pub(super) use judged::FARTHEST;
pub use judged::{Backtest, LEAD_DAYS, LeadResult};
pub use told::{Ahead, Basis, Counts, Expected, NoForecast, Order, ShowBasis};

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
            ends_at: instant(row.get("ends_at")?),
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

/// Whether what is told of an event, found from its own group's past alone, may come out otherwise by the past
/// of others: by a forecast that has to be proven there, or an order together with copies of it.
pub(super) fn rests_on_others(ahead: &Ahead, as_of: i64) -> bool {
    let is_near = ahead.starts_at.timestamp() - as_of <= orders::NEAR;
    ahead.expected.is_some()
        || ahead.no_forecast == Some(NoForecast::NotProven)
        || (ahead.joint.is_some() && is_near)
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
