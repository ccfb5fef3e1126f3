//! What a pass has seen so far, for bars and log lines. Counters only: nothing here steers a pass.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counters of the pass under way. Totals are Meetup's own tallies and may be off by hidden rows.
#[derive(Debug, Default)]
pub struct Progress {
    pub(super) groups: AtomicU64,
    pub(super) events: AtomicU64,
    pub(super) events_expected: AtomicU64,
    pub(super) rsvps: AtomicU64,
    pub(super) rosters: AtomicU64,
    pub(super) rosters_expected: AtomicU64,
    pub(super) memberships: AtomicU64,
}

/// One look at the counters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)] // the names say it
pub struct Seen {
    pub groups: u64,
    pub events: u64,
    pub events_expected: u64,
    pub rsvps: u64,
    /// Groups whose members were walked.
    pub rosters: u64,
    pub rosters_expected: u64,
    pub memberships: u64,
}

impl Progress {
    /// The counters now.
    pub fn seen(&self) -> Seen {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Seen {
            groups: read(&self.groups),
            events: read(&self.events),
            events_expected: read(&self.events_expected),
            rsvps: read(&self.rsvps),
            rosters: read(&self.rosters),
            rosters_expected: read(&self.rosters_expected),
            memberships: read(&self.memberships),
        }
    }
}

/// Adds to a counter.
pub(super) fn add(counter: &AtomicU64, by: usize) {
    counter.fetch_add(by as u64, Ordering::Relaxed);
}
