//! What the account that signed in has of its own.

use crate::{
    app::opening,
    config::Config,
    meetup::{NetworkOfMine, NetworkSeen},
};
use anyhow::Result;

/// The networks that it administers.
pub(crate) async fn networks(config: &Config) -> Result<Vec<NetworkOfMine>> {
    let database = opening::mirror(config).await?;
    let meetup = opening::meetup(config, &database, opening::BUDGET_WINDOW)?;
    Ok(meetup.networks_of_mine().await?)
}

/// A network, where that account may see it.
pub(crate) async fn seen(config: &Config, urlname: &str) -> Result<Option<NetworkSeen>> {
    let database = opening::mirror(config).await?;
    let meetup = opening::meetup(config, &database, opening::BUDGET_WINDOW)?;
    Ok(meetup.network_seen(urlname).await?)
}
