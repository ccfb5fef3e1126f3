//! `gatherd note`: keeps a note about a group.

use super::{Exit, contact, print};
use crate::{
    app::{meant, memory},
    cli::{Global, Note},
};
use anyhow::Result;

pub(super) async fn run(global: &Global, args: &Note) -> Result<Exit> {
    let text = memory::text("the note", &args.text.join(" "), memory::LONGEST_NOTE)?;
    let (_, database) = contact::open(global).await?;
    let group = meant::group(&database, &args.group).await?;
    let id = memory::note(&database, &group, text, None).await?;
    print(&format!("noted as n{id} for {}\n", memory::named(&group)))?;
    Ok(Exit::Done)
}
