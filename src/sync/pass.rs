//! One incremental pass, and what every pass leaves in the journal.

use super::{
    Syncer,
    run::{Outcome, PassReport, Run, SyncError},
};
use crate::meetup::AskError;
use crate::mirror::{self, PassKind, PassOutcome, PassTotals, Purpose};
use crate::off_thread::off_thread;
use std::collections::HashSet;

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
                    self.plan_network(network, &roster.groups, None).await?;
                }
            }
            let outside = self.outside_groups(run).await?;
            self.plan_unplanned(&outside.groups).await?;
            members.extend(outside.members_due);
            walks.extend(outside.walks);
            self.walk_rsvps(walks, run).await?;
            self.members(members, run).await?;
            // A sweep would take a refused roster's events for gone; the next one comes when it is settled.
            if ask.sweep && !is_doubtful {
                self.plan_sweep().await?;
            }
            if ask.work_units {
                self.work_units(&[Purpose::Backfill, Purpose::Sweep], None, run)
                    .await?;
            }
            self.recover_groups(run).await?;
            // A pass that could not look has not used the acceptance.
            let is_shrink_accepted = self.may_shrink() && !run.has_outage();
            self.record(move |w| {
                w.refresh_history_complete()?;
                if is_shrink_accepted {
                    w.consume_shrink()?;
                }
                Ok(())
            })
            .await
        })
        .await
    }

    /// Groups that are being left alone for a while are failures of this pass too: they are not read.
    async fn note_waiting(&self, run: &mut Run) -> Result<(), SyncError> {
        let now = (self.now)().timestamp();
        for group in self
            .live_groups(move |group| group.retry_at.is_some_and(|at| at > now))
            .await?
        {
            let again = group
                .retry_at
                .and_then(|at| chrono::DateTime::from_timestamp(at, 0))
                .map_or_else(String::new, |at| {
                    at.format("%Y-%m-%d %H:%M UTC").to_string()
                });
            run.failed(
                format!("group {}", group.urlname),
                format!(
                    "left out until {again} after {} failures in a row: {}",
                    group.failures,
                    group.failure.as_deref().unwrap_or("unknown")
                ),
                false,
            );
        }
        Ok(())
    }

    /// Groups that had failed and were read in this pass start afresh.
    async fn recover_groups(&self, run: &Run) -> Result<(), SyncError> {
        let failed: HashSet<String> = run.failed_scopes();
        let recovered = self
            .live_groups(move |group| {
                group.failures > 0 && !failed.contains(&format!("group {}", group.urlname))
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
        let worked = work(&mut run).await;
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
        let outcome = match &worked {
            Ok(()) => {
                let open = self.read(mirror::open_units).await?;
                report.units_left = open.iter().map(|open| open.count.unsigned_abs()).sum();
                (report.outcome, report.failures) = run.close();
                match report.outcome {
                    Outcome::Done => PassOutcome::Done,
                    Outcome::Partly => PassOutcome::Partly,
                    Outcome::Failed => PassOutcome::Failed,
                }
            }
            Err(SyncError::Stopped) => PassOutcome::Interrupted,
            Err(error) => {
                let scope = match error {
                    SyncError::Ask(AskError::NeedsSignIn { .. }) => mirror::SIGN_IN,
                    _ => "pass",
                };
                run.failed(scope.to_owned(), error.to_string(), false);
                report.failures = run.close().1;
                PassOutcome::Failed
            }
        };
        let totals = PassTotals {
            outcome,
            requests: report.requests,
            points: report.points,
            rows_changed: report.rows_changed,
        };
        let failures: Vec<(String, String)> = report
            .failures
            .iter()
            .map(|failure| (failure.scope.clone(), failure.message.clone()))
            .collect();
        let closed = self
            .record(move |w| w.finish_pass(id, &totals, &failures))
            .await;
        worked?;
        closed?;
        let mirror = self.mirror.clone();
        #[expect(clippy::disallowed_methods, reason = "off the async threads")]
        off_thread(move || mirror.tidy()).await?;
        Ok(report)
    }
}
