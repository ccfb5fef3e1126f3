//! A group that is measured.

use chrono::{DateTime, FixedOffset, Utc};

use super::local::LocalClock;
use super::settings::Settings;
use crate::community::{GroupStatus, TieStatus};

/// A measured group before its figures are known.
pub(super) struct Measurable {
    pub key: i64,
    pub id: String,
    pub urlname: String,
    pub name: String,
    pub link: Option<String>,
    pub city: Option<String>,
    pub country: Option<String>,
    /// Latitude and longitude, in degrees.
    pub at: Option<(f64, f64)>,
    pub timezone: Option<String>,
    pub founded_at: Option<DateTime<Utc>>,
    pub joined_network_at: Option<DateTime<Utc>>,
    pub history_complete: bool,
    pub meetup_status: GroupStatus,
    pub tie_status: Option<TieStatus>,
    pub stored_target: Option<i64>,
    pub clock: LocalClock,
}

impl Measurable {
    pub(super) fn local(&self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        self.clock.at(instant)
    }

    /// The target in force: one event every so many months.
    pub(super) fn every_months(&self, settings: &Settings) -> i64 {
        let stored = self.stored_target;
        stored.unwrap_or_else(|| settings.every_months(&self.urlname))
    }
}
