//! Exit codes, and which of them tells an error.

use super::{Misused, outbox::OutboxUnusable};
use crate::{
    config::Problems,
    meetup::AskError,
    mirror::{LockError, MirrorError},
    sync::{Outcome, SyncError},
};

/// What a script can tell from the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All done.
    Done = 0,
    /// Failed, or a check that did not pass.
    Failed = 1,
    /// The command line was wrong.
    Usage = 2,
    /// Some groups, networks or channels failed; they are listed.
    Partly = 3,
    /// A person must sign in.
    SignIn = 4,
    /// The configuration is wrong.
    Config = 5,
    /// The database cannot be used.
    Database = 6,
    /// Another pass holds the database.
    Held = 7,
}

impl Exit {
    /// What another gatherd ended with.
    pub(crate) fn of_code(code: i32) -> Self {
        let known = [
            Self::Done,
            Self::Usage,
            Self::Partly,
            Self::SignIn,
            Self::Config,
            Self::Database,
            Self::Held,
        ];
        let told = known.into_iter().find(|it| *it as i32 == code);
        told.unwrap_or(Self::Failed)
    }
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::Done,
            Outcome::Partly => Self::Partly,
            Outcome::Failed => Self::Failed,
        }
    }
}

/// The exit code that tells this error.
pub(crate) fn code(error: &anyhow::Error) -> Exit {
    for cause in error.chain() {
        if cause.is::<Problems>() {
            return Exit::Config;
        }
        if cause.is::<Misused>() {
            return Exit::Usage;
        }
        if cause.is::<OutboxUnusable>() {
            return Exit::Database;
        }
        if let Some(error) = cause.downcast_ref::<SyncError>() {
            return match error {
                SyncError::Ask(ask) => of_ask(ask),
                SyncError::Mirror(mirror) => of_mirror(mirror),
                SyncError::Stopped => Exit::Failed,
            };
        }
        if let Some(error) = cause.downcast_ref::<AskError>() {
            return of_ask(error);
        }
        if let Some(error) = cause.downcast_ref::<MirrorError>() {
            return of_mirror(error);
        }
        if let Some(error) = cause.downcast_ref::<LockError>() {
            return match error {
                LockError::Held { .. } => Exit::Held,
                LockError::Unusable { .. } => Exit::Database,
            };
        }
    }
    Exit::Failed
}

fn of_ask(error: &AskError) -> Exit {
    match error {
        AskError::NeedsSignIn { .. } => Exit::SignIn,
        AskError::Settings(_) => Exit::Config,
        // The ledger is the database.
        AskError::Ledger(error) if !error.is_busy => Exit::Database,
        _ => Exit::Failed,
    }
}

fn of_mirror(error: &MirrorError) -> Exit {
    if error.exit_code() == 6 {
        Exit::Database
    } else {
        Exit::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meetup::LedgerError;

    #[test]
    fn a_budget_that_another_process_holds_up_is_no_unusable_database() {
        for (is_busy, expected) in [(true, Exit::Failed), (false, Exit::Database)] {
            let error = AskError::Ledger(LedgerError {
                message: "database x.db: something".to_owned(),
                is_busy,
            });
            assert_eq!(code(&anyhow::Error::new(SyncError::Ask(error))), expected);
        }
    }
}
