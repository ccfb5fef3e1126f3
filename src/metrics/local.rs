//! The clock on a group's wall.

use chrono::{DateTime, Datelike, FixedOffset, NaiveTime, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// How an unknown instant of an answer is written: before all others.
pub(super) const UNKNOWN: i64 = -i64::MAX;
/// A day of 86,400 seconds.
pub(super) const DAY: i64 = 86_400;

/// How a group tells the time: by its zone, or by a fixed offset where the zone is unknown.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum LocalClock {
    /// An IANA zone, legacy names included.
    Zone(Tz),
    /// Seconds east of UTC of the group's latest event; UTC where it has none.
    Offset(FixedOffset),
}

impl LocalClock {
    /// The clock of a zone's name, else of an offset in seconds east of UTC.
    pub fn of(timezone: Option<&str>, latest_offset: Option<i64>) -> Self {
        if let Some(zone) = timezone.and_then(|name| name.trim().parse().ok()) {
            return Self::Zone(zone);
        }
        let offset = latest_offset
            .and_then(|seconds| i32::try_from(seconds).ok())
            .and_then(FixedOffset::east_opt);
        Self::Offset(offset.unwrap_or_else(|| Utc.fix()))
    }

    /// An instant by this clock.
    pub fn at(&self, instant: DateTime<Utc>) -> DateTime<FixedOffset> {
        match self {
            Self::Zone(zone) => instant.with_timezone(zone).fixed_offset(),
            Self::Offset(offset) => offset.from_utc_datetime(&instant.naive_utc()),
        }
    }
}

/// When the local dates begin that bound the week before A's date and the one that begins with it, by the
/// clock of the schedule: seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Weeks {
    /// The date 7 days before A's.
    pub before: i64,
    /// A's own.
    pub today: i64,
    /// The date 7 days after it.
    pub after: i64,
}

impl Weeks {
    pub(super) fn around(as_of: DateTime<Utc>, zone: Tz) -> Self {
        let today = as_of.with_timezone(&zone).date_naive();
        let begins = |days: i64| {
            let date = today + TimeDelta::days(days);
            // Where clocks skip midnight, a date begins up to some hours later: nowhere more than a day.
            (0..24 * 4)
                .filter_map(|quarters| {
                    let wall = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(15 * quarters);
                    zone.from_local_datetime(&wall).earliest()
                })
                .map(|first| first.timestamp())
                .next()
                .unwrap_or_else(|| date.and_time(NaiveTime::MIN).and_utc().timestamp())
        };
        Self {
            before: begins(-7),
            today: begins(0),
            after: begins(7),
        }
    }
}

/// The months since year 0 up to a date's own.
pub(super) fn month_number(date: DateTime<FixedOffset>) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

/// `YYYY-MM` of a month number.
pub(super) fn month_text(month: i64) -> String {
    format!(
        "{:04}-{:02}",
        month.div_euclid(12),
        month.rem_euclid(12) + 1
    )
}

/// An instant of the mirror: whole seconds since 1970.
pub(super) fn instant(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap_or_default()
}
