//! The rota: between passes, points left over go into verifying what was verified longest ago, one
//! group at a time: all its events, their RSVPs, and its members. It does what the sweep does, so a
//! network that leaves points unused seldom waits a week for what moves no sign.

use super::{
    Syncer,
    run::{Run, SyncError},
};
use crate::mirror::{self, KnownGroup, NewUnit, Purpose};

/// Units worked between two looks at the clock.
const AT_ONCE: usize = 8;
/// What was verified within this time is not verified again.
const VERIFIED_FOR: chrono::Duration = chrono::Duration::days(1);

impl Syncer {
    /// Works off a few units left over by a backfill or a sweep; false when none is due.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked any further, the mirror cannot be used, or a signal came.
    pub async fn work_left_over(&self) -> Result<bool, SyncError> {
        let mut run = Run::default();
        self.set_out().await?;
        let worked = self
            .work_units(
                &[Purpose::Backfill, Purpose::Sweep],
                Some(AT_ONCE),
                &mut run,
            )
            .await?;
        self.judge_walks(&mut run).await?;
        // Also where nothing is left: whoever did the last of it may have died before this was noted.
        let is_open = |group: &KnownGroup| !group.history_complete;
        if worked > 0 || !self.live_groups(is_open).await?.is_empty() {
            self.record(|w| w.refresh_history_complete()).await?;
        }
        Ok(worked > 0 && !self.breaker.is_bad())
    }

    /// Verifies a piece of the group that waited longest; false when there is nothing to do.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked any further, the mirror cannot be used, or a signal came.
    pub async fn verify_stalest(&self) -> Result<bool, SyncError> {
        let mut run = Run::default();
        self.set_out().await?;
        if self.work_units(&[Purpose::Rota], Some(1), &mut run).await? > 0 {
            self.judge_walks(&mut run).await?;
            return Ok(!self.breaker.is_bad());
        }
        let before = (self.now() - VERIFIED_FOR).timestamp();
        let Some(key) = self
            .read(move |conn| mirror::stalest_group(conn, before))
            .await?
        else {
            return Ok(false);
        };
        self.record(move |w| {
            w.plan_unit(&NewUnit::group_events(Purpose::Rota, key, None, None))?;
            w.plan_unit(&NewUnit::members(Purpose::Rota, key))?;
            Ok(())
        })
        .await?;
        let worked = self.work_units(&[Purpose::Rota], Some(1), &mut run).await?;
        self.judge_walks(&mut run).await?;
        Ok(worked > 0)
    }
}
