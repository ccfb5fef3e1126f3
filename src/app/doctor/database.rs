//! The database: ours, of this version, whole.

use super::{seen::Seen, sheet::Sheet};
use crate::{
    app::{database::Database, exit, opening},
    config::Config,
    mirror::{self, MirrorError},
};
use chrono::{DateTime, Utc};
use std::sync::atomic::Ordering;

const ABOUT: &str = "database";

/// Checks it; answers it where it can be used.
pub(super) async fn check(config: &Config, seen: &Seen, sheet: &mut Sheet) -> Option<Database> {
    match examined(config, seen).await {
        Ok((database, says)) => {
            sheet.ok(ABOUT, says);
            Some(database)
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

async fn examined(config: &Config, seen: &Seen) -> anyhow::Result<(Database, String)> {
    // The stamp too: the database of a demo is of no use for the real Meetup.
    let database = opening::sending(config).await?;
    let pages = database.pages().await?;
    seen.pages.store(pages, Ordering::Relaxed);
    let version = database.whole(seen.steps.clone()).await;
    seen.pages.store(0, Ordering::Relaxed);
    let version = version?;
    let last = database.read(mirror::last_good_pass).await?;
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
    Ok((database, says))
}
