//! What makes `--check` fail, each with its remedy.

use super::{
    facts::Facts,
    stale::{stale, third_firing},
};
use crate::{
    app::backups::Standing,
    config,
    mirror::{DriftFinding, DriftWeight},
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};

/// One thing that is wrong.
pub(crate) struct Trouble {
    /// A sentence, and what to do.
    pub(crate) reason: String,
    /// The same in a few words that name nothing and nobody, for places outside.
    pub(crate) brief: String,
    /// A person must sign in.
    pub(crate) is_sign_in: bool,
}

impl Trouble {
    fn new(brief: impl Into<String>, reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            brief: brief.into(),
            is_sign_in: false,
        }
    }
}

/// So far ahead a pass may seem to have ended while clocks are being corrected.
const AHEAD: TimeDelta = TimeDelta::seconds(60);

pub(crate) fn of(schedule: &config::Schedule, facts: &Facts, now: DateTime<Utc>) -> Vec<Trouble> {
    let mut troubles: Vec<Trouble> = staleness(schedule, facts, now).into_iter().collect();
    if let Some(failing) = facts.readings.sign_in() {
        troubles.push(Trouble {
            reason: failing.message.replace('\n', "; "),
            brief: "a person must sign in".to_owned(),
            is_sign_in: true,
        });
    }
    let is_running = facts.running().is_some();
    let stale = stale(&facts.readings, schedule, is_running, now);
    // Where no pass was ever good nothing was ever read, and that is said already.
    let told = stale
        .iter()
        .filter(|it| facts.last_good.is_some() || !it.is_never());
    troubles.extend(told.map(|it| {
        let sentence = it.sentence();
        let brief = "something has not been read for long";
        Trouble::new(
            brief,
            format!("{sentence}; see `gatherd status` for what fails"),
        )
    }));
    for (channel, messages) in &facts.given_up {
        let were = if *messages == 1 {
            "1 message was".to_owned()
        } else {
            format!("{messages} messages were")
        };
        let reason = format!(
            "{were} given up for the channel {channel}; see `gatherd deliveries list`, then `gatherd deliveries retry all`"
        );
        troubles.push(Trouble::new(
            format!("{were} given up for a channel"),
            reason,
        ));
    }
    let old_backup = facts.backups.as_ref().and_then(Standing::sentence);
    troubles.extend(old_backup.map(|sentence| {
        let reason = format!(
            "{sentence}; see why in the daemon's log, or by hand with `gatherd backup` and the folder's name"
        );
        Trouble::new("there is no fresh backup", reason)
    }));
    let breaks = |it: &&DriftFinding| it.weight == DriftWeight::Error;
    for drift in facts.drift.iter().filter(breaks) {
        let reason = format!(
            "Meetup's API has changed: {} {}; a newer gatherd may know it",
            drift.place, drift.what
        );
        troubles.push(Trouble::new("Meetup's API has changed", reason));
    }
    troubles
}

/// Whether the last good pass is too old for the schedule: nights and weekends without passes are none.
fn staleness(schedule: &config::Schedule, facts: &Facts, now: DateTime<Utc>) -> Option<Trouble> {
    let last = facts
        .last_good
        .as_ref()
        .and_then(|pass| DateTime::from_timestamp(pass.finished_at.unwrap_or(pass.started_at), 0));
    let Some(last) = last else {
        // The first one may take hours; that it runs is all that can be asked of it, unless one before it failed.
        let may_come = facts.running().is_some() && !facts.has_failed();
        return (!may_come).then(|| {
            let brief = "no pass has succeeded yet";
            Trouble::new(brief, format!("{brief}; {}", remedy(facts)))
        });
    };
    if last > now + AHEAD {
        let reason = format!(
            "the last good pass seems to have ended at {}, which is yet to come: the clock was set back, and nobody knows how old it is; run `gatherd sync`, or wait for the next pass",
            last.to_rfc3339_opts(SecondsFormat::Secs, true)
        );
        return Some(Trouble::new("the clock was set back", reason));
    }
    let third = third_firing(schedule, last)?;
    (now > third).then(|| {
        let ago = super::facts::span(now.timestamp() - last.timestamp());
        Trouble::new(
            format!("the last good pass was {ago} ago"),
            format!(
                "the last good pass was {ago} ago, more than three intervals; {}",
                remedy(facts)
            ),
        )
    })
}

/// What to do where no pass was good: nobody finds what failed where nothing was tried.
fn remedy(facts: &Facts) -> &'static str {
    if !facts.readings.failing.is_empty() || facts.holder.is_some() {
        "see `gatherd status` for what failed"
    } else if facts.unended.is_none() && facts.passes.iter().all(|(_, pass)| pass.is_none()) {
        "run `gatherd backfill` or `gatherd run`"
    } else {
        "see that `gatherd run` is running, or that cron calls `gatherd sync`"
    }
}
