//! The daemon's backups: how old the last good one is, and whether it still is one.

use super::sheet::Sheet;
use crate::{
    app::{
        backups::{Standing, last},
        database::Database,
        exit::Exit,
    },
    config::Config,
    mirror::{self, MirrorError},
};
use chrono::{DateTime, Utc};

const ABOUT: &str = "backup";

/// Checks them, where some are asked for.
pub(super) async fn check(
    config: &Config,
    database: &Database,
    now: DateTime<Utc>,
    sheet: &mut Sheet,
) {
    let by = config.clone();
    let looked = database.with(move |mirror| {
        let (standing, id) = mirror
            .read(|conn| Ok((Standing::look(conn, &by, now)?, mirror::database_id(conn)?)))?;
        let Some(standing) = standing else {
            return Ok(None);
        };
        let last = last(&standing.folder, &id);
        let last = last.map(|path| (mirror::examine_copy(&path), path));
        Ok::<_, MirrorError>(Some((standing, last)))
    });
    let (standing, last) = match looked.await {
        Ok(Some(found)) => found,
        Ok(None) => return,
        Err(error) => return sheet.warning(ABOUT, error.to_string()),
    };
    let folder = standing.folder.display();
    match last {
        Some((Err(error), path)) => {
            let said = format!(
                "the last one, {}, is none any more: {}\nmake another with `gatherd backup {folder}`, and look at the disk",
                path.display(),
                error.to_string().lines().next().unwrap_or_default()
            );
            sheet.error(ABOUT, &said, Exit::Failed);
        }
        found => match (standing.sentence(), found) {
            (Some(sentence), _) => {
                let said = format!(
                    "{sentence}\nsee why in the daemon's log, or by hand with `gatherd backup {folder}`"
                );
                sheet.error(ABOUT, &said, Exit::Failed);
            }
            (None, Some((_, path))) => sheet.ok(ABOUT, format!("{} is whole", path.display())),
            (None, None) => sheet.note(
                ABOUT,
                format!("none in {folder} yet; the daemon makes them as [backup] says"),
            ),
        },
    }
}
