//! The lane that files digests as they fall due, and the daemon's own trouble.

use super::{
    firings::{firings, serve},
    sleep,
    watch::Watch,
};
use crate::{
    app::{digest::digest, outbox::Post, snapshot::Snapshots},
    config::{Config, Line, Sends},
    meetup::Stop,
    mirror::{DeliveryKind, Mirror},
};
use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use tokio::sync::Notify;

/// How often is looked whether something fell due.
const LOOK: Duration = Duration::from_secs(5);
/// A digest that could not be composed is tried again after this.
const DIGEST_RETRY: Duration = Duration::from_secs(60);
/// Before the name of a channel: the firing of its digest.
const DIGEST: &str = "digest ";

/// Files digests as they fall due, and the daemon's own trouble.
pub(super) async fn lane(
    config: &Config,
    database: &Mirror,
    snapshots: &Snapshots,
    office: &Post,
    filed: &Notify,
    stop: &Stop,
) -> Result<()> {
    let mut watch = Watch::new();
    let lines: Vec<(String, &Line)> = config
        .channels
        .iter()
        .filter(|channel| channel.sends.contains(&Sends::Digest))
        .map(|channel| {
            let line = channel.digest.as_ref().unwrap_or(&config.schedule.digest);
            (format!("{DIGEST}{}", channel.name), line)
        })
        .collect();
    let mut due_firings = firings(database, &lines, config)?;
    // One channel's digest that fails is no reason for another's to be late.
    let mut not_before: HashMap<String, Instant> = HashMap::new();
    while !stop.is_thrown() {
        for firing in due_firings.due(Utc::now()) {
            let is_resting = not_before
                .get(&firing.name)
                .is_some_and(|until| *until > Instant::now());
            if is_resting {
                continue;
            }
            let channel = firing.name.trim_start_matches(DIGEST).to_owned();
            match file_digest(config, database, snapshots, office, &channel, firing.at) {
                Ok(()) => {
                    serve(database, &mut due_firings, &[firing]);
                    filed.notify_one();
                }
                Err(error) => {
                    tracing::error!("digest for {channel}, tried again in a minute: {error:#}");
                    not_before.insert(firing.name, Instant::now() + DIGEST_RETRY);
                }
            }
        }
        watch.operator(config, database, office);
        let now = Utc::now();
        let left = due_firings
            .next(now)
            .and_then(|firing| (firing.at - now).to_std().ok())
            .filter(|left| !left.is_zero())
            .unwrap_or(LOOK);
        sleep(left.min(LOOK), stop).await;
    }
    Ok(())
}

/// Composes one channel's digest as of its due instant and files it; filing twice is filing once.
fn file_digest(
    config: &Config,
    database: &Mirror,
    snapshots: &Snapshots,
    office: &Post,
    channel: &str,
    due: DateTime<Utc>,
) -> Result<()> {
    let composed = digest(config, database, snapshots, channel, due, Utc::now())?;
    composed.file(office, channel, DeliveryKind::Digest, due)?;
    let period = due.to_rfc3339_opts(SecondsFormat::Secs, true);
    tracing::info!("digest for {channel} as of {period} filed");
    Ok(())
}
