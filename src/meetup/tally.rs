//! Counts of what was asked: for a pass's journal, for metrics, and for tests to look at.

use std::sync::atomic::{AtomicU64, Ordering};

/// What was asked since the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counters {
    /// GraphQL requests sent, repetitions included.
    pub requests: u64,
    /// Points reserved for them.
    pub points: u64,
    /// Requests sent again after a failure.
    pub repeated: u64,
    /// Answers that said RATE_LIMITED.
    pub rate_limited: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Tally {
    requests: AtomicU64,
    points: AtomicU64,
    repeated: AtomicU64,
    rate_limited: AtomicU64,
}

impl Tally {
    pub(crate) fn asked(&self, points: u32) {
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.points.fetch_add(u64::from(points), Ordering::Relaxed);
    }

    pub(crate) fn repeated(&self) {
        self.repeated.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn rate_limited(&self) {
        self.rate_limited.fetch_add(1, Ordering::Relaxed);
    }

    pub(crate) fn read(&self) -> Counters {
        Counters {
            requests: self.requests.load(Ordering::Relaxed),
            points: self.points.load(Ordering::Relaxed),
            repeated: self.repeated.load(Ordering::Relaxed),
            rate_limited: self.rate_limited.load(Ordering::Relaxed),
        }
    }
}
