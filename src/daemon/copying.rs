//! The lane that makes backups as they fall due. One that fails is tried again; nothing else waits for it.

use super::{
    Life,
    firings::{firings, serve},
};
use crate::{
    app::{
        backups::{self, FIRING, Into, Made},
        health::Beat,
    },
    config::Backup,
    schedule::DueFiring,
};
use anyhow::Result;
use chrono::Utc;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// How often is looked whether one fell due.
const LOOK: Duration = Duration::from_secs(5);
/// One that could not be made is tried again after this.
const AGAIN: Duration = Duration::from_secs(10 * 60);

/// Makes backups as they fall due.
pub(super) async fn lane(life: Arc<Life>, wanted: Backup, beat: Beat) -> Result<()> {
    let lines = [(FIRING.to_owned(), &wanted.schedule)];
    let mut due_firings = firings(&life.database, &lines, &life.config).await?;
    let mut not_before: Option<Instant> = None;
    while !life.stop.is_thrown() {
        let is_resting = not_before.is_some_and(|until| until > Instant::now());
        let due: Vec<DueFiring> = due_firings.due(Utc::now());
        if !due.is_empty() && !is_resting {
            match make(&life, &wanted, &beat).await {
                Ok(made) => {
                    let (path, removed) = (made.path.display(), made.removed);
                    tracing::info!("backup {path} made; older ones removed: {removed}");
                    serve(&life.database, &mut due_firings, &due).await;
                    not_before = None;
                }
                Err(_) if life.stop.is_thrown() => break,
                Err(error) => {
                    let error = format!("{error:#}").replace('\n', "; ");
                    tracing::error!("{error}; tried again in ten minutes");
                    not_before = Some(Instant::now() + AGAIN);
                }
            }
        }
        let now = Utc::now();
        let left = due_firings
            .next(now)
            .and_then(|firing| (firing.at - now).to_std().ok())
            .filter(|left| !left.is_zero())
            .unwrap_or(LOOK);
        life.rest(left.min(LOOK), &beat).await;
    }
    Ok(())
}

/// Makes one; the lane knows what it waits for, so it moves all the while.
async fn make(life: &Life, wanted: &Backup, beat: &Beat) -> Result<Made> {
    let stop = life.stop.clone();
    let into = Into::Folder(wanted.dir.clone(), Some(wanted.keep));
    let making = backups::make(&life.database, into, move || !stop.is_thrown());
    let mut making = std::pin::pin!(making);
    loop {
        tokio::select! {
            made = &mut making => return made,
            () = life.rest(LOOK, beat), if !life.stop.is_thrown() => {}
        }
    }
}
