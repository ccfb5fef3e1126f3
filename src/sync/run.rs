//! What a pass carries along and what it leaves behind.

use crate::{
    community::{FailureKind, GroupId, GroupName, Scope, shown},
    meetup::{AskError, Verdict},
    mirror::{MirrorError, NewFailure, PassOutcome},
};
use futures_util::{Stream, StreamExt};
use std::collections::{BTreeMap, HashMap, HashSet};

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

/// One thing that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// What.
    pub scope: Scope,
    /// In which way.
    pub kind: FailureKind,
    /// What went wrong and what to do.
    pub message: String,
    /// Only some of it failed: the rest was read.
    pub is_part: bool,
    /// Of a network that failed in part: the groups that were not read.
    pub groups: Vec<GroupId>,
    /// Of a group that failed in part: the events that were not read, or not in full.
    pub events: Vec<String>,
    /// It failed before and is left alone for a while: it was not asked for.
    pub is_waiting: bool,
}

impl Failure {
    /// All of something failed.
    pub(super) fn of(scope: Scope, kind: FailureKind, message: impl Into<String>) -> Self {
        Self {
            scope,
            kind,
            message: message.into(),
            is_part: false,
            groups: Vec::new(),
            events: Vec::new(),
            is_waiting: false,
        }
    }

    /// Some groups of a network failed, and the rest of it was read.
    pub(super) fn of_some(self, groups: impl IntoIterator<Item = GroupId>) -> Self {
        Self {
            is_part: true,
            groups: groups.into_iter().collect(),
            ..self
        }
    }

    /// Some events of a group failed, or some of their RSVPs, and the rest of it was read.
    pub(super) fn of_events(
        group: &GroupId,
        events: impl IntoIterator<Item = String>,
        cause: impl Into<String>,
    ) -> Self {
        Self {
            is_part: true,
            events: events.into_iter().collect(),
            ..Self::of(Scope::group_of(group), FailureKind::Unreadable, cause)
        }
    }

    /// The message, with the events that it is about.
    fn told(&self) -> String {
        const NAMED: usize = 5;
        let count = self.events.len();
        if count == 0 {
            return self.message.clone();
        }
        let mut names = self.events[..count.min(NAMED)].join(", ");
        if count > NAMED {
            names.push_str(&format!(" and {} more", count - NAMED));
        }
        let what = if count == 1 { "an event" } else { "events" };
        format!(
            "{what} could not be read in full: {names} ({})\n\
             the rest of the group was read, and what was known of this stays; each pass asks again",
            self.message
        )
    }

    /// As the mirror keeps it: the groups of a network that failed in part each fail.
    pub(super) fn noted(&self) -> Vec<NewFailure> {
        let note = |scope: Scope, network: Option<&str>, is_part: bool| NewFailure {
            scope,
            network: network.map(str::to_owned),
            kind: self.kind,
            message: self.message.clone(),
            is_part,
            is_waiting: self.is_waiting,
        };
        let groups = self.groups.iter().map(Scope::group_of);
        std::iter::once(note(self.scope.clone(), None, self.is_part))
            .chain(groups.map(|scope| note(scope, self.scope.name(), false)))
            .collect()
    }
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

impl From<Outcome> for PassOutcome {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Partly => Self::Partly,
            Outcome::Failed => Self::Failed,
        }
    }
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

/// The notes of a pass under way: what was read, what failed.
#[derive(Debug, Default)]
pub(super) struct Run {
    failures: BTreeMap<Scope, Failure>,
    read: Vec<Scope>,
    is_ready: bool,
    has_outside: bool,
}

/// What a pass came to.
pub(super) struct Closed {
    pub outcome: Outcome,
    pub failures: Vec<Failure>,
    /// What was read to its end, and of what nothing as a whole failed.
    pub read: Vec<Scope>,
    pub is_good: bool,
    pub has_outside: bool,
}

impl Run {
    /// Something was read to its end.
    pub fn read(&mut self, scope: Scope) {
        self.read.push(scope);
    }

    /// There is something that was read before and need not be asked for.
    pub fn has_some_already(&mut self) {
        self.is_ready = true;
    }

    /// The groups outside networks were asked for.
    pub fn read_outside(&mut self) {
        self.has_outside = true;
    }

    /// Notes that all of something failed; the first message stands.
    pub fn failed(&mut self, scope: Scope, kind: FailureKind, message: impl Into<String>) {
        self.note(Failure::of(scope, kind, message));
    }

    /// Notes a failure. What fails as a whole outweighs what fails in part; else the first message stands.
    pub fn note(&mut self, failure: Failure) {
        tracing::warn!(
            scope = %shown(&failure.scope.to_string()),
            "{}",
            shown(&failure.message).replace('\n', "; ")
        );
        self.merge(failure);
    }

    fn merge(&mut self, failure: Failure) {
        match self.failures.get_mut(&failure.scope) {
            None => drop(self.failures.insert(failure.scope.clone(), failure)),
            Some(known) if known.is_part && failure.is_part => {
                known.groups.extend(failure.groups);
                let fresh = failure.events.into_iter();
                let mut fresh: Vec<String> =
                    fresh.filter(|it| !known.events.contains(it)).collect();
                known.events.append(&mut fresh);
            }
            Some(known) if known.is_part => {
                let groups = std::mem::take(&mut known.groups);
                *known = Failure { groups, ..failure };
            }
            Some(_) => {}
        }
    }

    /// Takes what another task noted.
    pub fn absorb(&mut self, other: Run) {
        self.read.extend(other.read);
        self.is_ready |= other.is_ready;
        self.has_outside |= other.has_outside;
        for failure in other.failures.into_values() {
            self.merge(failure);
        }
    }

    /// Passes an error on when it must end the pass; else notes it.
    pub fn tolerate(&mut self, scope: Scope, error: AskError) -> Result<(), SyncError> {
        self.tolerate_as(error, |kind, message| Failure::of(scope, kind, message))
    }

    /// The same, for what is more to tell of.
    pub fn tolerate_as(
        &mut self,
        error: AskError,
        failure: impl FnOnce(FailureKind, String) -> Failure,
    ) -> Result<(), SyncError> {
        match error.verdict() {
            _ if matches!(error, AskError::Stopped) => Err(SyncError::Stopped),
            Verdict::StopPass => Err(SyncError::Ask(error)),
            Verdict::RetryLater | Verdict::SkipGroup => {
                self.note(failure(error.kind(), error.to_string()));
                Ok(())
            }
        }
    }

    /// Whether Meetup did not answer for something.
    pub fn has_outage(&self) -> bool {
        let mut failures = self.failures.values();
        failures.any(|failure| failure.kind == FailureKind::Outage && !failure.is_waiting)
    }

    /// What failed so far, groups by id or urlname as they were noted; a group of which only some events
    /// failed was read.
    pub fn failed_scopes(&self) -> HashSet<Scope> {
        let groups = self.failures.values().flat_map(|failure| &failure.groups);
        let groups = groups.map(Scope::group_of);
        let failed = self.failures.values().filter(|it| it.events.is_empty());
        failed.map(|it| it.scope.clone()).chain(groups).collect()
    }

    /// The failures so far by the names that groups have now, and how the pass ended if it ended now.
    pub fn close(self, names: &HashMap<GroupId, String>) -> Closed {
        let has_read = self.is_ready || !self.read.is_empty();
        let outcome = if self.failures.is_empty() {
            Outcome::Done
        } else if !has_read && self.has_outage() {
            Outcome::Failed
        } else {
            Outcome::Partly
        };
        let mut named: BTreeMap<Scope, Failure> = BTreeMap::new();
        for mut failure in self.failures.into_values() {
            if let Scope::Group(GroupName::Id(id)) = &failure.scope
                && let Some(urlname) = names.get(id)
            {
                failure.scope = Scope::group(urlname);
            }
            // They name what Meetup calls so, and are read on terminals.
            failure.message = shown(&failure.told());
            named.entry(failure.scope.clone()).or_insert(failure);
        }
        let fails = |scope: &Scope| named.get(scope).is_some_and(|failure| !failure.is_part);
        // One that is refused for being too small was read, if only in part.
        let is_unread = |failure: &Failure| {
            matches!(failure.scope, Scope::Network(_))
                && !failure.is_part
                && failure.kind != FailureKind::Shrunken
        };
        let is_good = match outcome {
            Outcome::Done => true,
            Outcome::Partly => has_read && !named.values().any(is_unread),
            Outcome::Failed => false,
        };
        let mut read = self.read;
        read.retain(|scope| !fails(scope));
        Closed {
            outcome,
            failures: named.into_values().collect(),
            read,
            is_good,
            has_outside: self.has_outside,
        }
    }
}
