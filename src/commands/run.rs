//! `gatherd run`: the daemon.

use super::{Exit, config};
use crate::{
    app::{opening, privacy},
    cli::Global,
    config::Need,
    daemon::{self, Life, signals},
    meetup::Stop,
    off_thread::off_thread,
};
use anyhow::Result;
use std::sync::Arc;

pub(super) async fn run(global: &Global) -> Result<Exit> {
    let config = config(global, Need::Meetup)?;
    let database = opening::mirror(&config).await?;
    let lock = Arc::new(opening::lock(&config, false).await?);
    privacy::clean(&database).await;
    let (networks, path) = (config.networks.len(), config.database.clone());
    let life = Life::prepare(config, &database)?;
    let end = Stop::default();
    let hung_up = signals::listen_to_reload(end.clone());
    tracing::info!(database = %path.display(), networks, "daemon started");
    daemon::lives(life, &lock, &end, &hung_up, async || {
        let global = global.clone();
        Ok(off_thread(move || super::config(&global, Need::Meetup)).await?)
    })
    .await?;
    tracing::info!("daemon stopped");
    Ok(Exit::Done)
}
