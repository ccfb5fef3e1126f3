//! `gatherd target`: how often a group agreed to meet; wins over the configuration.

use super::{Exit, contact, print};
use crate::{
    app::{meant, memory},
    cli::{Global, Target},
};
use anyhow::Result;

pub(super) async fn run(global: &Global, args: &Target) -> Result<Exit> {
    let (_, database) = contact::open(global).await?;
    let group = meant::group(&database, &args.group).await?;
    let name = memory::named(&group);
    let Some(every_months) = args.every_months else {
        print(&if memory::disagree(&database, &group).await? {
            format!("the target of {name} is taken back; what is configured counts again\n")
        } else {
            format!("no target was agreed here for {name}\n")
        })?;
        return Ok(Exit::Done);
    };
    let before = memory::agree(&database, &group, every_months, None).await?;
    let before = before
        .filter(|before| *before != every_months)
        .map_or_else(String::new, |before| format!(" (before: {})", span(before)));
    print(&format!(
        "agreed with {name}: an event {}{before}\n",
        span(every_months)
    ))?;
    Ok(Exit::Done)
}

/// "every month", "every 2 months".
pub(super) fn span(every_months: u8) -> String {
    match every_months {
        1 => "every month".to_owned(),
        n => format!("every {n} months"),
    }
}
