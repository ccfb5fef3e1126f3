//! `gatherd asked`: keeps that somebody was asked, and when to look again.

use super::{Exit, contact, print};
use crate::{
    app::memory,
    cli::{Asked, Global},
};
use anyhow::Result;
use chrono::Utc;

pub(super) fn run(global: &Global, args: &Asked) -> Result<Exit> {
    let whom = args
        .whom
        .as_deref()
        .map(|whom| memory::text("--whom", whom, memory::LONGEST_NAME))
        .transpose()?;
    let (config, database) = contact::open(global)?;
    let today = memory::today(&config);
    let again_on = args
        .again
        .map(|day| contact::day("--again", day, today, today))
        .transpose()?;
    let group = memory::group(&database, &args.group)?;
    let id = database.write(Utc::now(), |w| {
        w.asked(group.key, whom.as_deref(), again_on)
    })?;
    let again = again_on.map_or_else(String::new, |day| format!("; look again on {day}"));
    print(&format!(
        "kept as n{id} that {} was asked{again}\n",
        memory::named(&group)
    ))?;
    Ok(Exit::Done)
}
