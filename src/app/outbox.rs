//! The post office: files messages in the outbox and drains it to the channels.

use super::{acts::Links, database::Database};
use crate::{
    config::Config,
    deliver::{Channel, Courier, Drained, Lease, Outbox, Patience, Persistence, drain},
    mirror::{self, DeliveryState, Whither},
    report::{clean, message::Message},
};
use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Channels, courier and outbox of one configuration.
#[derive(Clone)]
pub(crate) struct Post {
    channels: Vec<Channel>,
    courier: Courier,
    database: Database,
    links: Option<Arc<Links>>,
}

impl Post {
    /// Opens the post office on a mirror's outbox.
    pub(crate) fn open(config: &Config, database: &Database) -> Result<Self> {
        Ok(Self {
            channels: config.channels.iter().map(Channel::new).collect(),
            courier: Courier::new(Patience::default(), &config.network_access)
                .map_err(|error| anyhow!(error))?,
            database: database.clone(),
            links: Links::open(config)?.map(Arc::new),
        })
    }

    /// Where messages go: each channel by itself, and all that is for none of them.
    pub(crate) fn destinations(&self) -> Vec<Whither> {
        let names = || self.channels.iter().map(|it| it.name().to_owned());
        let elsewhere = Whither::Elsewhere(names().collect());
        names().map(Whither::To).chain([elsewhere]).collect()
    }

    /// Who sends what goes there, and asks `may_go_on` before each message: what is under way is
    /// finished, the rest waits in the outbox.
    pub(crate) fn sender(
        &self,
        to: Whither,
        may_go_on: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Sender {
        let Outbox { lease, note } = Outbox::to(self.database.mirror(), to);
        let lease: Lease = Box::new(move |now, span| match may_go_on() {
            true => lease(now, span),
            false => Ok(None),
        });
        Sender {
            channels: self.channels.clone(),
            courier: self.courier.clone(),
            outbox: Arc::new(Outbox { lease, note }),
        }
    }

    /// The channel of that name; else an error that names those there are.
    pub(crate) fn channel(&self, name: &str) -> Result<&Channel> {
        let mut channels = self.channels.iter();
        channels
            .find(|channel| channel.name() == name)
            .ok_or_else(|| unknown(name, self.channels.iter().map(Channel::name)))
    }

    /// A message as it is sent to a channel: with links to what can be done at once, where pages can be reached.
    pub(crate) fn with_links(
        &self,
        message: &Message,
        channel: &str,
        now: DateTime<Utc>,
    ) -> Message {
        let mut message = message.clone();
        if let Some(links) = &self.links {
            links.write(&mut message, channel, now);
        }
        message
    }

    /// Sends everything that is due.
    pub(crate) async fn drain(&self) -> Result<Drained> {
        self.sender(Whither::Anywhere, || true).drain().await
    }
}

/// Sends what goes to one place.
pub(crate) struct Sender {
    channels: Vec<Channel>,
    courier: Courier,
    outbox: Arc<Outbox>,
}

impl Sender {
    /// Sends everything that is due there.
    pub(crate) async fn drain(&self) -> Result<Drained> {
        drain(
            &self.outbox,
            &self.channels,
            &self.courier,
            &Persistence::default(),
            Utc::now,
        )
        .await
        .map_err(|error| OutboxUnusable(error).into())
    }
}

/// Whether there is a channel of that name; else an error that names those there are.
pub(crate) fn configured(config: &Config, name: &str) -> Result<()> {
    let mut names = config.channels.iter().map(|channel| channel.name.as_str());
    if names.clone().any(|known| known == name) {
        return Ok(());
    }
    Err(unknown(name, &mut names))
}

fn unknown<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> anyhow::Error {
    let known: Vec<&str> = known.collect();
    let remedy = if known.is_empty() {
        "none is configured yet; add it as [[channel]]".to_owned()
    } else {
        format!(
            "add it as [[channel]], or name one of: {}",
            known.join(", ")
        )
    };
    anyhow!("no channel is named \"{}\"\n{remedy}", clean(name))
}

/// How often it is looked whether another process is done with a message.
const LOOK: Duration = Duration::from_millis(200);
/// From so long on the wait is told.
const TOLD: Duration = Duration::from_secs(3);
/// Longer than the turn that a process takes at a channel, which it may have died in.
const LONGEST: Duration = Duration::from_secs(150);

impl Post {
    /// Sends everything that is due, and waits until it is known what became of one message, should a
    /// daemon beside have taken it first.
    pub(crate) async fn deliver(&self, id: i64) -> Result<Drained> {
        let mut drained = self.drain().await?;
        let (started, mut is_told) = (Instant::now(), false);
        loop {
            let told = drained.sent.contains(&id)
                || drained.later.iter().any(|(known, _)| *known == id)
                || drained.dead.iter().any(|(known, _)| *known == id);
            if told {
                return Ok(drained);
            }
            let Some(delivery) = self
                .database
                .read(move |conn| mirror::delivery(conn, id))
                .await?
            else {
                return Ok(drained);
            };
            let why = delivery.last_error.unwrap_or_default();
            match delivery.state {
                DeliveryState::Sent => drained.sent.push(id),
                DeliveryState::Dead => drained.dead.push((id, why)),
                DeliveryState::Dropped => drained.dead.push((id, "it was dropped".to_owned())),
                DeliveryState::Pending if !why.is_empty() => drained.later.push((id, why)),
                _ if started.elapsed() > LONGEST => {
                    let why = "another process is still sending to this channel".to_owned();
                    drained.later.push((id, why));
                }
                // Whoever holds it may have died: then its lease ends, and it is due again.
                DeliveryState::Pending | DeliveryState::Sending => {
                    if started.elapsed() > TOLD && !is_told {
                        is_told = true;
                        let channel = delivery.channel;
                        tracing::info!(
                            "waiting for another process that is sending to {channel}, or ended while it was: two minutes at most"
                        );
                    }
                    tokio::time::sleep(LOOK).await;
                    let more = self.drain().await?;
                    drained.sent.extend(more.sent);
                    drained.in_part.extend(more.in_part);
                    drained.later.extend(more.later);
                    drained.dead.extend(more.dead);
                }
            }
        }
    }
}

/// The outbox, which is the database, could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct OutboxUnusable(String);
