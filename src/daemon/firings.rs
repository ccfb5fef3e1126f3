//! What falls due, and what of it was served: kept in the mirror, so that a missed firing is caught up once.

use crate::{
    config::{Config, Line},
    mirror::{self, Mirror},
    schedule::{Firing, DueFiring, DueFirings},
};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// The firings of these lines. One seen for the first time counts as served now: a first start is no
/// missed firing.
pub(super) fn firings(
    database: &Mirror,
    lines: &[(String, &Line)],
    config: &Config,
) -> Result<DueFirings> {
    let now = Utc::now();
    let mut firings = Vec::new();
    for (name, line) in lines {
        let served = match database.read(|conn| mirror::firing(conn, name))? {
            Some(at) => DateTime::from_timestamp(at, 0),
            None => {
                database.write(now, |w| w.served(name, now))?;
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

pub(super) fn serve(database: &Mirror, due_firings: &mut DueFirings, served: &[DueFiring]) {
    for firing in served {
        due_firings.served(firing);
        if let Err(error) = database.write(Utc::now(), |w| w.served(&firing.name, firing.at)) {
            tracing::error!("the firing of {} could not be noted: {error}", firing.name);
        }
    }
}
