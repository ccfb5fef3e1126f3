//! `gatherd backup`: a whole copy of the database, while others write it.

use super::{Exit, bars::spinning, config, print};
use crate::{
    app::{
        Misused,
        backups::{self, Into},
        opening,
    },
    cli::{Backup, Global},
    config::Need,
    report::{many, number},
};
use anyhow::Result;
use std::path::Path;

pub(super) async fn run(global: &Global, args: &Backup) -> Result<Exit> {
    let config = config(global, Need::Database)?;
    let path = args.into.clone();
    let into = if path.is_dir() || is_named_as_folder(&path) {
        Into::Folder(path, args.keep.map(usize::from))
    } else if args.keep.is_some() {
        let named = path.display();
        return Err(Misused(format!(
            "--keep counts the backups of a folder, and {named} is none\nmake the folder first, or write {named}/"
        ))
        .into());
    } else {
        Into::File(path)
    };
    let database = opening::existing(&config).await?;
    let making = backups::make(&database, into, || true);
    let made = spinning(|| "copying, then looking the copy through", making).await?;
    if !global.is_quiet() {
        let megabytes = made.copied.bytes.div_ceil(1 << 20);
        let megabytes = number(i64::try_from(megabytes).unwrap_or(i64::MAX));
        let removed = match made.removed {
            0 => String::new(),
            n => format!("; {} removed", many(n as u64, "older one", "older ones")),
        };
        print(&format!(
            "{}: whole, {megabytes} MB, schema version {}{removed}\n",
            made.path.display(),
            made.copied.version
        ))?;
    }
    Ok(Exit::Done)
}

/// Whether it ends with a stroke: a folder that may be yet to make.
fn is_named_as_folder(path: &Path) -> bool {
    let name = path.as_os_str().as_encoded_bytes();
    name.last()
        .is_some_and(|last| std::path::is_separator(char::from(*last)))
}
