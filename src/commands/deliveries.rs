//! `gatherd deliveries`: the outbox, listed, retried and tested.

use super::{Exit, config, delivered, print};
use crate::{
    app::{opening, outbox},
    cli::{DeliveriesCommand, Global, Which},
    config::Need,
    deliver::{Letter, test_line},
    mirror::{self, Delivery, DeliveryKind, Retry},
};
use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};
use std::fmt::Write;

/// How many deliveries are listed.
const LISTED: usize = 50;

pub(super) async fn run(global: &Global, command: &DeliveriesCommand) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    match command {
        DeliveriesCommand::List => {
            let database = opening::existing(&config).await?;
            let listed = database
                .read(|conn| mirror::deliveries(conn, LISTED))
                .await?;
            print(&table(&listed))?;
            Ok(Exit::Done)
        }
        DeliveriesCommand::Retry { which } => {
            let database = opening::sending(&config).await?;
            let office = outbox::Post::open(&config, &database)?;
            let which = match which {
                Which::All => Retry::All,
                Which::One(id) => Retry::One(*id),
            };
            let due = database.write(move |w| w.retry_delivery(which)).await?;
            if due == 0 {
                print("nothing to retry: no such message is waiting or given up\n")?;
                return Ok(if which == Retry::All {
                    Exit::Done
                } else {
                    Exit::Failed
                });
            }
            let drained = match which {
                Retry::One(id) => office.deliver(id).await?,
                Retry::All => office.drain().await?,
            };
            print(&delivered::told(&drained))?;
            Ok(delivered::exit(&drained))
        }
        DeliveriesCommand::Test { channel } => {
            // A slip of the finger makes no database.
            outbox::configured(&config, channel)?;
            let database = opening::mirror(&config).await?;
            let office = outbox::Post::open(&config, &database)?;
            let now = Utc::now();
            let (message, document) = test_line(channel);
            let letter = Letter {
                kind: DeliveryKind::Test,
                at: now,
                message: &message,
                document: &document,
            };
            let payload = office.channel(channel)?.payload(&letter);
            // To the millisecond, so that each test is a message of its own.
            let period = now.to_rfc3339_opts(SecondsFormat::Millis, true);
            let (document, to) = (document.to_string(), [(channel.clone(), payload)]);
            let filed = database
                .with(move |mirror| {
                    outbox::file(mirror, DeliveryKind::Test, &period, now, &document, &to)
                })
                .await?;
            let drained = match filed.first() {
                Some(filed) => office.deliver(filed.delivery_id).await?,
                None => office.drain().await?,
            };
            print(&delivered::told(&drained))?;
            Ok(delivered::exit(&drained))
        }
    }
}

fn table(listed: &[Delivery]) -> String {
    if listed.is_empty() {
        return "no messages yet\n".to_owned();
    }
    let width = listed
        .iter()
        .map(|it| it.channel.len())
        .max()
        .unwrap_or(0)
        .max("channel".len());
    let mut text = format!(
        "{:>5}  {:<8} {:<width$}  {:<7}  {:>5}  {:<16}  last error\n",
        "id", "state", "channel", "kind", "tries", "filed (UTC)"
    );
    for it in listed {
        let filed = DateTime::from_timestamp(it.created_at, 0)
            .map_or_else(String::new, |at| at.format("%Y-%m-%d %H:%M").to_string());
        let line = format!(
            "{:>5}  {:<8} {:<width$}  {:<7}  {:>5}  {filed:<16}  {}",
            it.id,
            it.state.as_str(),
            it.channel,
            it.kind.as_str(),
            it.attempts,
            it.last_error.as_deref().unwrap_or("").replace('\n', " ")
        );
        let _ = writeln!(text, "{}", line.trim_end());
    }
    text
}
