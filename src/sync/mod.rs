//! A pass: ask Meetup page by page, record each page in one transaction, list what failed.
//!
//! `sync` is the only room that knows both `meetup` and `mirror`. It holds no cursor beyond one walk
//! and no state beyond one pass: whatever must survive a kill is a row of the mirror (a unit of work,
//! an event's sign and watermark, a group's failure count), committed together with the page it
//! belongs to. So a pass may die anywhere: the next one repeats at most the page or walk in flight.

mod absent;
mod apart;
mod backfill;
mod drift;
mod events;
mod bisect;
mod ledger;
mod members;
mod null;
mod outside;
mod pass;
mod probe;
mod progress;
mod roster;
mod rota;
mod rows;
mod rsvps;
mod run;
mod spans;
mod sweep;
mod units;
mod circuit_breaker;

pub use backfill::BackfillAsk;
pub use drift::drift_of;
pub use ledger::ledger;
pub use pass::PassAsk;
pub use probe::Learnt;
pub use progress::{Progress, Seen};
pub use run::{Failure, Outcome, PassReport, SyncError};

use crate::{
    meetup::{Meetup, Stop, Waiting},
    mirror::{Mirror, MirrorError, Writing},
};
use chrono::{DateTime, Utc};
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

/// What is sponsored and how to look at it.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Urlnames of the networks whose groups are all sponsored.
    pub networks: Vec<String>,
    /// Urlnames of sponsored groups outside those networks.
    pub groups: Vec<String>,
    /// How many questions may be under way at once.
    pub concurrency: usize,
    /// Events that started this many days ago or later are looked at in every pass.
    pub hot_days: i64,
    /// How many events a unit of a sweep should hold.
    pub events_per_unit: i64,
}

impl Settings {
    /// The usual window and unit sizes for these networks and groups.
    pub fn new(networks: Vec<String>, groups: Vec<String>, concurrency: usize) -> Self {
        Self {
            networks,
            groups,
            concurrency: concurrency.max(1),
            hot_days: 45,
            events_per_unit: 500,
        }
    }
}

/// Everything a pass needs: who to ask, where to record, what is sponsored.
#[derive(Clone)]
pub struct Syncer {
    meetup: Meetup,
    mirror: Mirror,
    settings: Arc<Settings>,
    progress: Arc<Progress>,
    stop: Stop,
    breaker: Arc<circuit_breaker::CircuitBreaker>,
    may_shrink: Arc<AtomicBool>,
    now: fn() -> DateTime<Utc>,
}

impl Syncer {
    /// A syncer on the system clock.
    pub fn new(meetup: Meetup, mirror: Mirror, settings: Settings) -> Self {
        Self {
            stop: meetup.stop_switch(),
            meetup,
            mirror,
            settings: Arc::new(settings),
            progress: Arc::default(),
            breaker: Arc::default(),
            may_shrink: Arc::default(),
            now: Utc::now,
        }
    }

    /// The way to Meetup.
    pub fn meetup(&self) -> &Meetup {
        &self.meetup
    }

    /// What has been seen so far, for bars and log lines.
    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// Points spent since this syncer was made, by our own count.
    pub fn points_spent(&self) -> u64 {
        self.meetup.counters().points
    }

    /// A switch that makes the pass finish its page and end with [`SyncError::Stopped`]. A wait for
    /// points or for Meetup ends at once.
    pub fn stop_switch(&self) -> Stop {
        self.stop.clone()
    }

    /// What is being waited for, where it takes more than a moment.
    pub fn waiting(&self) -> Option<Waiting> {
        self.meetup.waiting()
    }

    /// One transaction of the mirror, off the async threads.
    async fn record<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Writing<'_>) -> Result<T, MirrorError> + Send + 'static,
    ) -> Result<T, SyncError> {
        let mirror = self.mirror.clone();
        let now = (self.now)();
        let (unasked, nulls) = (self.meetup.unasked(), self.meetup.nulls());
        off_thread(move || mirror.write_doubting(&unasked, &nulls, now, work)).await
    }

    /// One read transaction of the mirror, off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, MirrorError> + Send + 'static,
    ) -> Result<T, SyncError> {
        let mirror = self.mirror.clone();
        off_thread(move || mirror.read(work)).await
    }

    /// Begins a piece of work afresh: nothing is known of the weather, and whether a shrunken roster may
    /// be believed is read once, so that an acceptance that comes meanwhile is for the next piece.
    async fn set_out(&self) -> Result<(), SyncError> {
        self.breaker.clear();
        self.meetup.begin_pass();
        let is_accepted = self.read(crate::mirror::shrink_accepted).await?;
        self.may_shrink.store(is_accepted, Ordering::Relaxed);
        Ok(())
    }

    /// Whether somebody accepted, before this work began, that rosters shrank.
    fn may_shrink(&self) -> bool {
        self.may_shrink.load(Ordering::Relaxed)
    }

    /// Called between pages: the first signal ends the pass here, with the page committed.
    fn check_stop(&self) -> Result<(), SyncError> {
        if self.stop.is_thrown() {
            Err(SyncError::Stopped)
        } else {
            Ok(())
        }
    }
}

async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, MirrorError> + Send + 'static,
) -> Result<T, SyncError> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => Ok(done?),
        Err(_) => Err(SyncError::Stopped), // the runtime is going down, or the transaction panicked and rolled back
    }
}
