//! The daemon. It adds only time: the same functions as the commands, each on its cron line, and what is
//! left over in between.
//!
//! One lane asks Meetup (passes, sweeps, then units of work and the rota while points are left over),
//! others file and send messages.

mod asking;
mod filing;
mod firings;
mod sending;
pub(crate) mod signals;
mod watch;

use crate::{
    app::{outbox::Post, snapshot::Snapshots},
    config::Config,
    meetup::Stop,
    mirror::Mirror,
    sync::Syncer,
};
use anyhow::Result;
use std::time::Duration;
use tokio::sync::Notify;

/// Runs all lanes until told to stop.
pub(crate) async fn serve(config: &Config, database: &Mirror, syncer: &Syncer) -> Result<()> {
    let stop = syncer.stop_switch();
    let office = Post::open_until(stop.clone(), config, database)?;
    let filed = Notify::new();
    let snapshots = Snapshots::default();
    // A lane that cannot go on ends all: a daemon that only sends, or only asks, would look alive.
    tokio::try_join!(
        asking::lane(config, database, &snapshots, syncer),
        filing::lane(config, database, &snapshots, &office, &filed, &stop),
        sending::lane(&office, &filed, &stop)
    )
    .map(drop)
}

/// Sleeps for so long or until told to stop; a moment at least, so that no loop runs hot.
async fn sleep(span: Duration, stop: &Stop) {
    tokio::select! {
        () = tokio::time::sleep(span.max(Duration::from_millis(20))) => {}
        () = stop.thrown() => {}
    }
}
