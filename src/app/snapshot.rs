//! A report from the mirror and the configuration.

use super::health::freshness;
use crate::{
    config::Config,
    metrics::{self, measure},
    mirror::Mirror,
    report::{Report, compose},
};
use anyhow::Result;
use chrono::{DateTime, SubsecRound, Utc};

/// Composes the report as of an instant, from one consistent look at the mirror.
pub(crate) fn report(
    config: &Config,
    database: &Mirror,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Report> {
    composed(config, database, &settings(config, as_of, now))
}

/// Composes the report of some settings.
pub(crate) fn composed(
    config: &Config,
    database: &Mirror,
    settings: &metrics::Settings,
) -> Result<Report> {
    let (measured, freshness) =
        database.read(|conn| Ok((measure(conn, settings)?, freshness(conn, config)?)))?;
    Ok(compose(measured, settings, freshness))
}

/// The report, and what is behind one of its keys, from the same look at the mirror.
pub(crate) fn explained(
    config: &Config,
    database: &Mirror,
    settings: &metrics::Settings,
    entry: &'static metrics::Entry,
    urlname: Option<&str>,
) -> Result<(Report, metrics::Explained)> {
    let (measured, freshness, explained) = database.read(|conn| {
        Ok((
            measure(conn, settings)?,
            freshness(conn, config)?,
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
