//! The lane that files: digests as they fall due, alerts after each pass, and the daemon's own trouble.

use super::{
    Life,
    clock::Clock,
    firings::{firings, serve},
    watch::Watch,
};
use crate::{
    app::{digest::digest, health::Beat},
    config::Line,
    mirror::DeliveryKind,
};
use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};
use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

/// How often is looked whether something fell due.
const LOOK: Duration = Duration::from_secs(5);
/// A digest that could not be composed is tried again after this.
const DIGEST_RETRY: Duration = Duration::from_secs(60);

/// Files digests as they fall due, alerts after each pass, and the daemon's own trouble.
pub(super) async fn lane(life: Arc<Life>, beat: Beat) -> Result<()> {
    let config = &life.config;
    let mut clock = Clock::default();
    let mut watch = Watch::new();
    let lines: Vec<(String, &Line)> = config
        .channels
        .iter()
        .filter(|channel| channel.gets_digests())
        .map(|channel| {
            let line = channel.digest.as_ref().unwrap_or(&config.schedule.digest);
            (firing_of(&channel.name), line)
        })
        .collect();
    let mut due_firings = firings(&life.database, &lines, config).await?;
    // One channel's digest that fails is no reason for another's to be late.
    let mut not_before: HashMap<String, Instant> = HashMap::new();
    let mut was_read = false;
    while !life.stop.is_thrown() {
        if !clock.is_believed(&life).await {
            life.rest(LOOK, &beat).await;
            continue;
        }
        for firing in due_firings.due(Utc::now()) {
            let is_resting = not_before
                .get(&firing.name)
                .is_some_and(|until| *until > Instant::now());
            if is_resting || life.stop.is_thrown() {
                continue;
            }
            beat.turn();
            let mut channels = config.channels.iter().map(|it| &it.name);
            let Some(channel) = channels.find(|it| firing_of(it) == firing.name) else {
                continue;
            };
            match file_digest(&life, channel, firing.at).await {
                Ok(()) => {
                    serve(&life.database, &mut due_firings, &[firing]).await;
                    life.filed.send_replace(());
                }
                Err(error) => {
                    tracing::error!("digest for {channel}, tried again in a minute: {error:#}");
                    not_before.insert(firing.name, Instant::now() + DIGEST_RETRY);
                }
            }
        }
        beat.turn();
        if was_read {
            watch.groups(&life).await;
            life.filed.send_replace(());
        }
        watch.operator(&life).await;
        let now = Utc::now();
        let left = due_firings
            .next(now)
            .and_then(|firing| (firing.at - now).to_std().ok())
            .filter(|left| !left.is_zero())
            .unwrap_or(LOOK);
        was_read = tokio::select! {
            () = life.rest(left.min(LOOK), &beat) => false,
            () = life.was_read.notified() => true,
        };
    }
    Ok(())
}

/// What the firing of a channel's digest is called.
fn firing_of(channel: &str) -> String {
    format!("digest {channel}")
}

/// Composes one channel's digest as of its due instant and files it; filing twice is filing once.
async fn file_digest(life: &Life, channel: &str, due: DateTime<Utc>) -> Result<()> {
    let (now, database) = (Utc::now(), &life.database);
    let composed = digest(&life.config, database, &life.snapshots, channel, due, now).await?;
    let (office, kind) = (&life.office, DeliveryKind::Digest);
    composed
        .file(database, office, channel, kind, (due, now))
        .await?;
    let period = due.to_rfc3339_opts(SecondsFormat::Secs, true);
    tracing::info!("digest for {channel} as of {period} filed");
    Ok(())
}
