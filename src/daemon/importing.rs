//! The lane that reads configured files again when they change.

use super::Life;
use crate::app::{health::Beat, imports::Watching};
use anyhow::Result;
use std::{sync::Arc, time::Duration};

/// How often is looked whether one changed.
const LOOK: Duration = Duration::from_secs(5);

/// Reads them as they change; one that will not do is told, and stops nothing.
pub(super) async fn lane(life: Arc<Life>, beat: Beat) -> Result<()> {
    let mut watching = Watching::default();
    while !life.stop.is_thrown() {
        beat.turn();
        watching.turn(&life.config, &life.database).await;
        life.rest(LOOK, &beat).await;
    }
    Ok(())
}
