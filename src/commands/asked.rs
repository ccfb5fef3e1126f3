//! `gatherd asked`: keeps that somebody was asked, and when to look again.

use super::{Exit, contact, print};
use crate::{
    app::{meant, memory},
    cli::{Asked, Global},
};
use anyhow::Result;
use chrono::{NaiveDate, Utc};

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
    let asked = memory::asked(&database, &group, whom, again_on, None, (today, Utc::now())).await?;
    print(&told(asked, &memory::named(&group)))?;
    Ok(Exit::Done)
}

/// What is said of the number and the day of an asking that was kept.
pub(super) fn told((id, again_on): (i64, NaiveDate), group: &str) -> String {
    format!("kept as n{id} that {group} was asked; look again on {again_on}\n")
}
