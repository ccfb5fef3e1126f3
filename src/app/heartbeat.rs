//! What whoever watches for the heartbeat is told of a pass.

use super::{database::Database, health};
use crate::{
    config::Config,
    deliver::Heartbeat,
    meetup::AskError,
    report::many,
    sync::{Outcome, PassReport, SyncError},
};
use chrono::Utc;

/// How a pass ended, as far as the watcher hears of it; cheap to hand on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Passed {
    /// It read all or most of what it was to read.
    Through,
    /// It failed as a whole.
    Failed,
    /// A person must sign in.
    NeedsSignIn,
}

impl Passed {
    /// None: it was stopped before its end, and says nothing.
    pub(crate) fn of(passed: &Result<PassReport, SyncError>) -> Option<Self> {
        match passed {
            Ok(report) if report.outcome == Outcome::Failed => Some(Self::Failed),
            Ok(_) => Some(Self::Through),
            Err(SyncError::Stopped) => None,
            Err(SyncError::Ask(AskError::NeedsSignIn { .. })) => Some(Self::NeedsSignIn),
            Err(_) => Some(Self::Failed),
        }
    }
}

/// Tells it, where a watcher is configured. A pass that went through is good where nothing is wrong that
/// `status --check` would name: what fails for long is heard of, not every group that could not be read once.
/// That the watcher is not reached is told in the log and changes nothing else.
pub(crate) async fn tell(config: &Config, database: &Database, passed: Passed) {
    let Some(watcher) = &config.heartbeat else {
        return;
    };
    let why_bad = match passed {
        Passed::Failed => Some("the last pass failed; gatherd status says why".to_owned()),
        Passed::NeedsSignIn => Some("a person must sign in: gatherd auth login".to_owned()),
        Passed::Through => trouble(config, database).await,
    };
    let told = match Heartbeat::new(watcher, &config.network_access) {
        Ok(heartbeat) => heartbeat.beat(why_bad.as_deref()).await,
        Err(cause) => Err(cause),
    };
    if let Err(cause) = told {
        let cause = cause.replace('\n', "; ");
        tracing::warn!("the heartbeat was not heard: {cause}; see heartbeat.url");
    }
}

async fn trouble(config: &Config, database: &Database) -> Option<String> {
    let now = Utc::now();
    let facts = health::gather_quickly(config, database, now).await;
    let Ok(facts) = facts else {
        return Some("the database could not be read; gatherd doctor says why".to_owned());
    };
    let troubles = health::of(&config.schedule, &facts, now);
    (!troubles.is_empty()).then(|| {
        let troubles = many(troubles.len() as u64, "thing is", "things are");
        format!("{troubles} wrong; gatherd status says what")
    })
}
