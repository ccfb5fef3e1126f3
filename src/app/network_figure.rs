//! What is behind a figure of the network, for whoever looks at the pages: the answers of all groups are read for it, so
//! that it is counted by whoever measures, when somebody asks.

use super::snapshot::{self, Snapshots};
use crate::{
    community::Access,
    config::Config,
    metrics::{self, Settings},
    mirror::MirrorError,
    report::{self, Outline, Report},
};
use chrono::{DateTime, Utc};

/// Lines of equal rows that a page shows.
pub(super) const SHOWN: usize = 200;

/// A figure of the network that somebody asks for: as who may see so much, which, and whether persons are named.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Asked {
    pub access: Access,
    pub key: &'static str,
    pub with_names: bool,
}

/// A figure of the network, counted on one look at the mirror with its rows. None: it is none of the network.
pub(super) fn count(
    conn: &rusqlite::Connection,
    config: &Config,
    snapshots: &Snapshots,
    asked: &Asked,
    as_of: DateTime<Utc>,
) -> Result<Option<Outline>, MirrorError> {
    let Some(entry) = metrics::entry(asked.key) else {
        return Ok(None);
    };
    let whole = snapshot::settings(config, as_of, as_of);
    let report = snapshots.measured(conn, &whole)?;
    let own = snapshots.own(conn, &whole, &[&asked.access])?;
    let seen = Report {
        groups: Vec::new(),
        network: own.unwrap_or_else(|| report.network.clone()),
        ..Report::clone(&report)
    };
    let only = asked.access.is_narrow().then(|| asked.access.clone());
    let settings = Settings {
        only: only.into_iter().collect(),
        ..whole
    };
    let explained = metrics::explain(conn, &settings, entry, None)?;
    let told = report::explain(&seen, None, entry.key, explained, asked.with_names);
    Ok(told.map(|it| report::outline(&it, SHOWN)))
}
