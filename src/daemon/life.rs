//! One life of the daemon: a configuration, what was opened by it, and what its lanes tell each other.

use crate::{
    app::{
        database::Database, health::Beat, heartbeat::Passed, opening, outbox::Post,
        showing::Showing, snapshot::Snapshots,
    },
    config::Config,
    meetup::Stop,
    sync::Syncer,
    web,
};
use anyhow::Result;
use std::{
    io,
    net::{SocketAddr, TcpListener},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::sync::{Notify, watch};

/// A knowing wait counts as a move this often.
const TURN: Duration = Duration::from_secs(20);

/// What all lanes share.
pub(crate) struct Life {
    pub(super) config: Arc<Config>,
    pub(super) database: Database,
    pub(super) syncer: Syncer,
    pub(super) office: Post,
    /// What was measured, for all who ask.
    pub(super) snapshots: Snapshots,
    /// What the pages show.
    pub(super) showing: Arc<Showing>,
    /// Ends the life.
    pub(super) stop: Stop,
    /// A pass ended, or a history was first looked at: groups are to be looked at.
    pub(super) was_read: Notify,
    /// How the latest pass ended.
    pub(super) passed: watch::Sender<Option<Passed>>,
    /// Something was filed: it is to be sent.
    pub(super) filed: watch::Sender<()>,
    /// Where the pages are to be, if somebody listens there for them already.
    door: Mutex<Option<TcpListener>>,
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
            showing: Arc::default(),
            passed: watch::Sender::new(None),
            filed: watch::Sender::new(()),
            door: Mutex::new(None),
            config: Arc::new(config),
            syncer,
        }))
    }

    /// Serves the pages where somebody listens already, so that whoever asks early waits a moment and no one else takes
    /// the address.
    pub(crate) fn take_door(&self, listener: TcpListener) {
        let mut door = self.door.lock().unwrap_or_else(PoisonError::into_inner);
        *door = Some(listener);
    }

    /// Listens for the pages.
    pub(super) async fn open_door(
        &self,
        listen: SocketAddr,
    ) -> io::Result<tokio::net::TcpListener> {
        let door = self
            .door
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match door {
            Some(listener) => {
                listener.set_nonblocking(true)?;
                tokio::net::TcpListener::from_std(listener)
            }
            None => web::bind(listen).await,
        }
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
