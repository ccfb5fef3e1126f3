//! What whoever watches for the heartbeat is told of a pass.

use super::{database::Database, health};
use crate::{
    community::{FailureKind, Scope},
    config::Config,
    deliver::Heartbeat,
    meetup::AskError,
    mirror::MirrorError,
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
    if config.heartbeat.is_none() {
        return;
    }
    let why_bad = match passed {
        Passed::Failed => Some(failure(config, database).await),
        Passed::NeedsSignIn => Some("a person must sign in: gatherd auth login".to_owned()),
        Passed::Through => trouble(config, database).await,
    };
    beat(config, why_bad.as_deref()).await;
}

/// Tells it that no pass could even begin, and why, in words that name nothing.
pub(crate) async fn tell_unbegun(config: &Config, error: &anyhow::Error) {
    if error.downcast_ref::<MirrorError>().is_some() {
        beat(
            config,
            Some("the database cannot be used; gatherd doctor says why"),
        )
        .await;
    }
}

async fn beat(config: &Config, why_bad: Option<&str>) {
    let Some(watcher) = &config.heartbeat else {
        return;
    };
    let told = match Heartbeat::new(watcher, &config.network_access) {
        Ok(heartbeat) => heartbeat.beat(why_bad).await,
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
    let briefs: Vec<&str> = troubles.iter().map(|it| it.brief.as_str()).collect();
    (!briefs.is_empty()).then(|| format!("{}; gatherd status says more", briefs.join("; ")))
}

/// What a pass failed with, by kind and number.
async fn failure(config: &Config, database: &Database) -> String {
    let facts = health::gather_quickly(config, database, Utc::now()).await;
    let failing = facts.map(|it| it.readings.failing).unwrap_or_default();
    let kinds = FailureKind::ALL.iter().filter_map(|kind| {
        let of_kind = || failing.iter().filter(|it| it.kind == *kind);
        let first = of_kind().next()?;
        let networks = of_kind()
            .filter(|it| matches!(it.scope, Scope::Network(_)))
            .count();
        let groups = of_kind()
            .filter(|it| matches!(it.scope, Scope::Group(_)))
            .count();
        let counted = [
            (networks, "network", "networks"),
            (groups, "group", "groups"),
        ];
        let of: Vec<String> = counted
            .iter()
            .filter(|(count, ..)| *count > 0)
            .map(|(count, one, several)| many(*count as u64, one, several))
            .collect();
        let what = told(first.kind);
        Some(match of.is_empty() {
            true => what.to_owned(),
            false => format!("{what} ({})", of.join(", ")),
        })
    });
    let kinds: Vec<String> = kinds.collect();
    match kinds.is_empty() {
        true => "the last pass failed; gatherd status says why".to_owned(),
        false => format!(
            "the last pass failed: {}; gatherd status says more",
            kinds.join("; ")
        ),
    }
}

fn told(kind: FailureKind) -> &'static str {
    match kind {
        FailureKind::Outage => "Meetup did not answer properly",
        FailureKind::Unreadable => "an answer of Meetup's could not be read",
        FailureKind::Refused => "Meetup refused what was asked",
        FailureKind::NotVisible => "Meetup showed nothing",
        FailureKind::Shrunken => "Meetup showed too little to be believed",
    }
}
