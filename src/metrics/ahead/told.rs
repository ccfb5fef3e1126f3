//! What is told of an event to come.

use chrono::{DateTime, NaiveDateTime, Utc};
use serde::Serialize;

use crate::community::EventType;
use crate::metrics::rate::Rate;

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
    /// End; where Meetup says none, three hours after the start.
    #[serde(skip)]
    pub ends_at: DateTime<Utc>,
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

/// A scheduled event on its way to a forecast.
pub(super) struct Scheduled {
    pub grp: i64,
    pub held_ever: i64,
    /// What copies of a joint event that meet in one room share.
    pub place: Option<String>,
    pub ahead: Ahead,
}
