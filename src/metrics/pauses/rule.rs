//! Days, and when a call is worth it.

/// Seconds.
pub(super) const DAY: i64 = 86_400;
/// A pause is long once nothing has started in so many seconds.
pub(super) const LONG: i64 = 180 * DAY;
/// No group has to wait longer for a call than so many days, whatever its target.
const AT_LATEST: i64 = 150;

/// When a call is worth it.
#[derive(Debug, Clone, Copy)]
pub(in crate::metrics) struct CallRule {
    /// From so many days on, for a group that is to meet every month.
    pub after: i64,
    /// From such a share of pauses alike on.
    pub at: f64,
}

impl CallRule {
    /// The days for a group that is to meet once in so many months.
    pub(super) fn after_days(self, every_months: i64) -> i64 {
        (self.after + 30 * (every_months - 1)).min(AT_LATEST)
    }
}
