//! One incremental pass, and what every pass leaves in the journal.

use super::{
    Syncer,
    backfill::Reach,
    run::{Failure, Outcome, PassReport, Run, SyncError},
};
use crate::{
    community::{FailureKind, Scope},
    meetup::AskError,
    mirror::{self, NewFailure, PassKind, PassOutcome, PassTotals, Purpose, Reading},
    off_thread::off_thread,
};
use std::collections::HashMap;

/// What a pass does beside looking for changes.
#[derive(Debug, Clone, Copy, Default)]
pub struct PassAsk {
    /// Read everything again as well.
    pub sweep: bool,
    /// Work off units that are due before ending.
    pub work_units: bool,
}

impl Syncer {
    /// Looks for changes everywhere, by the protocols of this room.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked any further, the mirror cannot be used, or a signal came. What only some groups
    /// or networks failed with is in the report.
    pub async fn pass(&self, ask: PassAsk) -> Result<PassReport, SyncError> {
        let kind = if ask.sweep {
            PassKind::Sweep
        } else {
            PassKind::Pass
        };
        self.journaled(kind, async |run: &mut Run| {
            self.unconfigured_groups().await?;
            self.note_waiting(run).await?;
            let mut is_doubtful = false;
            let mut walks = Vec::new();
            let mut members = Vec::new();
            for urlname in &self.settings.networks {
                let is_planned = self.planned_network(urlname).await?;
                let Some(roster) = self.network_roster(urlname, run).await? else {
                    continue;
                };
                let Some((network, _)) = roster.network else {
                    continue;
                };
                if is_planned {
                    self.plan_unplanned(&roster.groups).await?;
                    members.extend(roster.members_due);
                    let doubted = roster.doubted;
                    is_doubtful |= !doubted.is_empty();
                    walks.extend(self.hot_events(urlname, network, &doubted, run).await?);
                } else {
                    // The first look at a network: its units, worked below, fetch the hot events too.
                    self.plan_network(network, &roster.groups, Reach::default())
                        .await?;
                }
            }
            let outside = self.outside_groups(run).await?;
            if !self.settings.groups.is_empty() {
                run.read_outside();
            }
            self.plan_unplanned(&outside.groups).await?;
            members.extend(outside.members_due);
            walks.extend(outside.walks);
            self.walk_rsvps(walks, run).await?;
            self.judge_walks(run).await?;
            self.members(members, run).await?;
            // A sweep would take a refused roster's events for gone; the next one comes when it is settled.
            if ask.sweep && !is_doubtful {
                self.plan_sweep().await?;
            }
            if ask.work_units {
                self.work_units(&[Purpose::Backfill, Purpose::Sweep], None, run)
                    .await?;
            }
            self.judge_walks(run).await?;
            self.look_again(run).await?;
            self.note_doubts(run).await?;
            self.recover_groups(run).await?;
            self.record(|w| w.refresh_history_complete()).await?;
            if ask.sweep {
                self.forget_unseen().await?;
            }
            Ok(())
        })
        .await
    }

    /// Groups that are being left alone for a while are failures of this pass too: they are not read.
    async fn note_waiting(&self, run: &mut Run) -> Result<(), SyncError> {
        let now = self.now().timestamp();
        let waiting = self
            .live_groups(move |group| group.retry_at.is_some_and(|at| at > now))
            .await?;
        if waiting.is_empty() {
            return Ok(());
        }
        let failing = self.read(mirror::failing).await?;
        for group in waiting {
            let again = group
                .retry_at
                .and_then(|at| chrono::DateTime::from_timestamp(at, 0))
                .map_or_else(String::new, |at| {
                    at.format("%Y-%m-%d %H:%M UTC").to_string()
                });
            let known = failing.iter().find(|it| it.group == Some(group.key));
            let why = known.map_or("unknown", |it| it.message.as_str());
            run.note(Failure {
                is_waiting: true,
                ..Failure::of(
                    Scope::group_of(&group.id),
                    known.map_or(FailureKind::Unreadable, |it| it.kind),
                    format!(
                        "left out until {again} after {} failures in a row: {why}",
                        group.failures
                    ),
                )
            });
        }
        Ok(())
    }

    /// Groups that had failed and were read in this pass start afresh.
    async fn recover_groups(&self, run: &Run) -> Result<(), SyncError> {
        let failed = run.failed_scopes();
        let recovered = self
            .live_groups(move |group| {
                group.failures > 0 && !failed.contains(&Scope::group_of(&group.id))
            })
            .await?;
        if recovered.is_empty() {
            return Ok(());
        }
        self.record(move |w| {
            recovered
                .iter()
                .try_for_each(|group| w.group_recovered(group.key))
        })
        .await
    }

    /// Runs a pass between its first and its last line in the journal.
    pub(super) async fn journaled(
        &self,
        kind: PassKind,
        work: impl AsyncFnOnce(&mut Run) -> Result<(), SyncError>,
    ) -> Result<PassReport, SyncError> {
        let (asked_before, rows_before) = (self.meetup.counters(), self.mirror.rows_changed());
        let id = self.record(move |w| w.begin_pass(kind)).await?;
        self.set_out().await?;
        let mut run = Run::default();
        self.take_capabilities().await?;
        let mut worked = work(&mut run).await;
        if worked.is_ok() && !run.has_outage() {
            worked = self.learn_account().await;
        }
        let asked = self.meetup.counters();
        let mut report = PassReport {
            outcome: Outcome::Done,
            failures: Vec::new(),
            requests: asked.requests - asked_before.requests,
            points: asked.points - asked_before.points,
            rows_changed: self.mirror.rows_changed() - rows_before,
            units_left: 0,
            cut: self.note_cuts().await.unwrap_or_default(),
        };
        let roster = self.read(mirror::roster).await?;
        let names: HashMap<_, _> = roster
            .into_iter()
            .map(|group| (group.id, group.urlname))
            .collect();
        let mut reading = None;
        let (outcome, is_good) = match &worked {
            Ok(()) => {
                let open = self.read(mirror::open_units).await?;
                report.units_left = open.iter().map(|open| open.count.unsigned_abs()).sum();
                let closed = run.close(&names);
                report.outcome = closed.outcome;
                report.failures = closed.failures;
                // One that found nobody there says nothing of what it did not come to.
                reading = (closed.outcome != Outcome::Failed).then_some(Reading {
                    is_whole: kind != PassKind::Backfill,
                    read: closed.read,
                    has_outside: closed.has_outside,
                    goes_on: kind == PassKind::Backfill && closed.is_good,
                });
                (closed.outcome.into(), closed.is_good)
            }
            Err(SyncError::Stopped) => (PassOutcome::Interrupted, false),
            Err(error) => {
                let (scope, failed) = match error {
                    SyncError::Ask(ask @ AskError::NeedsSignIn { .. }) => {
                        (Scope::SignIn, ask.kind())
                    }
                    SyncError::Ask(ask) => (Scope::Pass, ask.kind()),
                    SyncError::Mirror(_) | SyncError::Stopped => (Scope::Pass, FailureKind::Outage),
                };
                run.failed(scope, failed, error.to_string());
                report.failures = run.close(&names).failures;
                (PassOutcome::Failed, false)
            }
        };
        let totals = PassTotals {
            outcome,
            requests: report.requests,
            points: report.points,
            rows_changed: report.rows_changed,
            failures: report.failures.len() as u64,
            is_good,
        };
        let noted: Vec<NewFailure> = report.failures.iter().flat_map(Failure::noted).collect();
        let closed = self
            .record(move |w| w.finish_pass(id, &totals, &noted, reading.as_ref()))
            .await;
        worked?;
        closed?;
        let mirror = self.mirror.clone();
        #[expect(clippy::disallowed_methods, reason = "off the async threads")]
        off_thread(move || {
            mirror.tidy()?;
            let cause = match mirror.clean() {
                Ok(true) => return Ok(()),
                Ok(false) => "somebody reads it".to_owned(),
                Err(error) => error.to_string().replace('\n', "; "),
            };
            tracing::warn!(
                "the database could not be written anew ({cause}), so its file may still hold the bytes of who was \
                 forgotten; the next pass tries again"
            );
            Ok::<_, mirror::MirrorError>(())
        })
        .await?;
        Ok(report)
    }
}
