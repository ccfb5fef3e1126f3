//! The clock on a group's wall.

use chrono::{DateTime, Datelike, FixedOffset, Offset, TimeZone, Utc};
use chrono_tz::Tz;

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
