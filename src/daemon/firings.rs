//! What falls due, and what of it was served: kept in the mirror, so that a missed firing is caught up once.

use crate::{
    app::database::Database,
    config::{Config, Line},
    mirror::{self, MirrorError},
    schedule::{Firing, Knock, Knocks},
};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// The firings of these lines. One seen for the first time counts as served now: a first start is no
/// missed firing.
pub(super) async fn firings(
    database: &Database,
    lines: &[(String, &Line)],
    config: &Config,
) -> Result<Knocks> {
    let now = Utc::now();
    let names: Vec<String> = lines.iter().map(|(name, _)| name.clone()).collect();
    let served = database
        .with(move |mirror| {
            names
                .iter()
                .map(|name| known_or_begun(mirror, name, now))
                .collect::<Result<Vec<_>, _>>()
        })
        .await?;
    let firings = lines
        .iter()
        .zip(served)
        .map(|((name, line), served)| Firing {
            name: name.clone(),
            line: (*line).clone(),
            zone: config.schedule.timezone,
            last_served: served,
        });
    Ok(Knocks::new(firings.collect(), now))
}

fn known_or_begun(
    mirror: &mirror::Mirror,
    name: &str,
    now: DateTime<Utc>,
) -> Result<Option<DateTime<Utc>>, MirrorError> {
    match mirror.read(|conn| mirror::firing(conn, name))? {
        Some(at) => Ok(DateTime::from_timestamp(at, 0)),
        None => {
            mirror.write(now, |w| w.served(name, now))?;
            Ok(Some(now))
        }
    }
}

pub(super) async fn serve(database: &Database, knocks: &mut Knocks, served: &[Knock]) {
    for knock in served {
        knocks.served(knock);
        let kept = knock.clone();
        let noted = database.write(move |w| w.served(&kept.name, kept.at)).await;
        if let Err(error) = noted {
            tracing::error!("the firing of {} could not be noted: {error}", knock.name);
        }
    }
}
