//! Counts of what was asked: for a pass's journal, for metrics, and for tests to look at.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::reading::Reading;

crate::community::closed! {
    /// What came of one request.
    CameOf {
        /// An answer.
        Answered = "answered",
        /// An answer with errors in the place of some of it.
        Partly = "partly",
        /// No points were left.
        RateLimited = "rate_limited",
        /// The access token was not accepted.
        NotSignedIn = "not_signed_in",
        /// The question was not accepted.
        Refused = "refused",
        /// No answer, or none that makes sense.
        Failed = "failed",
    }
}

/// What was asked, and how it went, since the start: as large as there are operations and outcomes.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Requests whose answer was waited for, by operation and what came of them.
    pub requests: BTreeMap<(&'static str, CameOf), u64>,
    /// Points reserved.
    pub points: u64,
    /// How long was waited, by what for.
    pub waited: BTreeMap<&'static str, Duration>,
}

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
    came: Mutex<BTreeMap<(&'static str, CameOf), u64>>,
}

impl CameOf {
    /// What an answer means, in a word.
    pub(crate) fn reading(reading: &Reading) -> Self {
        match reading {
            Reading::Data { holes, .. } if holes.is_empty() => Self::Answered,
            Reading::Data { .. } => Self::Partly,
            Reading::RateLimited { .. } => Self::RateLimited,
            Reading::SignInRefused { .. } | Reading::Forbidden { .. } => Self::NotSignedIn,
            Reading::Refused { .. } => Self::Refused,
            Reading::Again(_) => Self::Failed,
        }
    }
}

impl Tally {
    /// What came of a request.
    pub(crate) fn came(&self, operation: &'static str, of: CameOf) {
        let mut came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        *came.entry((operation, of)).or_default() += 1;
    }

    /// By operation and outcome; of each operation that was asked also what never came of it.
    pub(crate) fn outcomes(&self) -> BTreeMap<(&'static str, CameOf), u64> {
        let came = self.came.lock().unwrap_or_else(PoisonError::into_inner);
        let asked = came.keys().map(|(operation, _)| *operation);
        let mut all: BTreeMap<_, _> = asked
            .flat_map(|operation| CameOf::ALL.iter().map(move |of| ((operation, *of), 0)))
            .collect();
        all.extend(came.iter().map(|(of, n)| (*of, *n)));
        all
    }

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
