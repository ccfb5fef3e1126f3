//! A calendar year as somebody sees it who may see so much.

use super::database::Database;
use crate::{
    community::Access,
    metrics::{self, Settings, Year},
    mirror::MirrorError,
};

/// Counts one now.
pub(crate) async fn year(
    database: &Database,
    settings: &Settings,
    access: &Access,
    year: i32,
) -> Result<Year, MirrorError> {
    let (settings, access) = (settings.clone(), access.clone());
    let counted = database.read(move |conn| count(conn, &settings, &access, year));
    counted.await
}

/// The same on a connection of one's own.
pub(super) fn count(
    conn: &rusqlite::Connection,
    settings: &Settings,
    access: &Access,
    year: i32,
) -> Result<Year, MirrorError> {
    let only = access.is_narrow().then(|| access.clone());
    let settings = Settings {
        only: only.into_iter().collect(),
        with_people: false,
        ..settings.clone()
    };
    Ok(metrics::year(conn, &settings, year)?)
}
