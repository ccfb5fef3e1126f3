//! The daemon. It adds only time: the same functions as the commands, each on its cron line, and what is
//! left over in between.
//!
//! Each lane is a task of its own: one asks Meetup (passes, sweeps, then units of work and the rota while
//! points are left over), one files digests and alerts, one for each channel sends, two make and serve the
//! pages, one makes backups, one reads files that are handed in, and one tells a watcher outside that all this lives. What blocks is done off their threads, so that no lane holds up another.

mod asking;
mod clock;
mod copying;
mod file;
mod filing;
mod firings;
mod heartbeat;
mod importing;
mod life;
mod pages;
mod pulse;
mod reload;
mod sending;
mod service;
pub(crate) mod signals;
mod watch;

use crate::{app::health::Pulse, mirror::PassLock};
use anyhow::{Result, anyhow};
pub(crate) use life::Life;
pub(crate) use reload::lives;
use std::{collections::HashMap, sync::Arc};
use tokio::task::{Id, JoinSet};

/// Runs all lanes until told to stop, and a few seconds more at most.
pub(crate) async fn serve(life: &Arc<Life>, lock: &Arc<PassLock>) -> Result<()> {
    let mut lanes = JoinSet::new();
    let mut names: HashMap<Id, String> = HashMap::new();
    let mut pulse = Pulse::new();
    let name = "asking".to_owned();
    let asks = pulse.lane(name.clone());
    let task = lanes.spawn(asking::lane(Arc::clone(life), asks.clone()));
    names.insert(task.id(), name);
    let name = "filing".to_owned();
    let files = pulse.lane(name.clone());
    names.insert(
        lanes.spawn(filing::lane(Arc::clone(life), files)).id(),
        name,
    );
    for to in life.office.destinations() {
        let name = sending::named(&to);
        let sends = pulse.lane(name.clone());
        let task = lanes.spawn(sending::lane(Arc::clone(life), to, sends));
        names.insert(task.id(), name);
    }
    if life.config.heartbeat.is_some() {
        let name = "heartbeat".to_owned();
        let beats = pulse.lane(name.clone());
        let task = lanes.spawn(heartbeat::lane(Arc::clone(life), beats));
        names.insert(task.id(), name);
    }
    if let Some(wanted) = life.config.backup.clone() {
        let name = "backups".to_owned();
        let copies = pulse.lane(name.clone());
        let task = lanes.spawn(copying::lane(Arc::clone(life), wanted, copies));
        names.insert(task.id(), name);
    }
    if !life.config.money.imports.is_empty() {
        let name = "imports".to_owned();
        let reads = pulse.lane(name.clone());
        let task = lanes.spawn(importing::lane(Arc::clone(life), reads));
        names.insert(task.id(), name);
    }
    if let Some(listen) = life.config.http.listen {
        let name = "pages".to_owned();
        let serves = pulse.lane(name.clone());
        let task = lanes.spawn(pages::serving(Arc::clone(life), listen, serves));
        names.insert(task.id(), name);
        let name = "picture".to_owned();
        let shows = pulse.lane(name.clone());
        let task = lanes.spawn(pages::showing(Arc::clone(life), shows));
        names.insert(task.id(), name);
    }
    let task = lanes.spawn(file::lane(Arc::clone(life)));
    names.insert(task.id(), "the file".to_owned());
    let task = lanes.spawn(pulse::lane(Arc::clone(life), Arc::clone(lock), pulse, asks));
    names.insert(task.id(), "the pulse".to_owned());
    service::Stage::Runs.tell();
    let mut failed = None;
    let mut late = std::pin::pin!(signals::is_late(&life.syncer));
    loop {
        let ended = tokio::select! {
            ended = lanes.join_next_with_id() => ended,
            () = &mut late => break,
        };
        match ended {
            None => break,
            Some(Ok((id, ended))) => {
                names.remove(&id);
                failed = failed.or(ended.err());
            }
            Some(Err(error)) => {
                let name = names.remove(&error.id()).unwrap_or_default();
                // Its words went to stderr when it happened.
                failed.get_or_insert(anyhow!(
                    "the daemon's lane for {name} broke off\nstart it again; what it did not finish is done again"
                ));
            }
        }
        // A lane that cannot go on ends all: a daemon that only sends, or only asks, would look alive.
        life.stop.throw();
    }
    if !names.is_empty() {
        let mut left: Vec<&str> = names.values().map(String::as_str).collect();
        left.sort_unstable();
        tracing::info!(
            "not waited for any longer, and done again later: {}",
            left.join(", ")
        );
    }
    lanes.shutdown().await;
    failed.map_or(Ok(()), Err)
}
