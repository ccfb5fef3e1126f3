//! `gatherd owner`: who looks after a group for the sponsor.

use super::{Exit, contact, print};
use crate::{
    app::{meant, memory},
    cli::{Global, Owner},
    report::clean,
};
use anyhow::Result;

pub(super) async fn run(global: &Global, args: &Owner) -> Result<Exit> {
    let name = match args.off {
        true => None,
        false => Some(memory::text(
            "the name",
            &args.name.join(" "),
            memory::LONGEST_NAME,
        )?),
    };
    let (_, database) = contact::open(global).await?;
    let group = meant::group(&database, &args.group).await?;
    let called = memory::named(&group);
    let Some(name) = name else {
        print(&if memory::disown(&database, &group).await? {
            format!("nobody looks after {called} any more\n")
        } else {
            format!("nobody was said to look after {called}\n")
        })?;
        return Ok(Exit::Done);
    };
    let before = memory::own(&database, &group, name.clone(), None).await?;
    let before = before
        .filter(|before| *before != name)
        .map_or_else(String::new, |before| {
            format!(" (before: {})", clean(&before))
        });
    print(&format!("{name} looks after {called}{before}\n"))?;
    Ok(Exit::Done)
}
