//! `gatherd digest`: the Monday message, read here and now. Nothing of it is recorded.

use super::{
    Exit, config,
    configured::access,
    json,
    paging::{show, style},
};
use crate::{
    app::{
        digest::{self, Reader},
        opening, outbox,
        snapshot::Snapshots,
    },
    cli::{Digest as Args, Global, TextFormat},
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
        within: access(&config, &args.within)?,
        owners: args.owner.clone(),
        shows_all: args.all,
        // What programs read says itself what is not read yet.
        may_be_first: args.format != TextFormat::Json,
    };
    let snapshots = Snapshots::default();
    let composed = digest::composed(&config, &database, &snapshots, reader, as_of, now).await?;
    let text = match args.format {
        TextFormat::Text => report::message_text(composed.message(), style(global)),
        TextFormat::Markdown => report::message_markdown(composed.message()),
        TextFormat::Json => json(composed.document())?,
    };
    show(&text, args.paging)?;
    Ok(Exit::Done)
}
