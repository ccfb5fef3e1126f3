//! What is opened first: the mirror, the way to Meetup.

use super::{database::Database, privacy};
use crate::{
    config::Config,
    meetup::{self, Meetup, Waits},
    mirror::{self, Mirror, MirrorError, PassLock, Stamp},
    off_thread::off_thread,
    sync::{self, Syncer},
};
use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// Meetup's budget is per minute.
pub(crate) const BUDGET_WINDOW: Duration = Duration::from_secs(60);

/// Opens the mirror of the configured endpoint, making it if there is none.
pub(crate) async fn mirror(config: &Config) -> Result<Database> {
    let database = open(config.database.clone(), stamp(config), Utc::now()).await?;
    settled(config, database).await
}

/// With what is configured of persons brought about in it.
async fn settled(config: &Config, database: Database) -> Result<Database> {
    let config = config.clone();
    let settling = database.with(move |mirror| privacy::settle(&config, mirror));
    settling.await?;
    Ok(database)
}

/// Opens a mirror with another stamp, such as a demo's, at an instant of its clock.
pub(crate) async fn open(path: PathBuf, stamp: Stamp, now: DateTime<Utc>) -> Result<Database> {
    let opened = off_thread(move || Mirror::open(&path, &stamp, now)).await;
    Ok(Database::over(opened?))
}

/// Opens a mirror that must exist, for commands that only look or only send.
pub(crate) async fn existing(config: &Config) -> Result<Database> {
    let path = config.database.clone();
    let opened = off_thread(move || Mirror::open_existing(&path)).await;
    let opened = opened.map_err(|error| match error {
        MirrorError::NoDatabase { path } if config.file.is_none() => {
            MirrorError::NothingBegun { path }
        }
        error => error,
    });
    settled(config, Database::over(opened?)).await
}

/// Opens a mirror that must exist and mirror the configured Meetup, for commands that send: what a
/// demo made up must never reach a real channel.
pub(crate) async fn sending(config: &Config) -> Result<Database> {
    let database = existing(config).await?;
    check_stamp(config, &database).await?;
    Ok(database)
}

/// An error unless it mirrors the configured Meetup.
pub(crate) async fn check_stamp(config: &Config, database: &Database) -> Result<()> {
    let found = database.read(mirror::stamp).await?;
    let wanted = stamp(config);
    if found != wanted {
        let path = config.database.clone();
        let (found, wanted) = (Box::new(found), Box::new(wanted));
        return Err(MirrorError::WrongStamp {
            path,
            found,
            wanted,
        }
        .into());
    }
    Ok(())
}

/// What the configured database is to mirror.
pub(super) fn stamp(config: &Config) -> Stamp {
    Stamp {
        is_demo: false,
        endpoint: config.meetup.endpoint.to_string(),
    }
}

/// Takes the right to run passes; waits for it if asked to.
pub(crate) async fn lock(config: &Config, waits: bool) -> Result<PassLock> {
    lock_of(&config.database, waits).await
}

/// The same of a database that is not configured.
pub(crate) async fn lock_of(database: &Path, waits: bool) -> Result<PassLock> {
    let database = database.to_owned();
    let taken = off_thread(move || {
        let mut is_told = false;
        PassLock::wait(&database, |pid| {
            if waits && !is_told {
                is_told = true;
                let holder = pid.map_or_else(String::new, |pid| format!(" (process {pid})"));
                tracing::info!("waiting for another pass to end{holder}");
            }
            waits
        })
    })
    .await;
    Ok(taken?)
}

/// How to ask Meetup.
pub(crate) fn settings(config: &Config) -> Result<meetup::Settings> {
    asking(config, Waits::default())
}

/// The same, with so much patience.
pub(crate) fn asking(config: &Config, waits: Waits) -> Result<meetup::Settings> {
    let asked = &config.meetup;
    Ok(meetup::Settings {
        endpoint: asked.endpoint.clone(),
        token_endpoint: asked.token_endpoint.clone(),
        sign_in: asked
            .sign_in
            .clone()
            .context("no sign-in is configured\nsee [meetup] in config/gatherd.toml")?,
        max_concurrency: asked.max_concurrency as usize,
        page_size: asked.page_size,
        network_access: config.network_access.clone(),
        state_dir: asked.state_dir.clone(),
        waits,
    })
}

/// The way to Meetup, within the budget that the mirror keeps.
pub(crate) fn meetup(config: &Config, database: &Database, window: Duration) -> Result<Meetup> {
    patient_meetup(config, database, window, Waits::default())
}

fn patient_meetup(
    config: &Config,
    database: &Database,
    window: Duration,
    waits: Waits,
) -> Result<Meetup> {
    let ledger = sync::ledger(database.mirror(), config.meetup.points_per_minute, window);
    Ok(Meetup::new(asking(config, waits)?, ledger)?)
}

/// The way to Meetup and into the mirror.
pub(crate) fn syncer(config: &Config, database: &Database, window: Duration) -> Result<Syncer> {
    patient_syncer(config, database, window, Waits::default())
}

/// The same with other patience.
pub(crate) fn patient_syncer(
    config: &Config,
    database: &Database,
    window: Duration,
    waits: Waits,
) -> Result<Syncer> {
    let meetup = patient_meetup(config, database, window, waits)?;
    let scope = sync::Settings {
        retention_months: config.privacy.retention_months,
        ..sync::Settings::new(
            config.networks.clone(),
            config.groups.clone(),
            config.meetup.max_concurrency as usize,
        )
    };
    Ok(Syncer::new(meetup, database.mirror().clone(), scope))
}
