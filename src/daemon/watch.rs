//! When groups and the daemon's own trouble were looked at last, so that nothing is done where nothing
//! changed.

use super::{Life, clock::Clock};
use crate::app::{alerts, operator};
use chrono::{DateTime, Duration, Utc};
use std::sync::Arc;

/// How often the daemon's own trouble is looked at.
const OPERATOR: Duration = Duration::seconds(5);

/// When was looked last, so that nothing is done where nothing changed.
pub(super) struct Watch {
    began_at: DateTime<Utc>,
    groups_at: Option<(u64, DateTime<Utc>)>,
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

    /// Looks at the groups after a pass, unless no row changed since the last look.
    pub(super) async fn groups(&mut self, life: &Arc<Life>) {
        let now = Utc::now();
        let before = self.groups_at;
        let looked = life
            .off(move |life, mirror| {
                let rows = mirror.rows_changed();
                let is_fresh = before.is_some_and(|(seen, at)| {
                    seen == rows && now - at < alerts::AT_LEAST && now >= at
                });
                if is_fresh {
                    return Ok(before);
                }
                let (config, office) = (&life.config, &life.office);
                let filed = alerts::groups(config, mirror, &life.snapshots, office, now)?;
                alerts::log_filed(filed);
                Ok::<_, anyhow::Error>(Some((rows, now)))
            })
            .await;
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
        let looked = life.off(move |life, mirror| {
            operator::operator(&life.config, mirror, &life.office, now, began_at)
        });
        if let Err(error) = looked.await {
            tracing::error!("the daemon's own trouble could not be looked at: {error:#}");
        }
    }
}

/// Groups whose history was just read are looked at before the next question is asked: what changes from
/// then on is news. So this belongs to the lane that asks.
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
        let looked = life.off(move |life, mirror| {
            alerts::first_looks(&life.config, mirror, &life.snapshots, now)
        });
        // Where groups cannot be looked at, asking again at once would only cost.
        let wait = match looked.await {
            Ok(true) => Duration::seconds(1),
            Ok(false) => Duration::minutes(1),
            Err(error) => {
                tracing::error!("alerts, looked at again after the next pass: {error:#}");
                Duration::minutes(1)
            }
        };
        self.not_before = now + wait;
    }
}
