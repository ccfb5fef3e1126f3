//! `gatherd deliveries`: the outbox, listed, retried, dropped and tested.

use super::{Exit, config, delivered, print};
use crate::{
    app::{opening, outbox},
    cli::{DeliveriesCommand, Global, Which},
    config::{Config, Need},
    deliver::{Letter, test_line},
    mirror::{self, Delivery, DeliveryKind, DeliveryState, NewDelivery, NewReport},
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
        DeliveriesCommand::Retry { which } => retry(&config, meant(*which)).await,
        DeliveriesCommand::Drop { which } => {
            let (database, which) = (opening::sending(&config).await?, meant(*which));
            let dropped = database.write(move |w| w.drop_delivery(which)).await?;
            if dropped == 0 {
                print("nothing to drop: no such message is waiting or given up\n")?;
                return Ok(nothing(which));
            }
            print(&format!(
                "{} dropped, and will not be sent\n",
                count(dropped)
            ))?;
            Ok(Exit::Done)
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
            let document = document.to_string();
            let delivery = NewDelivery {
                channel: channel.clone(),
                payload_json: payload,
            };
            let filing = database.write(move |w| {
                let report = NewReport {
                    kind: DeliveryKind::Test,
                    period: &period,
                    as_of: now,
                    payload_json: &document,
                    told: None,
                };
                w.file_report(&report, &[delivery])
            });
            let filed = filing.await?;
            let drained = match filed.first() {
                Some(filed) => office.deliver(filed.delivery_id).await?,
                None => office.drain().await?,
            };
            print(&delivered::told(&drained))?;
            Ok(delivered::exit(&drained))
        }
    }
}

async fn retry(config: &Config, which: mirror::Which) -> Result<Exit> {
    let database = opening::sending(config).await?;
    let office = outbox::Post::open(config, &database)?;
    let retried = database.write(move |w| w.retry_delivery(which)).await?;
    if let mirror::Which::One(id) = which
        && let Some(delivery) = database
            .read(move |conn| mirror::delivery(conn, id))
            .await?
        && !delivery.is_kept
    {
        let became = match delivery.state {
            DeliveryState::Sent => "was sent",
            DeliveryState::Dropped => "was dropped",
            _ => "was given up over 30 days ago",
        };
        print(&format!(
            "nothing to retry: message {id} {became}, and what it said is not kept any more\n"
        ))?;
        return Ok(Exit::Failed);
    }
    if retried.emptied > 0 {
        print(&format!(
            "{} given up over 30 days ago: not tried, since what was said is not kept any more\n",
            count(retried.emptied)
        ))?;
    }
    if retried.due == 0 {
        print("nothing to retry: no such message is waiting or given up\n")?;
        return Ok(nothing(which));
    }
    let drained = match which {
        mirror::Which::One(id) => office.deliver(id).await?,
        mirror::Which::All => office.drain().await?,
    };
    print(&delivered::told(&drained))?;
    Ok(delivered::exit(&drained))
}

fn meant(which: Which) -> mirror::Which {
    match which {
        Which::All => mirror::Which::All,
        Which::One(id) => mirror::Which::One(id),
    }
}

/// Where there is none among all, all is well; one that was named is missed.
fn nothing(which: mirror::Which) -> Exit {
    match which {
        mirror::Which::All => Exit::Done,
        mirror::Which::One(_) => Exit::Failed,
    }
}

/// "2 messages were".
fn count(messages: usize) -> String {
    match messages {
        1 => "1 message was".to_owned(),
        n => format!("{n} messages were"),
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
