//! `gatherd report --send`: the digest of a channel, sent now, or shown.

use super::{Exit, show, style};
use crate::{
    app::{database::Database, digest, outbox, snapshot::Snapshots},
    cli::{Global, Report as Args},
    commands::{delivered, json, print},
    config::Config,
    mirror::{DeliveryKind, DeliveryState, Filed, Outcome},
    report,
};
use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};

pub(super) async fn run(
    global: &Global,
    args: &Args,
    config: &Config,
    database: &Database,
    name: &str,
    (as_of, now): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Exit> {
    let office = outbox::Post::open(config, database)?;
    let channel = office.channel(name)?;
    let snapshots = Snapshots::default();
    let composed = digest::digest(config, database, &snapshots, name, as_of, now).await?;
    if args.raw {
        let payload = composed.payload(channel, DeliveryKind::Manual, now);
        let payload: serde_json::Value = serde_json::from_str(&payload)?;
        print(&json(&payload)?)?;
        return Ok(Exit::Done);
    }
    if args.dry_run {
        let text = report::message_text(composed.message(), style(global));
        show(&text, args.paging)?;
        return Ok(Exit::Done);
    }
    let kind = DeliveryKind::Manual;
    let filed = composed
        .file(database, &office, name, kind, (as_of, now))
        .await?;
    let period = as_of.to_rfc3339_opts(SecondsFormat::Secs, true);
    match filed.first() {
        Some(Filed {
            delivery_id,
            outcome: Outcome::Already { state },
            ..
        }) => already(&office, name, &period, *delivery_id, *state).await,
        Some(filed) => {
            let drained = office.deliver(filed.delivery_id).await?;
            print(&delivered::told(&drained))?;
            Ok(delivered::exit(&drained))
        }
        None => Ok(Exit::Done),
    }
}

/// A report that was filed before: told where it stands, and tried again only if it is due.
async fn already(
    office: &outbox::Post,
    channel: &str,
    period: &str,
    id: i64,
    state: DeliveryState,
) -> Result<Exit> {
    let report = format!("the report as of {period}");
    match state {
        DeliveryState::Sent => {
            print(&format!("{report} went to {channel} before: sent\n"))?;
            Ok(Exit::Done)
        }
        DeliveryState::Dead => {
            print(&format!(
                "{report} was given up for {channel} before\n  mend the channel, then run `gatherd deliveries retry {id}`\n"
            ))?;
            Ok(Exit::Partly)
        }
        DeliveryState::Dropped => {
            print(&format!(
                "{report} was dropped for {channel} before, and will not be sent\n  another instant is another report: --as-of\n"
            ))?;
            Ok(Exit::Partly)
        }
        DeliveryState::Pending | DeliveryState::Sending => {
            print(&format!("{report} is on its way to {channel} already\n"))?;
            let drained = office.deliver(id).await?;
            print(&delivered::told(&drained))?;
            Ok(delivered::exit(&drained))
        }
    }
}
