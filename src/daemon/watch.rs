//! When groups and the daemon's own trouble were looked at last, so that nothing is done where nothing
//! changed.

use crate::{
    app::{alerts, operator, outbox::Post, snapshot::Snapshots},
    config::Config,
    mirror::Mirror,
};
use chrono::{DateTime, Duration, Utc};

/// How often the daemon's own trouble is looked at.
const OPERATOR: Duration = Duration::seconds(5);

/// When was looked last, so that nothing is done where nothing changed.
pub(crate) struct Watch {
    began_at: DateTime<Utc>,
    groups_at: Option<(u64, DateTime<Utc>)>,
    first_looks_not_before: DateTime<Utc>,
    operator_at: Option<DateTime<Utc>>,
}

impl Watch {
    pub(crate) fn new() -> Self {
        Self {
            began_at: Utc::now(),
            groups_at: None,
            first_looks_not_before: DateTime::UNIX_EPOCH,
            operator_at: None,
        }
    }

    /// Looks at the groups after a pass, unless no row changed since the last look.
    pub(crate) fn groups(
        &mut self,
        config: &Config,
        database: &Mirror,
        snapshots: &Snapshots,
        office: &Post,
    ) {
        let (rows, now) = (database.rows_changed(), Utc::now());
        let is_fresh = self
            .groups_at
            .is_some_and(|(seen, at)| seen == rows && now - at < alerts::AT_LEAST && now >= at);
        if is_fresh {
            return;
        }
        match alerts::groups(config, database, snapshots, office, now) {
            Ok(()) => self.groups_at = Some((rows, now)),
            Err(error) => tracing::error!("alerts, looked at again after the next pass: {error:#}"),
        }
    }

    /// Looks at groups whose history was just read, between passes.
    pub(crate) fn first_looks(
        &mut self,
        config: &Config,
        database: &Mirror,
        snapshots: &Snapshots,
    ) {
        let now = Utc::now();
        if now < self.first_looks_not_before {
            return;
        }
        // Where groups cannot be looked at, asking again at once would only cost.
        let wait = match alerts::first_looks(config, database, snapshots, now) {
            Ok(true) => Duration::seconds(1),
            Ok(false) => Duration::minutes(1),
            Err(error) => {
                tracing::error!("alerts, looked at again after the next pass: {error:#}");
                Duration::minutes(1)
            }
        };
        self.first_looks_not_before = now + wait;
    }

    /// Looks at the daemon's own trouble, every few seconds.
    pub(crate) fn operator(&mut self, config: &Config, database: &Mirror, office: &Post) {
        let now = Utc::now();
        let is_fresh = self
            .operator_at
            .is_some_and(|at| now - at < OPERATOR && now >= at);
        if is_fresh {
            return;
        }
        self.operator_at = Some(now);
        if let Err(error) = operator::operator(config, database, office, now, Some(self.began_at)) {
            tracing::error!("the daemon's own trouble could not be looked at: {error:#}");
        }
    }
}
