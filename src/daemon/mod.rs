//! The daemon. It adds only time: the same functions as the commands, each on its cron line, and what is
//! left over in between.
//!
//! One lane asks Meetup (passes, sweeps, then units of work and the rota while points are left over),
//! others file and send messages.

mod asking;
mod clock;
mod filing;
mod firings;
mod sending;
pub(crate) mod signals;
mod watch;

use crate::{
    app::outbox::Post,
    config::Config,
    meetup::Stop,
    mirror::{Mirror, MirrorError},
    sync::Syncer,
};
use anyhow::Result;
use std::time::Duration;
use tokio::sync::Notify;

/// How often is looked whether the database is still where it was.
const FILE_LOOK: Duration = Duration::from_secs(1);

/// Runs all lanes until told to stop.
pub(crate) async fn serve(config: &Config, database: &Mirror, syncer: &Syncer) -> Result<()> {
    let stop = syncer.stop_switch();
    let office = Post::open_until(stop.clone(), config, database)?;
    let filed = Notify::new();
    // A lane that cannot go on ends all: a daemon that only sends, or only asks, would look alive.
    tokio::try_join!(
        file_stays(database, &stop),
        asking::lane(config, database, syncer),
        filing::lane(config, database, syncer, &office, &filed),
        sending::lane(&office, &filed, &stop)
    )
    .map(drop)
}

/// Ends with an error once the database is another file than the one that was opened. Each write looks too
/// and is refused then, but a lane takes that for a failure of what it did, to be tried again.
async fn file_stays(database: &Mirror, stop: &Stop) -> Result<()> {
    while !stop.is_thrown() {
        let database = database.clone();
        // A file that is only held up is still the same.
        match tokio::task::spawn_blocking(move || database.check_file()).await? {
            Err(lost @ MirrorError::Lost { .. }) => return Err(lost.into()),
            _ => sleep(FILE_LOOK, stop).await,
        }
    }
    Ok(())
}

/// Sleeps for so long or until told to stop; a moment at least, so that no loop runs hot.
async fn sleep(span: Duration, stop: &Stop) {
    tokio::select! {
        () = tokio::time::sleep(span.max(Duration::from_millis(20))) => {}
        () = stop.thrown() => {}
    }
}
