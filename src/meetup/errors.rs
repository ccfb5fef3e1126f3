//! What can go wrong with Meetup, as decisions. Nothing here carries a token, a URL's query or a
//! person's name: causes are told in kinds and types.

use chrono::{DateTime, SecondsFormat, Utc};
use thiserror::Error;

use crate::community::{FailureKind, GroupId};

/// A question that got no usable answer.
#[derive(Debug, Clone, Error)]
#[non_exhaustive]
pub enum AskError {
    /// Only a person can mend it.
    #[error("sign-in needed: {cause}\n{remedy}")]
    NeedsSignIn {
        /// What Meetup refused.
        cause: String,
        /// What to do, as a sentence.
        remedy: String,
    },
    /// The budget, ours or Meetup's, leaves no room for too long.
    #[error("meetup: no points left before {}", until.to_rfc3339_opts(SecondsFormat::Secs, true))]
    Throttled {
        /// When to try again at the earliest.
        until: DateTime<Utc>,
    },
    /// Meetup cannot be reached or does not answer properly; it may tomorrow.
    #[error("meetup: {operation}: {cause}")]
    Unavailable {
        /// The operation, or `token endpoint`.
        operation: &'static str,
        /// The last failure, as a kind.
        cause: String,
    },
    /// Meetup answered null: unknown, or not for this account's eyes.
    #[error(
        "{what}: unknown to Meetup, or not visible to this account\ncheck the name, and that the account owns the network"
    )]
    NotVisible {
        /// What was asked for: `network` with its urlname, or `group` with its id.
        what: String,
    },
    /// Meetup answered that this account may not see it.
    #[error(
        "{scope}: Meetup does not show it to this account ({cause})\na network is shown to the account that owns its Pro subscription: sign in as that one with `gatherd auth login`, or name its member_id in [meetup.jwt]"
    )]
    Denied {
        /// What was asked for: `network acme`.
        scope: String,
        /// Meetup's own words.
        cause: String,
    },
    /// Part of the answer could not be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// Meetup does not accept the question itself.
    #[error(
        "{operation} refused by Meetup: {message}\nthe API may have changed; a newer gatherd may know it"
    )]
    Refused {
        /// The operation.
        operation: &'static str,
        /// Meetup's own words, cut short.
        message: String,
    },
    /// The API lost something without which the operation is of no use.
    #[error(
        "{operation}: {place} is gone from Meetup's API, and {reason}\nlook for a newer gatherd; what is mirrored stays as it is"
    )]
    Outgrown {
        /// The operation.
        operation: &'static str,
        /// What is gone: `Event.token`.
        place: String,
        /// What it was for.
        reason: &'static str,
    },
    /// The budget ledger could not be read or written.
    #[error("request budget: {0}")]
    Ledger(LedgerError),
    /// The settings cannot work; told before anything is asked.
    #[error("{0}")]
    Settings(String),
    /// The stop switch was thrown during a wait.
    #[error("stopped by a signal")]
    Stopped,
    /// The token file could not be read or written.
    #[error("token file: {0}")]
    TokenFile(String),
}

/// Why the ledger failed; it lives in a database that this room does not know.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct LedgerError {
    /// The cause and its remedy.
    pub message: String,
    /// Another process was in the way; the database itself is well.
    pub is_busy: bool,
}

/// A place in an answer that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{operation}: {path}: {cause}")]
pub struct Unreadable {
    /// The operation.
    pub operation: &'static str,
    /// Where in the answer.
    pub path: String,
    /// The kind of failure, never the value.
    pub cause: String,
}

impl Unreadable {
    /// The row of the page, from 0, where the path leads into one.
    pub fn row(&self) -> Option<u32> {
        let mut steps = self.path.split('.').skip_while(|step| *step != "edges");
        steps.nth(1)?.parse().ok()
    }
}

/// What a failure means for a pass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing else will work either.
    StopPass,
    /// The same question may work later.
    RetryLater,
    /// This group (or network) is the trouble; the others may go on.
    SkipGroup,
}

impl AskError {
    pub(crate) fn no_network(urlname: &str) -> Self {
        Self::NotVisible {
            what: format!("network {urlname}"),
        }
    }

    pub(crate) fn no_group(group: &GroupId) -> Self {
        Self::NotVisible {
            what: format!("group {group}"),
        }
    }

    /// Part of an answer could not be read: asking for fewer groups may isolate it.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }

    /// In which way something could not be read.
    pub fn kind(&self) -> FailureKind {
        match self {
            Self::NeedsSignIn { .. } | Self::Refused { .. } | Self::Outgrown { .. } => {
                FailureKind::Refused
            }
            Self::NotVisible { .. } | Self::Denied { .. } => FailureKind::NotVisible,
            Self::Unreadable(_) => FailureKind::Unreadable,
            Self::Throttled { .. }
            | Self::Unavailable { .. }
            | Self::Ledger(_)
            | Self::Settings(_)
            | Self::Stopped
            | Self::TokenFile(_) => FailureKind::Outage,
        }
    }

    /// What to do about it.
    pub fn verdict(&self) -> Verdict {
        match self {
            Self::NeedsSignIn { .. }
            | Self::Refused { .. }
            | Self::Outgrown { .. }
            | Self::Ledger(_)
            | Self::Settings(_)
            | Self::Stopped
            | Self::TokenFile(_) => Verdict::StopPass,
            Self::Throttled { .. } | Self::Unavailable { .. } => Verdict::RetryLater,
            Self::NotVisible { .. } | Self::Denied { .. } | Self::Unreadable(_) => {
                Verdict::SkipGroup
            }
        }
    }
}
