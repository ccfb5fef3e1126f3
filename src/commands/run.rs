//! `gatherd run`: the daemon.

use super::{Exit, config};
use crate::{
    app::opening,
    cli::Global,
    config::Need,
    daemon::{self, signals},
};
use anyhow::Result;

pub(super) async fn run(global: &Global) -> Result<Exit> {
    let config = config(global, Need::Meetup)?;
    let database = opening::mirror(&config)?;
    let _lock = opening::lock(&config, false).await?;
    let syncer = opening::syncer(&config, &database, opening::BUDGET_WINDOW)?;
    signals::listen(syncer.stop_switch());
    tracing::info!(database = %config.database.display(), networks = config.networks.len(), "daemon started");
    daemon::serve(&config, &database, &syncer).await?;
    tracing::info!("daemon stopped");
    Ok(Exit::Done)
}
