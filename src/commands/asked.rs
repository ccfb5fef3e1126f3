//! `gatherd asked`: keeps that somebody was asked, and when to look again.

use super::{Exit, contact, print};
use crate::{
    app::{meant, memory},
    cli::{Asked, Global},
};
use anyhow::Result;

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
    let key = group.key;
    let id = database
        .write(move |w| w.asked(key, whom.as_deref(), again_on))
        .await?;
    let again = again_on.map_or_else(String::new, |day| format!("; look again on {day}"));
    print(&format!(
        "kept as n{id} that {} was asked{again}\n",
        memory::named(&group)
    ))?;
    Ok(Exit::Done)
}
