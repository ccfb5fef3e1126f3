//! What of the schedule was served, as it is kept in the mirror.

use super::database::Database;
use crate::mirror;
use anyhow::Result;
use chrono::{DateTime, Utc};

/// When a firing was served last; none: it was never seen.
pub(crate) async fn served_at(database: &Database, name: &str) -> Result<Option<DateTime<Utc>>> {
    let name = name.to_owned();
    let at = database.read(move |conn| mirror::firing(conn, &name));
    Ok(at.await?.and_then(|at| DateTime::from_timestamp(at, 0)))
}

/// Counts a firing as served. Where that cannot be noted (a full disk), it is only told: no lane ends for it.
pub(crate) async fn serve(database: &Database, name: &str, at: DateTime<Utc>) {
    let key = name.to_owned();
    if let Err(error) = database.write(move |w| w.served(&key, at)).await {
        tracing::error!("the firing of {name} could not be noted: {error}");
    }
}
