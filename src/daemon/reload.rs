//! One life after another: a hang-up lets the lanes end and begin anew by the configuration as it is by
//! then, in the same process and under the same lock.

use super::{Life, serve, service::Stage};
use crate::{
    app::opening,
    config::{Config, Problems},
    meetup::Stop,
    mirror::PassLock,
};
use anyhow::Result;
use futures_util::future::{Fuse, FusedFuture as _, FutureExt as _};
use std::{path::Path, sync::Arc};
use tokio::sync::Notify;

/// Runs the daemon until `end` is thrown. Each time it is `hung_up`, the configuration is read again;
/// where it cannot be used, the old one stays.
pub(crate) async fn lives(
    mut life: Arc<Life>,
    lock: &Arc<PassLock>,
    end: &Stop,
    hung_up: &Notify,
    read_again: impl AsyncFn() -> Result<Config>,
) -> Result<()> {
    let mut ends = false;
    loop {
        let mut next = None;
        {
            let mut lanes = std::pin::pin!(serve(&life, lock));
            // Beside the rest: files that take long to read (a folder over the network) hold up no end.
            let mut reading = std::pin::pin!(Fuse::terminated());
            loop {
                tokio::select! {
                    ended = &mut lanes => {
                        ended?;
                        break;
                    }
                    () = end.thrown(), if !ends => {
                        ends = true;
                        Stage::Ends.tell();
                        life.stop.throw();
                    }
                    () = hung_up.notified(), if !life.stop.is_thrown() && reading.is_terminated() => {
                        Stage::Reloads.tell();
                        reading.set(prepared(&life, &read_again).fuse());
                    }
                    read = &mut reading => match read {
                        _ if life.stop.is_thrown() => {}
                        Ok(prepared) => {
                            tracing::info!("the configuration was read again; the daemon goes on by it");
                            next = Some(prepared);
                            life.stop.throw();
                        }
                        Err(error) => {
                            tell(&error);
                            Stage::Runs.tell();
                        }
                    }
                }
            }
        }
        match next {
            Some(next) if !end.is_thrown() => life = next,
            _ => return Ok(()),
        }
    }
}

/// The next life, if the configuration is right; nothing of this one has ended yet.
async fn prepared(life: &Life, read_again: &impl AsyncFn() -> Result<Config>) -> Result<Arc<Life>> {
    let config = read_again().await?;
    if !is_same(&config.database, &life.config.database) {
        anyhow::bail!(
            "it names another database, {}, which takes a restart",
            config.database.display()
        );
    }
    // Nor may what is read into a database come from elsewhere by now.
    opening::check_stamp(&config, &life.database).await?;
    Life::prepare(config, &life.database)
}

fn is_same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    one == other || real(one) == real(other)
}

/// Each problem is a line of the log.
fn tell(error: &anyhow::Error) {
    let line = |text: String| text.replace('\n', "; ");
    match error.downcast_ref::<Problems>() {
        Some(problems) => {
            for problem in &problems.all {
                let at = problem
                    .line
                    .map_or_else(String::new, |it| format!(", line {it}"));
                let (what, remedy) = (line(problem.what.clone()), line(problem.remedy.clone()));
                tracing::error!("{}{at}: {what}; {remedy}", problems.file);
            }
        }
        None => tracing::error!("the new configuration: {}", line(format!("{error:#}"))),
    }
    tracing::warn!("the configuration stays as it was; mend it, then send the signal again");
}
