//! Every wait of this room: told when it is long, and ended at once by the stop switch.
//!
//! Meetup may ask for minutes of patience. A person who presses Ctrl-C then must not wait for them, and
//! one who watches must know what is waited for and until when.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use tokio::sync::watch;

use super::errors::AskError;

/// Something that is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitedFor {
    /// For programs.
    key: &'static str,
    /// For people.
    words: &'static str,
}

/// Points, as they are configured.
pub(crate) const BUDGET: WaitedFor = WaitedFor {
    key: "budget",
    words: "the request budget",
};
/// Points, as Meetup counts them.
pub(crate) const REFUSAL: WaitedFor = WaitedFor {
    key: "rate_limited",
    words: "Meetup, which refused for want of points",
};
/// A better moment.
pub(crate) const FAILURE: WaitedFor = WaitedFor {
    key: "failed",
    words: "Meetup, which did not answer properly",
};
/// A better moment for renewing the sign-in,
pub(crate) const RENEWAL: WaitedFor = WaitedFor {
    key: "renewal",
    words: "Meetup's token endpoint",
};
/// and somebody else who does.
pub(crate) const OTHER_RENEWAL: WaitedFor = WaitedFor {
    key: "other_renewal",
    words: "another process that is renewing the sign-in",
};
const ALL: [WaitedFor; 5] = [BUDGET, REFUSAL, FAILURE, RENEWAL, OTHER_RENEWAL];

/// Waits from this length on are told.
const TOLD: Duration = Duration::from_secs(3);
/// Two waits for the same that end so close together are told once.
const SAME: TimeDelta = TimeDelta::seconds(3);

/// Thrown once, by a signal: what is under way is finished, and nothing is waited for any more. Clones
/// are the same switch.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }
}

impl Stop {
    /// Throws it; a second time changes nothing.
    pub fn throw(&self) {
        self.0.send_replace(true);
    }

    /// Whether it was thrown.
    pub fn is_thrown(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once it is thrown.
    pub async fn thrown(&self) {
        // The sender lives as long as this switch, so the only way out is the value.
        let _ = self.0.subscribe().wait_for(|thrown| *thrown).await;
    }

    /// Returns so long after it was thrown: for what may still be finished, but not for ever.
    pub async fn is_late(&self, grace: Duration) {
        self.thrown().await;
        tokio::time::sleep(grace).await;
    }
}

/// What is being waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Such as `the request budget`.
    pub what: &'static str,
    /// Until when, as far as is known.
    pub until: DateTime<Utc>,
}

/// Where questions wait.
#[derive(Debug, Default)]
pub(crate) struct WaitingRoom {
    stop: Stop,
    latest: Mutex<Option<Waiting>>,
    waited: Mutex<BTreeMap<&'static str, Duration>>,
}

impl WaitingRoom {
    /// Waits for `nap`, of the `span` that is left; an error at once when the switch is thrown.
    pub(crate) async fn wait(
        &self,
        what: WaitedFor,
        nap: Duration,
        span: Duration,
    ) -> Result<(), AskError> {
        self.tell(what.words, span);
        let began = Instant::now();
        let ended = tokio::select! {
            () = tokio::time::sleep(nap) => Ok(()),
            () = self.stop.thrown() => Err(AskError::Stopped),
        };
        let mut waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        *waited.entry(what.key).or_default() += began.elapsed();
        ended
    }

    /// How long was waited so far, by what for.
    pub(crate) fn waited(&self) -> BTreeMap<&'static str, Duration> {
        let waited = self.waited.lock().unwrap_or_else(PoisonError::into_inner);
        let of = |it: WaitedFor| (it.key, waited.get(it.key).copied().unwrap_or_default());
        BTreeMap::from(ALL.map(of))
    }

    /// An error once the switch is thrown: then nothing is begun any more.
    pub(crate) fn check(&self) -> Result<(), AskError> {
        if self.stop.is_thrown() {
            Err(AskError::Stopped)
        } else {
            Ok(())
        }
    }

    /// The stop switch.
    pub(crate) fn stop(&self) -> &Stop {
        &self.stop
    }

    /// What is being waited for now, if it is worth telling.
    pub(crate) fn waiting(&self) -> Option<Waiting> {
        let latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        latest.filter(|it| Utc::now() < it.until)
    }

    fn tell(&self, what: &'static str, span: Duration) {
        if span < TOLD {
            return;
        }
        let until = Utc::now() + TimeDelta::from_std(span).unwrap_or(TimeDelta::days(1));
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        let is_told = latest
            .as_ref()
            .is_some_and(|it| it.what == what && (until - it.until).abs() <= SAME);
        if !is_told {
            let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
            tracing::info!("waiting for {what}, until {until}");
        }
        *latest = Some(Waiting { what, until });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn the_switch_ends_a_wait_that_has_begun_and_one_that_has_not() {
        let room = Arc::new(WaitingRoom::default());
        let hour = Duration::from_secs(3600);
        let waiting = tokio::spawn({
            let room = Arc::clone(&room);
            async move { room.wait(FAILURE, hour, hour).await }
        });
        while room.waiting().is_none() {
            tokio::task::yield_now().await;
        }
        assert!(!room.stop().is_thrown());
        room.stop().throw();
        let ended = waiting.await;
        assert!(matches!(ended, Ok(Err(AskError::Stopped))), "{ended:?}");
        let again = room.wait(FAILURE, hour, hour).await;
        assert!(matches!(again, Err(AskError::Stopped)), "{again:?}");
    }

    #[tokio::test]
    async fn what_is_waited_for_is_known_while_it_is_worth_telling() {
        let room = WaitingRoom::default();
        let moment = Duration::from_millis(1);
        assert!(room.wait(REFUSAL, moment, moment).await.is_ok());
        assert_eq!(room.waiting(), None);
        assert!(
            room.wait(BUDGET, moment, Duration::from_secs(60))
                .await
                .is_ok()
        );
        assert_eq!(room.waiting().map(|it| it.what), Some(BUDGET.words));
    }
}
