//! Pace: the budget before each request, the pauses between attempts, and how large a page to ask.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use rand::Rng;

use super::errors::{AskError, LedgerError};
use super::settings::Waits;
use super::waiting::{BUDGET, WaitingRoom};
use crate::off_thread::off_thread;

/// The budget ledger's functions. They live in the database, which this room does not know, and
/// block: they are called outside the async threads.
pub struct Ledger {
    /// Reserves points for an operation with so many root fields.
    pub reserve: ReserveFn,
    /// A reservation's request is over, answered or not, with so many rows: its points count until one
    /// window later.
    pub answered: AnsweredFn,
    /// A reservation's request was refused for want of points: its number, the instant (ms) before which
    /// nothing may be asked, and how many points Meetup says were used up.
    pub refused: RefusedFn,
}

/// See [`Ledger::reserve`].
pub type ReserveFn = Box<dyn Fn(&str, u32) -> Result<Reserve, LedgerError> + Send + Sync>;
/// See [`Ledger::answered`].
pub type AnsweredFn = Box<dyn Fn(i64, u32) -> Result<(), LedgerError> + Send + Sync>;
/// See [`Ledger::refused`].
pub type RefusedFn = Box<dyn Fn(i64, i64, Option<u32>) -> Result<(), LedgerError> + Send + Sync>;

/// What the ledger says to a wish to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reserve {
    /// Ask now.
    Granted {
        /// The number of this question; later questions have higher ones.
        asked: i64,
        /// The points it is believed to cost.
        points: u32,
    },
    /// Not before this instant, in milliseconds since 1970.
    Wait {
        /// The instant.
        until_ms: i64,
    },
}

/// How long the ledger is left alone while it says wait; another process may free points earlier.
const LEDGER_NAP: Duration = Duration::from_secs(10);
/// And this long at least, so that a ledger whose clock differs from ours is not asked in a tight loop.
const SHORTEST_NAP: Duration = Duration::from_millis(10);

/// Waits until the ledger grants the question: its number and its points.
pub(crate) async fn reserve(
    ledger: &Arc<Ledger>,
    operation: &'static str,
    root_fields: u32,
    waits: &Waits,
    room: &WaitingRoom,
) -> Result<(i64, u32), AskError> {
    let started = Instant::now();
    loop {
        let answer = blocking(ledger, move |it| (it.reserve)(operation, root_fields)).await?;
        let until_ms = match answer {
            Reserve::Granted { asked, points } => return Ok((asked, points)),
            Reserve::Wait { until_ms } => until_ms,
        };
        let left = u64::try_from(until_ms - Utc::now().timestamp_millis()).unwrap_or(0);
        if started.elapsed() >= waits.budget {
            let until = DateTime::from_timestamp_millis(until_ms).unwrap_or_else(Utc::now);
            return Err(AskError::Throttled { until });
        }
        let left = Duration::from_millis(left);
        let nap = left.max(SHORTEST_NAP).min(LEDGER_NAP).min(waits.budget);
        tracing::trace!(operation, ?left, "no points left");
        room.wait(BUDGET, nap, left).await?;
    }
}

/// Tells the ledger that a request is over.
pub(crate) async fn answered(ledger: &Arc<Ledger>, asked: i64, rows: u32) -> Result<(), AskError> {
    blocking(ledger, move |it| (it.answered)(asked, rows)).await
}

/// Tells the ledger that a request was refused for want of points.
pub(crate) async fn refused(
    ledger: &Arc<Ledger>,
    asked: i64,
    wait: Duration,
    consumed: Option<u32>,
) -> Result<(), AskError> {
    let wait = TimeDelta::from_std(wait).unwrap_or_default();
    let not_before_ms = (Utc::now() + wait).timestamp_millis();
    blocking(ledger, move |it| {
        (it.refused)(asked, not_before_ms, consumed)
    })
    .await
}

async fn blocking<T: Send + 'static>(
    ledger: &Arc<Ledger>,
    call: impl FnOnce(&Ledger) -> Result<T, LedgerError> + Send + 'static,
) -> Result<T, AskError> {
    let ledger = Arc::clone(ledger);
    off_thread(move || call(&ledger))
        .await
        .map_err(AskError::Ledger)
}

/// The pause before attempt `attempt + 1`: doubling, capped, and drawn from its upper half so that
/// askers who failed together do not come back together.
pub(crate) fn pause(waits: &Waits, attempt: u32) -> Duration {
    let doubled = waits
        .first_pause
        .saturating_mul(1_u32 << attempt.saturating_sub(1).min(16));
    doubled
        .min(waits.longest_pause)
        .mul_f64(rand::rng().random_range(0.5..=1.0))
}

/// How many rows an operation asks per page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageLimits {
    /// Asked while all goes well.
    pub(crate) most: u32,
    /// Never fewer.
    pub(crate) least: u32,
}

impl PageLimits {
    /// Up to `most`, and down to ten.
    pub(crate) fn up_to(most: u32) -> Self {
        let most = most.max(1);
        Self {
            most,
            least: SMALLEST_PAGE.min(most),
        }
    }
}

/// Smaller pages would only make more requests.
const SMALLEST_PAGE: u32 = 10;
/// A smaller cap is more likely a mistake than a rule, and asking for more than is given does no harm.
const LEAST_KNOWN: u32 = 50;
/// Pages of the current size that must succeed before a larger one is tried.
const SUCCESSES_TO_GROW: u32 = 8;

/// A listing of the API that has a cap of its own on the rows of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// A network's groups.
    Groups,
    /// A network's events.
    Events,
    /// One group's events.
    GroupEvents,
    /// A group's memberships.
    Memberships,
    /// An event's RSVPs.
    Rsvps,
}

impl Listing {
    /// The operations that walk it.
    pub(crate) fn operations(self) -> &'static [&'static str] {
        match self {
            Self::Groups => &["NetworkGroups", "NetworkGroupIds"],
            Self::Events => &["NetworkEvents", "NetworkEventsRiding", "NetworkEventIds"],
            Self::GroupEvents => &["GroupEvents", "GroupEventsRiding", "GroupEventIds"],
            Self::Memberships => &["GroupMemberships"],
            Self::Rsvps => &["EventRsvps", "EventRsvpIds", "EventRsvpRows"],
        }
    }
}

/// The page size of each operation: halved when a page fails for its size, doubled after several
/// pages that did not.
#[derive(Debug, Default)]
pub(crate) struct PageSizes {
    found: Mutex<HashMap<&'static str, (u32, u32)>>,
    /// The most that Meetup is known to give.
    known: Mutex<HashMap<&'static str, u32>>,
}

impl PageSizes {
    /// Rows to ask now.
    pub(crate) fn now(&self, operation: &'static str, limits: PageLimits) -> u32 {
        let sizes = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let most = known
            .get(operation)
            .map_or(limits.most, |most| limits.most.min(*most));
        sizes
            .get(operation)
            .map_or(most, |(rows, _)| (*rows).min(most))
    }

    /// These operations get so many rows at most.
    pub(crate) fn know(&self, operations: &'static [&'static str], rows: u32) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(operations.iter().map(|it| (*it, rows.max(LEAST_KNOWN))));
    }

    /// A page of `rows` failed for its size; whether the next one is smaller. Pages that were asked before
    /// the shrinking count once.
    pub(crate) fn failed(&self, operation: &'static str, limits: PageLimits, rows: u32) -> bool {
        let mut sizes = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let entry = sizes.entry(operation).or_insert((limits.most, 0));
        if rows <= entry.0 {
            *entry = ((rows / 2).max(limits.least).min(limits.most), 0);
            tracing::trace!(operation, rows = entry.0, "asking smaller pages");
        }
        entry.0 < rows
    }

    /// Pages that were made smaller in vain: the size was not the matter, and is `rows` again.
    pub(crate) fn restore(&self, operation: &'static str, limits: PageLimits, rows: u32) {
        let mut sizes = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        sizes.insert(operation, (rows.clamp(limits.least, limits.most), 0));
    }

    /// A page of `rows` came well.
    pub(crate) fn succeeded(&self, operation: &'static str, limits: PageLimits, rows: u32) {
        let mut sizes = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(entry) = sizes.get_mut(operation) else {
            return;
        };
        if entry.0 >= limits.most || rows < entry.0 {
            return;
        }
        entry.1 += 1;
        if entry.1 >= SUCCESSES_TO_GROW {
            *entry = (entry.0.saturating_mul(2).min(limits.most), 0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: PageLimits = PageLimits {
        most: 500,
        least: 10,
    };

    #[test]
    fn a_page_halves_when_it_fails_and_doubles_after_several_successes() {
        let sizes = PageSizes::default();
        assert_eq!(sizes.now("it", LIMITS), 500);
        sizes.failed("it", LIMITS, 500);
        sizes.failed("it", LIMITS, 500);
        assert_eq!(
            sizes.now("it", LIMITS),
            250,
            "two pages asked at 500 shrink it once"
        );
        for _ in 0..SUCCESSES_TO_GROW {
            assert_eq!(sizes.now("it", LIMITS), 250);
            sizes.succeeded("it", LIMITS, 250);
        }
        assert_eq!(sizes.now("it", LIMITS), 500);
        for _ in 0..10 {
            sizes.failed("it", LIMITS, sizes.now("it", LIMITS));
        }
        assert_eq!(sizes.now("it", LIMITS), 10);
        assert_eq!(sizes.now("another", LIMITS), 500);
    }

    #[test]
    fn pauses_double_up_to_the_cap() {
        let waits = Waits::default();
        for (attempt, cap) in [(1, 500), (2, 1000), (3, 2000), (7, 30_000), (60, 30_000)] {
            let pause = pause(&waits, attempt);
            assert!(pause <= Duration::from_millis(cap), "{attempt}: {pause:?}");
            assert!(
                pause >= Duration::from_millis(cap / 2),
                "{attempt}: {pause:?}"
            );
        }
    }
}
