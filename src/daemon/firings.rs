//! What falls due, and what of it was served: kept in the mirror, so that a missed firing is caught up once.

use crate::{
    app::{database::Database, firings},
    config::{Config, Line},
    schedule::{DueFiring, DueFirings, Firing},
};
use anyhow::Result;
use chrono::Utc;

/// The firings of these lines. One seen for the first time counts as served now: a first start is no
/// missed firing. Where that cannot be noted (a full disk), it is only told: no lane ends for it.
///
/// # Errors
///
/// If the database cannot be read.
pub(super) async fn firings(
    database: &Database,
    lines: &[(String, &Line)],
    config: &Config,
) -> Result<DueFirings> {
    let now = Utc::now();
    let mut known = Vec::new();
    for (name, line) in lines {
        let mut served = firings::served_at(database, name).await?;
        if served.is_none() {
            firings::serve(database, name, now).await;
            served = Some(now);
        }
        known.push(Firing {
            name: name.clone(),
            line: (*line).clone(),
            zone: config.schedule.timezone,
            last_served: served,
        });
    }
    Ok(DueFirings::new(known, now))
}

/// Counts these as served, here and in the mirror.
pub(super) async fn serve(database: &Database, due_firings: &mut DueFirings, served: &[DueFiring]) {
    for firing in served {
        due_firings.served(firing);
        firings::serve(database, &firing.name, firing.at).await;
    }
}
