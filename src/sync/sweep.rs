//! The weekly sweep: everything is read again, so that what moves no sign is found too.
//!
//! It is planned as units, like a backfill, in spans that hold a bounded number of known events; a
//! sweep that is cut short leaves its units, which the next passes work off.

use super::{Syncer, run::SyncError};
use crate::mirror::{self, NewUnit, Purpose, UnitKind};
use crate::off_thread::off_thread;
use chrono::Months;

impl Syncer {
    /// Forgets who is in no group and did nothing for as long as is configured.
    pub(super) async fn forget_unseen(&self) -> Result<(), SyncError> {
        let now = self.now();
        let months = self.settings.retention_months.map(Months::new);
        let Some(since) = months.and_then(|months| now.checked_sub_months(months)) else {
            return Ok(());
        };
        let mirror = self.mirror.clone();
        #[expect(clippy::disallowed_methods, reason = "off the async threads")]
        let erasure = off_thread(move || mirror.forget_unseen(since, now)).await?;
        if erasure.people > 0 {
            tracing::info!(
                people = erasure.people,
                "forgotten: nothing of them was new for long"
            );
        }
        Ok(())
    }

    /// Plans a sweep of everything sponsored, unless one is still under way.
    pub(super) async fn plan_sweep(&self) -> Result<(), SyncError> {
        let open = self.read(mirror::open_units).await?;
        if open.iter().any(|open| {
            open.purpose == Purpose::Sweep
                && open.kind == UnitKind::Events
                && open.count > open.failing
        }) {
            return Ok(());
        }
        let covered = self.covered_networks().await?;
        let groups = self.live_groups(|_| true).await?;
        let per_unit = self.settings.events_per_unit;
        self.record(move |w| {
            for network in &covered {
                for (from_at, to_at) in w.spans_of_events(*network, per_unit)? {
                    w.plan_unit(&NewUnit::network_events(
                        Purpose::Sweep,
                        *network,
                        from_at,
                        to_at,
                    ))?;
                }
            }
            for group in &groups {
                if group
                    .network
                    .is_none_or(|network| !covered.contains(&network))
                {
                    w.plan_unit(&NewUnit::group_events(
                        Purpose::Sweep,
                        group.key,
                        None,
                        None,
                    ))?;
                }
                w.plan_unit(&NewUnit::members(Purpose::Sweep, group.key))?;
            }
            Ok(())
        })
        .await
    }
}
