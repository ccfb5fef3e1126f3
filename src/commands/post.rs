//! The post office: files messages in the outbox and drains it to the channels.

use crate::{
    config::{Config, Sends},
    deliver::{Channel, Courier, Drained, Outbox, Patience, Persistence, drain},
    mirror::{DeliveryKind, Filed, Mirror, MirrorError, NewDelivery, NewReport},
};
use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};
use std::sync::Arc;

/// Channels, courier and outbox of one configuration.
pub(super) struct Post {
    channels: Vec<(Channel, Vec<Sends>)>,
    courier: Courier,
    outbox: Arc<Outbox>,
    mirror: Mirror,
}

impl Post {
    /// Opens the post office on a mirror's outbox.
    pub(super) fn open(config: &Config, mirror: &Mirror) -> Result<Self> {
        Ok(Self {
            channels: config
                .channels
                .iter()
                .map(|it| (Channel::new(it), it.sends.clone()))
                .collect(),
            courier: Courier::new(Patience::default()).map_err(|error| anyhow!(error))?,
            outbox: Arc::new(Outbox::of(mirror)),
            mirror: mirror.clone(),
        })
    }

    /// The channel of that name; else an error that names those there are.
    pub(super) fn channel(&self, name: &str) -> Result<&Channel> {
        self.channels
            .iter()
            .map(|(channel, _)| channel)
            .find(|channel| channel.name() == name)
            .ok_or_else(|| {
                let names: Vec<&str> = self
                    .channels
                    .iter()
                    .map(|(channel, _)| channel.name())
                    .collect();
                let known = if names.is_empty() {
                    "none is configured".to_owned()
                } else {
                    names.join(", ")
                };
                anyhow!(
                    "no channel is named \"{name}\"\nadd it as [[channel]], or name one of: {known}"
                )
            })
    }

    /// Files one document with what each channel is to post; what was filed for the same period
    /// before is not filed again.
    pub(super) fn file(
        &self,
        kind: DeliveryKind,
        period: &str,
        as_of: DateTime<Utc>,
        document: &str,
        payloads: &[(String, String)],
    ) -> Result<Vec<Filed>, MirrorError> {
        let deliveries: Vec<NewDelivery> = payloads
            .iter()
            .map(|(channel, payload)| NewDelivery {
                channel: channel.clone(),
                payload_json: payload.clone(),
            })
            .collect();
        let report = NewReport {
            kind,
            period,
            as_of,
            payload_json: document,
        };
        self.mirror
            .write(Utc::now(), |w| w.file_report(&report, &deliveries))
    }

    /// Sends everything that is due.
    pub(super) async fn drain(&self) -> Result<Drained> {
        let channels: Vec<Channel> = self
            .channels
            .iter()
            .map(|(channel, _)| channel.clone())
            .collect();
        drain(
            &self.outbox,
            &channels,
            &self.courier,
            &Persistence::default(),
            Utc::now,
        )
        .await
        .map_err(|error| OutboxUnusable(error).into())
    }
}

/// The outbox, which is the database, could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(super) struct OutboxUnusable(String);

/// What a drain came to, in lines.
pub(super) fn told(drained: &Drained) -> String {
    let mut text = String::new();
    for id in &drained.sent {
        text.push_str(&format!("delivery {id}: sent\n"));
    }
    for (id, why) in &drained.later {
        text.push_str(&format!(
            "delivery {id}: not yet, {why}; it is tried again\n"
        ));
    }
    for (id, why) in &drained.dead {
        text.push_str(&format!("delivery {id}: given up, {why}\n  mend the channel, then run `gatherd deliveries retry {id}`\n"));
    }
    text
}
