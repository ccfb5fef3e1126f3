//! The database: ours, of this version, whole.

use super::sheet::Sheet;
use crate::{
    app::opening,
    commands::exit,
    config::Config,
    mirror::{self, Mirror, MirrorError},
};
use chrono::{DateTime, Utc};

const ABOUT: &str = "database";

/// Checks it; answers it where it can be used.
pub(super) fn check(config: &Config, sheet: &mut Sheet) -> Option<Mirror> {
    match examined(config) {
        Ok((mirror, says)) => {
            sheet.ok(ABOUT, says);
            Some(mirror)
        }
        Err(error) => {
            let said = format!("{error:#}");
            match error.downcast_ref::<MirrorError>() {
                Some(MirrorError::NoDatabase { .. }) => sheet.note(ABOUT, said),
                _ => sheet.error(ABOUT, &said, exit::code(&error)),
            }
            None
        }
    }
}

fn examined(config: &Config) -> anyhow::Result<(Mirror, String)> {
    // The stamp too: the database of a demo is of no use for the real Meetup.
    let mirror = opening::sending(config)?;
    mirror.check_integrity()?;
    let (version, _) = mirror.versions()?;
    let last = mirror.read(mirror::last_good_pass)?;
    let last = last
        .and_then(|it| it.finished_at)
        .and_then(|at| DateTime::from_timestamp(at, 0));
    let last = last.map_or_else(
        || "nothing read yet".to_owned(),
        |at| {
            format!(
                "last read {}",
                at.with_timezone(&Utc).format("%Y-%m-%d %H:%M UTC")
            )
        },
    );
    let path = config.database.display();
    let says = format!("{path}: whole, schema version {version}, {last}");
    Ok((mirror, says))
}
