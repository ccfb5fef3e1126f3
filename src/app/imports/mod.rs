//! What people keep beside Meetup, handed in as files: read, matched with what is known, told beside what was
//! said before, and kept all together or not at all.

mod budget;
mod differing;
mod files;
mod handing;
mod keeping;
mod matching;
mod planned;
mod planning;
mod rates;
mod spending;

pub(crate) use differing::Differing;
pub(crate) use files::{Looked, Watching, look, renew};
pub(crate) use handing::{bytes, name};
pub(crate) use keeping::{keep, listed, plan};
pub(crate) use planned::{Bad, Handed, Plan};

use super::database::Database;
use anyhow::Result;

/// Takes an import back: how many rows.
pub(crate) async fn undo(database: &Database, name: &str) -> Result<u64> {
    let meant = name.to_owned();
    let taken = database.write(move |w| w.undo_import(&meant)).await?;
    if let Some(rows) = taken {
        return Ok(rows);
    }
    let known = listed(database).await?;
    let nearest = known
        .iter()
        .min_by_key(|it| strsim::damerau_levenshtein(&it.name, name));
    let remedy = match nearest {
        Some(nearest) => format!(
            "did you mean \"{}\"? `gatherd import list` has all",
            nearest.name
        ),
        None => "nothing was imported yet".to_owned(),
    };
    anyhow::bail!("nothing was imported as \"{name}\"\n{remedy}")
}
