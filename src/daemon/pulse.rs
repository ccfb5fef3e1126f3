//! Tells from outside whether the lanes move: their last moves are written beside the lock, and while all of them do,
//! the service manager's watchdog is told.

use super::{Life, service::Watchdog};
use crate::{
    app::health::{Beat, Pulse},
    mirror::PassLock,
    off_thread::off_thread,
};
use anyhow::Result;
use chrono::Utc;
use std::{sync::Arc, time::Duration};

/// How often, unless the watchdog asks for more.
const EVERY: Duration = Duration::from_secs(30);

/// Writes the pulse until told to stop. The lane that asks moves also while a pass does: with each
/// question and page, and while it waits for Meetup or for points.
pub(super) async fn lane(
    life: Arc<Life>,
    lock: Arc<PassLock>,
    pulse: Pulse,
    asks: Beat,
) -> Result<()> {
    let (mut turns, mut is_told) = (0, false);
    let watchdog = Watchdog::of_this_process();
    let every = watchdog.map_or(EVERY, |it| it.turn().min(EVERY));
    while !life.stop.is_thrown() {
        let seen = life.syncer.turns();
        if seen != turns || life.syncer.waiting().is_some() {
            turns = seen;
            asks.turn();
        }
        let (held, words) = (Arc::clone(&lock), pulse.words(Utc::now()));
        let moves = watchdog.filter(|it| pulse.moves_within(it.patience()));
        let said = off_thread(move || {
            if let Some(watchdog) = moves {
                watchdog.ping();
            }
            held.say(&words)
        });
        match said.await {
            Err(error) if !is_told => {
                is_told = true;
                tracing::warn!(
                    "the lock file cannot be written, so `status --check --live` will fail: {error}"
                );
            }
            Err(_) => {}
            Ok(()) => is_told = false,
        }
        tokio::select! {
            () = tokio::time::sleep(every) => {}
            () = life.stop.thrown() => {}
        }
    }
    Ok(())
}
