//! `gatherd note`: keeps a note about a group.

use super::{Exit, contact, print};
use crate::cli::{Global, Note};
use anyhow::Result;
use chrono::Utc;

pub(super) fn run(global: &Global, args: &Note) -> Result<Exit> {
    let text = contact::text("the note", &args.text.join(" "), contact::LONGEST_NOTE)?;
    let (_, database) = contact::open(global)?;
    let group = contact::group(&database, &args.group)?;
    let id = database.write(Utc::now(), |w| w.note(group.key, &text))?;
    print(&format!("noted as n{id} for {}\n", contact::named(&group)))?;
    Ok(Exit::Done)
}
