//! `gatherd target`: how often a group agreed to meet; wins over the configuration.

use super::{Exit, contact, print};
use crate::{
    app::{meant, memory},
    cli::{Global, Target},
    mirror::MemoryId,
};
use anyhow::Result;

pub(super) async fn run(global: &Global, args: &Target) -> Result<Exit> {
    let (_, database) = contact::open(global).await?;
    let group = meant::group(&database, &args.group).await?;
    let (key, name) = (group.key, memory::named(&group));
    let Some(every_months) = args.every_months else {
        let target = MemoryId::Target(key.0);
        let had_one = database.write(move |w| w.forget_memory(target)).await?;
        print(&if had_one {
            format!("the target of {name} is taken back; what is configured counts again\n")
        } else {
            format!("no target was agreed here for {name}\n")
        })?;
        return Ok(Exit::Done);
    };
    let before = database
        .write(move |w| w.agree_target(key, every_months))
        .await?;
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
