//! The lane that tells a watcher outside of each pass, so that something else hears the daemon's death.

use super::Life;
use crate::app::{health::Beat, heartbeat};
use anyhow::Result;
use std::{sync::Arc, time::Duration};

/// The lane moves this often while nothing is to be told.
const TURN: Duration = Duration::from_secs(20);

/// Tells of the latest pass as each ends. One that ends while another is being told of is told of next; what came
/// between is nobody's loss.
pub(super) async fn lane(life: Arc<Life>, beat: Beat) -> Result<()> {
    let mut passes = life.passed.subscribe();
    // One may have ended before this lane began.
    passes.mark_changed();
    while !life.stop.is_thrown() {
        beat.turn();
        let ended = tokio::select! {
            ended = passes.changed() => ended.is_ok(),
            () = tokio::time::sleep(TURN) => false,
            () = life.stop.thrown() => false,
        };
        let passed = *passes.borrow_and_update();
        if let Some(passed) = passed.filter(|_| ended) {
            heartbeat::tell(&life.config, &life.database, passed).await;
        }
    }
    Ok(())
}
