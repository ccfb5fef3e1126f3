//! What a pass carries along and what it leaves behind.

use crate::{
    community::shown,
    meetup::{AskError, Verdict},
    mirror::MirrorError,
};
use futures_util::{Stream, StreamExt};
use std::collections::{BTreeMap, HashSet};

/// Why a pass ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum SyncError {
    /// Meetup cannot be asked any further (sign-in, a refused operation, the ledger).
    #[error(transparent)]
    Ask(AskError),
    /// The mirror cannot be written or read.
    #[error(transparent)]
    Mirror(#[from] MirrorError),
    /// A signal came; the page in hand was finished.
    #[error("stopped by a signal; what was read is kept, and the next run goes on from there")]
    Stopped,
}

/// One scope that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// `network acme`, `group acme-berlin`.
    pub scope: String,
    /// What went wrong and what to do.
    pub message: String,
    /// Meetup did not answer at all, as opposed to answering with a problem of this scope.
    pub is_outage: bool,
}

/// How a pass ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All that was to be read was read.
    Done,
    /// Some scopes failed; they are listed.
    Partly,
    /// Nothing could be read.
    Failed,
}

/// What a pass did.
#[derive(Debug, Clone)]
pub struct PassReport {
    /// How it ended.
    pub outcome: Outcome,
    /// Scopes that failed, by name.
    pub failures: Vec<Failure>,
    /// Questions asked, retries included.
    pub requests: u64,
    /// Points spent by our own count.
    pub points: u64,
    /// Rows of the mirror that were inserted or changed.
    pub rows_changed: u64,
    /// Units of work left over, to be worked by later passes.
    pub units_left: u64,
    /// What Meetup's API has no more, so that it was not read.
    pub cut: Vec<String>,
}

/// Takes the notes of tasks as they end. The first error ends the rest, but for a signal: then the
/// pages in hand are finished, and what has not begun sees the signal by itself.
pub(super) async fn gathered(
    tasks: impl Stream<Item = Result<Run, SyncError>>,
    into: &mut Run,
) -> Result<(), SyncError> {
    let mut tasks = std::pin::pin!(tasks);
    let mut is_stopped = false;
    while let Some(ended) = tasks.next().await {
        match ended {
            Ok(run) => into.absorb(run),
            Err(SyncError::Stopped) => is_stopped = true,
            Err(error) => return Err(error),
        }
    }
    if is_stopped {
        Err(SyncError::Stopped)
    } else {
        Ok(())
    }
}

/// The notes of a pass under way: which scopes were read, which failed.
#[derive(Debug, Default)]
pub(super) struct Run {
    failures: BTreeMap<String, Failure>,
    scopes_read: usize,
}

impl Run {
    /// A scope was read to its end.
    pub fn read(&mut self) {
        self.scopes_read += 1;
    }

    /// Notes a failed scope; the first message stands.
    pub fn failed(&mut self, scope: String, message: String, is_outage: bool) {
        tracing::warn!(
            scope = %shown(&scope),
            "{}",
            shown(&message).replace('\n', "; ")
        );
        self.failures.entry(scope.clone()).or_insert(Failure {
            scope,
            message,
            is_outage,
        });
    }

    /// Takes what another task noted.
    pub fn absorb(&mut self, other: Run) {
        self.scopes_read += other.scopes_read;
        for (scope, failure) in other.failures {
            self.failures.entry(scope).or_insert(failure);
        }
    }

    /// Passes an error on when it must end the pass; else notes it for its scope.
    pub fn tolerate(
        &mut self,
        scope: impl FnOnce() -> String,
        error: AskError,
    ) -> Result<(), SyncError> {
        match error.verdict() {
            _ if matches!(error, AskError::Stopped) => Err(SyncError::Stopped),
            Verdict::StopPass => Err(SyncError::Ask(error)),
            verdict => {
                self.failed(scope(), error.to_string(), verdict == Verdict::RetryLater);
                Ok(())
            }
        }
    }

    /// Whether Meetup did not answer for some scope.
    pub fn has_outage(&self) -> bool {
        self.failures.values().any(|failure| failure.is_outage)
    }

    /// The names of the scopes that failed so far.
    pub fn failed_scopes(&self) -> HashSet<String> {
        self.failures.keys().cloned().collect()
    }

    /// The failures so far, and how the pass ended if it ended now.
    pub fn close(self) -> (Outcome, Vec<Failure>) {
        let outcome = if self.failures.is_empty() {
            Outcome::Done
        } else if self.scopes_read == 0 && self.has_outage() {
            Outcome::Failed
        } else {
            Outcome::Partly
        };
        // They name what Meetup calls so, and are read on terminals.
        let shown = |failure: Failure| Failure {
            scope: shown(&failure.scope),
            message: shown(&failure.message),
            ..failure
        };
        (outcome, self.failures.into_values().map(shown).collect())
    }
}
