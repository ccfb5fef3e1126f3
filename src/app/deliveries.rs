//! What a person does with the outbox: looks at it, tries again, drops, and tests a channel.

use super::{
    opening,
    outbox::{self, Post},
};
use crate::{
    config::Config,
    deliver::{Drained, Letter, test_line},
    mirror::{self, Delivery, DeliveryKind, DeliveryState, NewDelivery, NewReport, Retried, Which},
};
use anyhow::Result;
use chrono::{SecondsFormat, Utc};

/// How many deliveries are listed.
const LISTED: usize = 50;

/// The latest messages, the latest first.
pub(crate) async fn listed(config: &Config) -> Result<Vec<Delivery>> {
    let database = opening::existing(config).await?;
    let listed = database.read(|conn| mirror::deliveries(conn, LISTED));
    Ok(listed.await?)
}

/// Gives up messages that have not arrived, without sending them: how many.
pub(crate) async fn drop(config: &Config, which: Which) -> Result<usize> {
    let database = opening::sending(config).await?;
    let dropped = database.write(move |w| w.drop_delivery(which));
    Ok(dropped.await?)
}

/// What trying again came to.
pub(crate) enum Again {
    /// What that message said is not kept any more, since it is in this state, or was given up long ago.
    Emptied(i64, DeliveryState),
    /// So many could be tried, or could not; and what sending them came to, where there were any.
    Tried(Retried, Option<Drained>),
}

/// Makes messages due that have not arrived, and sends them.
pub(crate) async fn retry(config: &Config, which: Which) -> Result<Again> {
    let database = opening::sending(config).await?;
    let office = Post::open(config, &database)?;
    let retried = database.write(move |w| w.retry_delivery(which)).await?;
    if let Which::One(id) = which
        && let Some(delivery) = database
            .read(move |conn| mirror::delivery(conn, id))
            .await?
        && !delivery.is_kept
    {
        return Ok(Again::Emptied(id, delivery.state));
    }
    let drained = match which {
        _ if retried.due == 0 => None,
        Which::One(id) => Some(office.deliver(id).await?),
        Which::All => Some(office.drain().await?),
    };
    Ok(Again::Tried(retried, drained))
}

/// Files a line for a channel and sends it.
pub(crate) async fn test(config: &Config, channel: &str) -> Result<Drained> {
    // A slip of the finger makes no database.
    outbox::configured(config, channel)?;
    let database = opening::mirror(config).await?;
    let office = Post::open(config, &database)?;
    let now = Utc::now();
    let (message, document) = test_line(channel);
    let payload_json = office.channel(channel)?.payload(&Letter {
        kind: DeliveryKind::Test,
        at: now,
        message: &message,
        document: &document,
    });
    let delivery = NewDelivery {
        channel: channel.to_owned(),
        payload_json,
    };
    let filing = database.write(move |w| {
        let report = NewReport {
            kind: DeliveryKind::Test,
            // To the millisecond, so that each test is a message of its own.
            period: &now.to_rfc3339_opts(SecondsFormat::Millis, true),
            as_of: now,
            payload_json: &document.to_string(),
            told: None,
        };
        w.file_report(&report, &[delivery])
    });
    match filing.await?.first() {
        Some(filed) => office.deliver(filed.delivery_id).await,
        None => office.drain().await,
    }
}
