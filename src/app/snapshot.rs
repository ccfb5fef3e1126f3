//! A report from the mirror and the configuration.

use super::health::freshness;
use crate::{
    config::Config,
    metrics::{self, measure},
    mirror::{self, Mirror, MirrorError},
    report::{Freshness, Report, compose},
};
use anyhow::Result;
use chrono::{DateTime, SubsecRound, Utc};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

/// Measurements kept at once: of the latest instants that were asked for.
const KEPT: usize = 3;

/// The network as it was measured, once per instant, for all who ask for it: each measurement is kept
/// until the mirror's figures move. Whoever asks while one is made waits for it.
#[derive(Default)]
pub(crate) struct Snapshots {
    kept: Mutex<Vec<Kept>>,
    made: AtomicU64,
}

struct Kept {
    version: i64,
    settings: metrics::Settings,
    report: Arc<Report>,
}

impl Snapshots {
    /// The network as of the settings' instant, as `conn` sees the mirror, without how fresh it is. It may
    /// have lists of persons that were not asked for.
    pub(crate) fn measured(
        &self,
        conn: &rusqlite::Connection,
        settings: &metrics::Settings,
    ) -> Result<Arc<Report>, MirrorError> {
        let version = mirror::figures_version(conn)?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| it.version == version);
        if let Some(at) = kept.iter().position(|it| it.settings.stands_for(settings)) {
            let found = kept.remove(at);
            let report = Arc::clone(&found.report);
            kept.push(found);
            return Ok(report);
        }
        let began = Instant::now();
        let measured = measure(conn, settings)?;
        let report = Arc::new(compose(measured, settings, Freshness::default()));
        self.made.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(as_of = %settings.as_of, took = ?began.elapsed(), "measured");
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept {
            version,
            settings: settings.clone(),
            report: Arc::clone(&report),
        });
        Ok(report)
    }

    /// The report of these settings, with how fresh it is now.
    pub(crate) fn report(
        &self,
        conn: &rusqlite::Connection,
        settings: &metrics::Settings,
    ) -> Result<Report, MirrorError> {
        let freshness = freshness(conn)?;
        let mut report = Report::clone(&*self.measured(conn, settings)?);
        if !settings.with_people {
            report.people = None;
        }
        Ok(report.with_freshness(freshness))
    }
}

/// Composes the report as of an instant, from one consistent look at the mirror.
pub(crate) fn report(
    config: &Config,
    database: &Mirror,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Report> {
    composed(database, &settings(config, as_of, now))
}

/// Composes the report of some settings.
pub(crate) fn composed(database: &Mirror, settings: &metrics::Settings) -> Result<Report> {
    let (measured, freshness) =
        database.read(|conn| Ok((measure(conn, settings)?, freshness(conn)?)))?;
    Ok(compose(measured, settings, freshness))
}

/// The report, and what is behind one of its keys, from the same look at the mirror.
pub(crate) fn explained(
    database: &Mirror,
    settings: &metrics::Settings,
    entry: &'static metrics::Entry,
    urlname: Option<&str>,
) -> Result<(Report, metrics::Explained)> {
    let (measured, freshness, explained) = database.read(|conn| {
        Ok((
            measure(conn, settings)?,
            freshness(conn)?,
            metrics::explain(conn, settings, entry, urlname)?,
        ))
    })?;
    Ok((compose(measured, settings, freshness), explained))
}

/// What a report depends on besides the mirror.
pub(crate) fn settings(
    config: &Config,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> metrics::Settings {
    metrics::Settings {
        as_of,
        // Whole seconds, as printed: what is decided by it can be decided again from the report.
        generated_at: now.trunc_subsecs(0),
        staff: config.staff.clone(),
        target_share: config.target_share,
        targets: config
            .targets
            .iter()
            .map(|target| metrics::Target {
                group: target.group.clone(),
                every_months: target.every_months,
            })
            .collect(),
        events_per_year: config.events_per_year,
        with_people: false,
    }
}
