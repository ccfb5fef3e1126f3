//! What an earlier digest said, as far as later ones speak of it. No person is in it.

use chrono::{DateTime, Utc};

use super::{Cause, Status};

/// An earlier digest.
#[derive(Debug, Clone, PartialEq)]
pub struct Before {
    /// The instant it reported on, in whole seconds.
    pub as_of: DateTime<Utc>,
    /// The definitions of its figures.
    pub definitions_version: u32,
    /// Whom it asked the reader to write to, in its order.
    pub please_write_to: Vec<Named>,
    /// What it told of the network.
    pub network: NetworkBefore,
    /// How its groups stood.
    pub groups: Vec<GroupBefore>,
}

/// Whom a digest of any channel asked its readers to write to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// The instant it reported on, in whole seconds.
    pub as_of: DateTime<Utc>,
    /// In its order.
    pub please_write_to: Vec<Named>,
}

/// The network's figures in an earlier digest. None: it did not have them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[allow(missing_docs)] // as in `NetworkFigures`
pub struct NetworkBefore {
    pub groups_met_30: Option<i64>,
    pub groups_met_365: Option<i64>,
    pub events_365: Option<i64>,
    pub people_365: Option<i64>,
    pub first_timers_90: Option<i64>,
}

/// A group the reader was asked to write to, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The group's id.
    pub id: String,
    /// Its urlname.
    pub urlname: String,
    /// The causes, the most urgent first.
    pub causes: Vec<Cause>,
}

/// How a group stood in an earlier digest. What was not told of it is unknown.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)] // as in `GroupFigures`
pub struct GroupBefore {
    /// Its id.
    pub id: String,
    /// Whether it was in any figure.
    pub history_complete: bool,
    /// Its status.
    pub status: Option<Status>,
    /// The token of the event it had held last.
    pub last_event: Option<String>,
    /// The token of the event that was to come.
    pub next_event: Option<String>,
    pub streak_months: Option<i64>,
    pub events_365: i64,
    pub yes_365: i64,
    pub people_365: i64,
    /// Events of the 365 days at which attendance was marked.
    pub attendance_taken: i64,
    pub new_hosts_365: Option<i64>,
}
