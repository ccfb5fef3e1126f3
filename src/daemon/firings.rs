//! What falls due, and what of it was served: kept in the mirror, so that a missed firing is caught up once.

use crate::{
    app::database::Database,
    config::{Config, Line},
    mirror,
    schedule::{DueFiring, DueFirings, Firing},
};
use anyhow::Result;
use chrono::{DateTime, Utc};

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
    let mut firings = Vec::new();
    for (name, line) in lines {
        let key = name.clone();
        let served = match database
            .read(move |conn| mirror::firing(conn, &key))
            .await?
        {
            Some(at) => DateTime::from_timestamp(at, 0),
            None => {
                note(database, name.clone(), now).await;
                Some(now)
            }
        };
        firings.push(Firing {
            name: name.clone(),
            line: (*line).clone(),
            zone: config.schedule.timezone,
            last_served: served,
        });
    }
    Ok(DueFirings::new(firings, now))
}

/// Counts these as served, here and in the mirror.
pub(super) async fn serve(database: &Database, due_firings: &mut DueFirings, served: &[DueFiring]) {
    for firing in served {
        due_firings.served(firing);
        note(database, firing.name.clone(), firing.at).await;
    }
}

async fn note(database: &Database, name: String, at: DateTime<Utc>) {
    let key = name.clone();
    if let Err(error) = database.write(move |w| w.served(&key, at)).await {
        tracing::error!("the firing of {name} could not be noted: {error}");
    }
}
