//! How forecasts and calls are judged.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::metrics::local::DAY;
use crate::metrics::pauses::Calls;
use crate::metrics::rate::Rate;

/// Days before the start at which forecasts are judged.
pub const LEAD_DAYS: [i64; 4] = [1, 3, 7, 14];
/// Further ahead nothing is forecast: it has not been tested there.
pub(in crate::metrics) const FARTHEST: i64 = 21 * DAY;
/// After a pause of so many days between events, the past says little.
pub(super) const LONG_PAUSE: i64 = 180 * DAY;

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
