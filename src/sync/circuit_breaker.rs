//! Whether Meetup can be reached at all.
//!
//! One question that stays unanswered has been retried with patience already. Several in a row mean that
//! the network or Meetup is down; asking for hundreds of further groups with the same patience would
//! take hours and find nothing. What is not asked stays due.

use crate::meetup::{AskError, Verdict};
use std::sync::atomic::{AtomicU32, Ordering};

/// Outages in a row after which a pass asks no further.
const ENOUGH: u32 = 4;
/// Why something was not asked for then.
pub(super) const NOT_ASKED: &str =
    "not asked for: Meetup had not answered several times in a row; the next pass asks again";

/// Outages in a row, over all tasks of a pass.
#[derive(Debug, Default)]
pub(super) struct CircuitBreaker(AtomicU32);

impl CircuitBreaker {
    /// A new pass looks for itself.
    pub fn clear(&self) {
        self.0.store(0, Ordering::Relaxed);
    }

    /// Notes how asking went; any answer, a refusal too, ends a row of outages.
    pub fn note<T>(&self, asked: &Result<T, AskError>) {
        match asked {
            Err(error) if error.verdict() == Verdict::RetryLater => {
                self.0.fetch_add(1, Ordering::Relaxed);
            }
            _ => self.clear(),
        }
    }

    /// Whether asking on is useless for now.
    pub fn is_bad(&self) -> bool {
        self.0.load(Ordering::Relaxed) >= ENOUGH
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outage() -> Result<(), AskError> {
        Err(AskError::Unavailable {
            operation: "NetworkEvents",
            cause: "no answer".to_owned(),
        })
    }

    #[test]
    fn four_outages_in_a_row_are_enough_and_any_answer_ends_the_row() {
        let breaker = CircuitBreaker::default();
        let refused = AskError::NotVisible {
            what: "network acme".to_owned(),
        };
        for answer in [Ok(()), Err(refused)] {
            for _ in 0..3 {
                breaker.note(&outage());
            }
            assert!(!breaker.is_bad());
            breaker.note(&answer);
        }
        for _ in 0..3 {
            breaker.note(&outage());
        }
        assert!(!breaker.is_bad());
        breaker.note(&outage());
        assert!(breaker.is_bad());
        breaker.clear();
        assert!(!breaker.is_bad());
    }
}
