//! `gatherd deliveries`: the outbox, listed, retried, dropped and tested.

use super::{Exit, config, delivered, print};
use crate::{
    app::deliveries::{self, Again},
    cli::{DeliveriesCommand, Global, Which},
    config::Need,
    mirror::{self, Delivery, DeliveryState},
};
use anyhow::Result;
use chrono::DateTime;
use std::fmt::Write;

pub(super) async fn run(global: &Global, command: &DeliveriesCommand) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    match command {
        DeliveriesCommand::List => {
            print(&table(&deliveries::listed(&config).await?))?;
            Ok(Exit::Done)
        }
        DeliveriesCommand::Retry { which } => {
            let which = meant(*which);
            tried(which, deliveries::retry(&config, which).await?)
        }
        DeliveriesCommand::Drop { which } => {
            let which = meant(*which);
            match deliveries::drop(&config, which).await? {
                0 => {
                    print("nothing to drop: no such message is waiting or given up\n")?;
                    Ok(nothing(which))
                }
                dropped => {
                    let dropped = count(dropped);
                    print(&format!("{dropped} dropped, and will not be sent\n"))?;
                    Ok(Exit::Done)
                }
            }
        }
        DeliveriesCommand::Test { channel } => {
            let drained = deliveries::test(&config, channel).await?;
            print(&delivered::told(&drained))?;
            Ok(delivered::exit(&drained))
        }
    }
}

fn tried(which: mirror::Which, again: Again) -> Result<Exit> {
    let (retried, drained) = match again {
        Again::Tried(retried, drained) => (retried, drained),
        Again::Emptied(id, state) => {
            let became = match state {
                DeliveryState::Sent => "was sent",
                DeliveryState::Dropped => "was dropped",
                _ => "was given up over 30 days ago",
            };
            print(&format!(
                "nothing to retry: message {id} {became}, and what it said is not kept any more\n"
            ))?;
            return Ok(Exit::Failed);
        }
    };
    if retried.emptied > 0 {
        print(&format!(
            "{} given up over 30 days ago: not tried, since what was said is not kept any more\n",
            count(retried.emptied)
        ))?;
    }
    let Some(drained) = drained else {
        if retried.emptied > 0 {
            print("`gatherd deliveries drop all` lets go of what cannot be sent any more\n")?;
            return Ok(Exit::Failed);
        }
        print("nothing to retry: no such message is waiting or given up\n")?;
        return Ok(nothing(which));
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
