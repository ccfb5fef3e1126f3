//! `gatherd note`: keeps a note about a group.

use super::{Exit, contact, print};
use crate::{
    app::memory,
    cli::{Global, Note},
};
use anyhow::Result;
use chrono::Utc;

pub(super) fn run(global: &Global, args: &Note) -> Result<Exit> {
    let text = memory::text("the note", &args.text.join(" "), memory::LONGEST_NOTE)?;
    let (_, database) = contact::open(global)?;
    let group = memory::group(&database, &args.group)?;
    let id = database.write(Utc::now(), |w| w.note(group.key, &text))?;
    print(&format!("noted as n{id} for {}\n", memory::named(&group)))?;
    Ok(Exit::Done)
}
