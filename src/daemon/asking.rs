//! The lane that asks Meetup: passes and sweeps as they fall due, then units of work and the rota while
//! points are left over. A pass that fails makes the lane wait, longer each time, and is told in the log
//! and in `status`; it never ends the daemon.

use super::{
    Life,
    firings::{firings, serve},
    watch::FirstLooks,
};
use crate::{
    app::{health::Beat, heartbeat::Passed, passes},
    meetup::AskError,
    mirror::DriftWeight,
    report::many,
    schedule::{DueFiring, DueFirings, next_due},
    sync::{Outcome, PassAsk, SyncError, Syncer},
};
use anyhow::Result;
use chrono::{SecondsFormat, TimeDelta, Utc};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// First wait after a failed pass; doubles with each failure in a row.
const FIRST_WAIT: Duration = Duration::from_secs(60);
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);
/// Longest where a person must sign in: whoever did so waits for the next pass.
const SIGN_IN_WAIT: Duration = Duration::from_secs(300);
/// How often the clock is looked at: it may be set while nothing is due.
const CLOCK_LOOK: Duration = Duration::from_secs(20);
/// Spare work is not begun this shortly before a firing.
const BEFORE_FIRING: TimeDelta = TimeDelta::seconds(5);
/// How often the API's schema is looked at.
const SCHEMA_LOOK: Duration = Duration::from_secs(86_400);
/// The rota may use this part of the budget.
const SPARE_PART: i64 = 3;

/// A wait for the next firing is told from this length on.
const TOLD: TimeDelta = TimeDelta::seconds(10);

const PASS: &str = "pass";
const SWEEP: &str = "sweep";

/// How the last passes went. By the machine's own clock: the wall clock may be set meanwhile.
#[derive(Default)]
struct Failures {
    in_a_row: u32,
    not_before: Option<Instant>,
}

impl Failures {
    /// How long passes are still to wait.
    fn left(&self) -> Duration {
        let not_before = self.not_before.unwrap_or_else(Instant::now);
        not_before.saturating_duration_since(Instant::now())
    }

    fn add(&mut self, longest: Duration) -> Duration {
        let doubled = FIRST_WAIT * 2_u32.pow(self.in_a_row.min(10));
        let wait = doubled.min(longest);
        self.in_a_row += 1;
        self.not_before = Some(Instant::now() + wait);
        wait
    }
}

/// Passes and sweeps as they fall due; in between, what is left over.
pub(super) async fn lane(life: Arc<Life>, beat: Beat) -> Result<()> {
    let (schedule, syncer, stop) = (&life.config.schedule, &life.syncer, &life.stop);
    let lines = [
        (PASS.to_owned(), &schedule.poll),
        (SWEEP.to_owned(), &schedule.sweep),
    ];
    let mut due_firings = firings(&life.database, &lines, &life.config).await?;
    let mut failures = Failures::default();
    let mut told = None;
    let mut first_looks = FirstLooks::new();
    first_looks.take(&life).await;
    let mut schema_due = Instant::now() + look_at_schema(syncer).await;
    if is_stale(&life).await? {
        pass(&life, false, &mut failures).await;
        life.was_read.notify_one();
        // What fell due before it ended was just served.
        let mut due = due_firings.due(Utc::now());
        due.retain(|firing| firing.name == PASS);
        serve(&life.database, &mut due_firings, &due).await;
    }
    while !stop.is_thrown() {
        beat.turn();
        let now = Utc::now();
        if Instant::now() >= schema_due {
            schema_due = Instant::now() + look_at_schema(syncer).await;
        }
        let due = due_firings.due(now);
        if !due.is_empty() {
            answer(&life, &mut due_firings, due, &mut failures, &beat).await;
            life.was_read.notify_one();
            continue;
        }
        let next = due_firings.next(now);
        let left = |now| next.as_ref().map_or(TimeDelta::MAX, |next| next.at - now);
        if failures.in_a_row == 0 && left(now) > BEFORE_FIRING && spare_work(&life).await {
            first_looks.take(&life).await;
            continue;
        }
        first_looks.take(&life).await;
        if let Some(next) = &next
            && told.as_ref() != Some(next)
            && left(now) >= TOLD
        {
            let at = next.at.to_rfc3339_opts(SecondsFormat::Secs, true);
            tracing::info!("waiting for the next {}, due {at}", next.name);
            told = Some(next.clone());
        }
        let left = left(Utc::now()).to_std().unwrap_or_default();
        life.rest(left.min(CLOCK_LOOK), &beat).await;
    }
    Ok(())
}

/// Runs what is due, once: a sweep begins with a pass.
async fn answer(
    life: &Life,
    due_firings: &mut DueFirings,
    mut due: Vec<DueFiring>,
    failures: &mut Failures,
    beat: &Beat,
) {
    let is_sweep = due.iter().any(|firing| firing.name == SWEEP);
    let wait = failures.left();
    let is_through = if wait.is_zero() {
        pass(life, is_sweep, failures).await
    } else {
        if is_sweep {
            life.rest(wait, beat).await;
        }
        false
    };
    // A pass that failed or was skipped is not owed afterwards; a sweep is.
    due.retain(|firing| is_through || firing.name != SWEEP);
    serve(&life.database, due_firings, &due).await;
}

/// Compares Meetup's API with what is used of it; what was found is kept for `status` and `doctor`.
async fn look_at_schema(syncer: &Syncer) -> Duration {
    match syncer.check_schema().await {
        Ok(findings) => {
            for it in findings {
                let uses = if it.operations.is_empty() {
                    String::new()
                } else {
                    format!(" (used by {})", it.operations)
                };
                let line = format!("Meetup's API: {} {}{uses}", it.place, it.what);
                match it.weight {
                    DriftWeight::Error => tracing::error!("{line}"),
                    DriftWeight::Warning => tracing::warn!("{line}"),
                    DriftWeight::Note => tracing::info!("{line}"),
                }
            }
            SCHEMA_LOOK
        }
        Err(_) if syncer.stop_switch().is_thrown() => LONGEST_WAIT,
        Err(error) => {
            let cause = error.to_string().replace('\n', "; ");
            tracing::warn!("Meetup's API could not be compared with what is used of it: {cause}");
            LONGEST_WAIT
        }
    }
}

/// Does a piece of what is left over: history first, with the whole budget, then the rota with a part
/// of it. False when there was nothing to do, or it failed.
async fn spare_work(life: &Life) -> bool {
    let syncer = &life.syncer;
    let worked = match syncer.work_left_over().await {
        Ok(false) if has_points_left(life).await => syncer.verify_stalest().await,
        worked => worked,
    };
    worked.unwrap_or_else(|error| {
        if !matches!(error, SyncError::Stopped) {
            tracing::warn!("spare work: {}", error.to_string().replace('\n', "; "));
        }
        false
    })
}

/// One pass; false when it failed or was stopped before its end.
async fn pass(life: &Life, sweep: bool, failures: &mut Failures) -> bool {
    let syncer = &life.syncer;
    let started = Instant::now();
    let name = if sweep { SWEEP } else { PASS };
    let asked = PassAsk {
        sweep,
        work_units: false,
    };
    let mut longest = LONGEST_WAIT;
    let passed = syncer.pass(asked).await;
    let told = Passed::of(&passed);
    let is_failed = match passed {
        Ok(report) => {
            tracing::info!(
                requests = report.requests,
                points = report.points,
                rows_changed = report.rows_changed,
                failures = report.failures.len(),
                seconds = started.elapsed().as_secs(),
                "{name} ended"
            );
            for cut in &report.cut {
                tracing::warn!("{cut}");
            }
            report.outcome == Outcome::Failed
        }
        Err(SyncError::Stopped) if syncer.stop_switch().is_thrown() => return false,
        Err(error) => {
            tracing::error!("{name} failed: {}", error.to_string().replace('\n', "; "));
            if matches!(error, SyncError::Ask(AskError::NeedsSignIn { .. })) {
                longest = SIGN_IN_WAIT;
            }
            true
        }
    };
    life.passed.send_replace(told);
    if is_failed {
        let wait = failures.add(longest);
        tracing::warn!(
            "{} failed in a row; the next one not before {} s from now",
            many(failures.in_a_row.into(), "pass", "passes"),
            wait.as_secs()
        );
    } else {
        *failures = Failures::default();
    }
    !is_failed
}

/// Whether the last pass that did anything is older than the schedule wants, or there was none.
async fn is_stale(life: &Life) -> Result<bool> {
    let schedule = &life.config.schedule;
    let last = passes::last_good_at(&life.database).await?;
    // One from the future says nothing: the clock was set back since.
    let last = last.filter(|at| *at <= Utc::now());
    let due = last.and_then(|at| next_due(&schedule.poll, schedule.timezone, at));
    Ok(due.is_none_or(|due| due <= Utc::now()))
}

async fn has_points_left(life: &Life) -> bool {
    let left = passes::uses_less_than(&life.config, &life.database, SPARE_PART);
    left.await.unwrap_or(false)
}
