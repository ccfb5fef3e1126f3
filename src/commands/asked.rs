//! `gatherd asked`: keeps that somebody was asked, and when to look again.

use super::{Exit, contact, print};
use crate::{
    app::{meant, memory},
    cli::{Asked, Global},
};
use anyhow::Result;
use chrono::Utc;

pub(super) async fn run(global: &Global, args: &Asked) -> Result<Exit> {
    let whom = args
        .whom
        .as_deref()
        .map(|whom| memory::text("--whom", whom, memory::LONGEST_NAME))
        .transpose()?;
    let (config, database) = contact::open(global).await?;
    let today = memory::today(&config);
    let again_on = args
        .again
        .map(|day| contact::day("--again", day, today, today))
        .transpose()?;
    let group = meant::group(&database, &args.group).await?;
    print(&memory::asked(&database, &group, whom, again_on, today, Utc::now()).await?)?;
    Ok(Exit::Done)
}
