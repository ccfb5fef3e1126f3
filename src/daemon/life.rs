//! One life of the daemon: a configuration, what was opened by it, and what its lanes tell each other.

use crate::{
    app::{database::Database, health::Beat, opening, outbox::Post, snapshot::Snapshots},
    config::Config,
    meetup::Stop,
    mirror::Mirror,
    sync::Syncer,
};
use anyhow::Result;
use std::{sync::Arc, time::Duration};
use tokio::sync::{Notify, watch};

/// A knowing wait counts as a move this often.
const TURN: Duration = Duration::from_secs(20);

/// What all lanes share.
pub(crate) struct Life {
    pub(super) config: Config,
    pub(super) database: Database,
    pub(super) syncer: Syncer,
    pub(super) office: Post,
    /// What was measured, for all who ask.
    pub(super) snapshots: Snapshots,
    /// Ends the life.
    pub(super) stop: Stop,
    /// A pass ended: groups are to be looked at.
    pub(super) was_read: Notify,
    /// Something was filed: it is to be sent.
    pub(super) filed: watch::Sender<()>,
}

impl Life {
    /// Opens what the configuration asks for; nothing is done yet.
    pub(crate) fn prepare(config: Config, database: &Database) -> Result<Arc<Self>> {
        let syncer = opening::syncer(&config, database, opening::BUDGET_WINDOW)?;
        Self::with(config, database, syncer)
    }

    /// The same with a way to Meetup that is open already.
    pub(crate) fn with(config: Config, database: &Database, syncer: Syncer) -> Result<Arc<Self>> {
        Ok(Arc::new(Self {
            office: Post::open(&config, database)?,
            stop: syncer.stop_switch(),
            database: database.clone(),
            was_read: Notify::new(),
            snapshots: Snapshots::default(),
            filed: watch::Sender::new(()),
            config,
            syncer,
        }))
    }

    /// Does what blocks off the async threads.
    pub(super) async fn off<T: Send + 'static>(
        self: &Arc<Self>,
        work: impl FnOnce(&Self, &Mirror) -> T + Send + 'static,
    ) -> T {
        let life = Arc::clone(self);
        self.database.with(move |mirror| work(&life, mirror)).await
    }

    /// Waits for so long or until told to stop; a moment at least, so that no loop runs hot. The lane
    /// knows what it waits for, so it moves all the while.
    pub(super) async fn rest(&self, span: Duration, beat: &Beat) {
        let mut left = span.max(Duration::from_millis(20));
        while !left.is_zero() && !self.stop.is_thrown() {
            beat.turn();
            let part = left.min(TURN);
            tokio::select! {
                () = tokio::time::sleep(part) => {}
                () = self.stop.thrown() => {}
            }
            left -= part;
        }
        beat.turn();
    }
}
