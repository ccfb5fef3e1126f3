//! `gatherd digest`: the Monday message, read here and now. Nothing of it is recorded.

use super::{
    Exit, config, json,
    paging::{show, style},
};
use crate::{
    app::{
        digest::{self, Reader},
        opening, outbox,
        snapshot::Snapshots,
    },
    cli::{Digest as Args, Global, ReportFormat},
    config::Need,
    report,
};
use anyhow::Result;
use chrono::{SubsecRound, Utc};

pub(super) async fn run(global: &Global, args: &Args) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    if let Some(name) = &args.channel {
        outbox::configured(&config, name)?;
    }
    let database = opening::existing(&config).await?;
    let now = Utc::now();
    let as_of = args.as_of.unwrap_or(now).trunc_subsecs(0);
    let reader = Reader {
        channel: args.channel.clone(),
        within: args.within.access(),
        shows_all: args.all,
    };
    let composed = database
        .with(move |mirror| {
            digest::composed(&config, mirror, &Snapshots::default(), &reader, as_of, now)
        })
        .await?;
    let text = match args.format {
        ReportFormat::Text => report::message_text(composed.message(), style(global)),
        ReportFormat::Markdown => report::message_markdown(composed.message()),
        ReportFormat::Json => json(composed.document())?,
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}
