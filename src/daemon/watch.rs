//! When groups and the daemon's own trouble were looked at last, so that nothing is done where nothing
//! changed.

use super::{Life, clock::Clock};
use crate::{
    app::{alerts, operator},
    community::AlertKind,
};
use chrono::{DateTime, Duration, Utc};
use std::sync::Arc;

/// How often the daemon's own trouble is looked at.
const OPERATOR: Duration = Duration::seconds(5);

/// When was looked last, so that nothing is done where nothing changed.
pub(super) struct Watch {
    began_at: DateTime<Utc>,
    groups_at: Option<alerts::LastLook>,
    operator_at: Option<DateTime<Utc>>,
}

impl Watch {
    pub(super) fn new() -> Self {
        Self {
            began_at: Utc::now(),
            groups_at: None,
            operator_at: None,
        }
    }

    /// Looks at the groups after a pass or first looks, unless no row changed since the last look.
    pub(super) async fn groups(&mut self, life: &Arc<Life>) {
        // Where a look fails, the next one reads all.
        let (config, office, last) = (&life.config, &life.office, self.groups_at.take());
        let (database, snapshots) = (&life.database, &life.snapshots);
        let looked =
            alerts::look_again(config, database, snapshots, office, last, Utc::now()).await;
        match looked {
            Ok(looked) => self.groups_at = looked,
            Err(error) => tracing::error!("alerts, looked at again after the next pass: {error:#}"),
        }
    }

    /// Looks at the daemon's own trouble, every few seconds.
    pub(super) async fn operator(&mut self, life: &Arc<Life>) {
        let now = Utc::now();
        let is_fresh = self
            .operator_at
            .is_some_and(|at| now - at < OPERATOR && now >= at);
        if is_fresh {
            return;
        }
        self.operator_at = Some(now);
        let began_at = Some(self.began_at);
        let (config, database) = (&life.config, &life.database);
        let looked = operator::operator(config, database, &life.office, now, began_at);
        if let Err(error) = looked.await {
            tracing::error!("the daemon's own trouble could not be looked at: {error:#}");
        }
    }
}

/// Groups whose history was just read are looked at before the next question is asked: what changes from
/// then on is news. So this belongs to the lane that asks, which waits for no measurement: whose pause is
/// longer than usual is looked at right after by the lane that files, where that is asked for.
pub(super) struct FirstLooks {
    clock: Clock,
    not_before: DateTime<Utc>,
}

impl FirstLooks {
    pub(super) fn new() -> Self {
        Self {
            clock: Clock::default(),
            not_before: DateTime::UNIX_EPOCH,
        }
    }

    pub(super) async fn take(&mut self, life: &Arc<Life>) {
        let now = Utc::now();
        if now < self.not_before || !self.clock.is_believed(life).await {
            return;
        }
        let looked = alerts::first_looks_unmeasured(&life.config, &life.database, now).await;
        if matches!(looked, Ok(alerts::FirstLooks::Taken))
            && life.config.alerts.contains(&AlertKind::Overdue)
        {
            life.was_read.notify_one();
        }
        // Where groups cannot be looked at, asking again at once would only cost.
        let wait = match looked {
            Ok(alerts::FirstLooks::NoneLeft | alerts::FirstLooks::Taken) => Duration::seconds(1),
            Ok(alerts::FirstLooks::NotYet) => Duration::minutes(1),
            Err(error) => {
                tracing::error!("alerts, looked at again after the next pass: {error:#}");
                Duration::minutes(1)
            }
        };
        self.not_before = now + wait;
    }
}
