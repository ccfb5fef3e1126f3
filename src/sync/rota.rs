//! The rota: between passes, points left over go into verifying what was verified longest ago, one
//! group at a time: all its events, their RSVPs, and its members. It does what the sweep does, so a
//! network that leaves points unused seldom waits a week for what moves no sign.

use super::{
    Syncer,
    run::{Run, SyncError},
};
use crate::mirror::{self, NewUnit, Purpose, UnitKind};

impl Syncer {
    /// Works off one unit left over, else verifies the group that waited longest; false when there is
    /// nothing to do.
    pub async fn spare_time(&self) -> Result<bool, SyncError> {
        let mut run = Run::default();
        if self.work_units(&[Purpose::Backfill, Purpose::Sweep, Purpose::Rota], Some(1), &mut run).await? > 0 {
            self.record(|w| w.refresh_history_complete()).await?;
            return Ok(true);
        }
        let now = (self.now)().timestamp();
        let Some(key) = self.read(move |conn| mirror::stalest_group(conn, now)).await? else {
            return Ok(false);
        };
        self.record(move |w| {
            for kind in [UnitKind::Events, UnitKind::Members] {
                w.plan_unit(&NewUnit {
                    purpose: Purpose::Rota,
                    kind,
                    network: None,
                    grp: Some(key),
                    event: None,
                    from_at: None,
                    to_at: None,
                    due_at: None,
                })?;
            }
            Ok(())
        })
        .await?;
        Ok(self.work_units(&[Purpose::Rota], Some(1), &mut run).await? > 0)
    }
}
