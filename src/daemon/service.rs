//! What a service manager (systemd) is told: that the daemon runs, reads its configuration again, ends, and that its
//! lanes move. Where none started it, nothing is said to anybody.

use std::time::Duration;

/// A lane may stand so long whatever the watchdog's time is: one that rests knowingly moves more often.
const SHORTEST: Duration = Duration::from_secs(30);

/// More often than this no sign is given, whatever is asked for.
const MOST_OFTEN: Duration = Duration::from_millis(100);

/// Where the daemon stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Stage {
    /// Its lanes run.
    Runs,
    /// It reads its configuration again.
    Reloads,
    /// It ends.
    Ends,
}

/// What the service manager asks of us, from the environment: a sign of life at least so often, or it starts us anew.
#[derive(Debug, Clone, Copy)]
pub(super) struct Watchdog {
    every: Duration,
}

impl Watchdog {
    /// How often the sign is given where all is well: twice as often as is asked for.
    pub(super) fn turn(self) -> Duration {
        (self.every / 2).max(MOST_OFTEN)
    }

    /// The sign is withheld once a lane has stood for so long.
    pub(super) fn patience(self) -> Duration {
        self.every.max(SHORTEST)
    }
}

#[cfg(unix)]
mod systemd {
    use super::{Stage, Watchdog};
    use sd_notify::NotifyState;

    impl Stage {
        /// Says so.
        pub(in crate::daemon) fn tell(self) {
            let told = match self {
                Self::Runs => sd_notify::notify(&[NotifyState::Ready]),
                // Newer managers want to know since when.
                Self::Reloads => NotifyState::monotonic_usec_now()
                    .and_then(|now| sd_notify::notify(&[NotifyState::Reloading, now])),
                Self::Ends => sd_notify::notify(&[NotifyState::Stopping]),
            };
            if let Err(error) = told {
                tracing::warn!(
                    "the service manager at NOTIFY_SOCKET cannot be told how this stands: {error}"
                );
            }
        }
    }

    impl Watchdog {
        /// The one that watches this process, if any.
        pub(in crate::daemon) fn of_this_process() -> Option<Self> {
            sd_notify::watchdog_enabled().map(|every| Self { every })
        }

        /// Gives the sign of life; one that is lost is followed by another. It may block.
        pub(in crate::daemon) fn ping(self) {
            if let Err(error) = sd_notify::notify(&[NotifyState::Watchdog]) {
                tracing::debug!("no sign of life to the service manager: {error}");
            }
        }
    }
}

#[cfg(not(unix))]
mod systemd {
    use super::{Stage, Watchdog};

    impl Stage {
        pub(in crate::daemon) fn tell(self) {}
    }

    impl Watchdog {
        pub(in crate::daemon) fn of_this_process() -> Option<Self> {
            None
        }

        pub(in crate::daemon) fn ping(self) {}
    }
}
