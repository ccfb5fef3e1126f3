//! A pass: ask Meetup page by page, record each page in one transaction, list what failed.
//!
//! `sync` is the only room that knows both `meetup` and `mirror`. It holds no cursor beyond one walk
//! and no state beyond one pass: whatever must survive a kill is a row of the mirror (a unit of work,
//! an event's sign and watermark, a group's failure count), committed together with the page it
//! belongs to. So a pass may die anywhere: the next one repeats at most the page or walk in flight.

mod absent;
mod again;
mod apart;
mod backfill;
mod bisect;
mod circuit_breaker;
mod doubts;
mod drift;
mod events;
mod held;
mod leaders;
mod ledger;
mod level;
mod losses;
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
mod vanished;
mod weighing;

pub use backfill::BackfillAsk;
pub use drift::drift_of;
pub use ledger::ledger;
pub use pass::PassAsk;
pub use probe::Learnt;
pub use progress::{Progress, Seen};
pub use run::{Failure, Outcome, PassReport, SyncError};

use crate::{
    meetup::{Meetup, Stop, Waiting},
    mirror::{Mirror, MirrorError, Terms, Writing},
    off_thread::off_thread,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
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
    /// A sweep forgets who is in no group and did nothing for so many months; none: nobody.
    pub retention_months: Option<u32>,
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
            retention_months: None,
        }
    }
}

/// Tells the time.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Everything a pass needs: who to ask, where to record, what is sponsored.
#[derive(Clone)]
pub struct Syncer {
    meetup: Meetup,
    mirror: Mirror,
    settings: Arc<Settings>,
    progress: Arc<Progress>,
    stop: Stop,
    breaker: Arc<circuit_breaker::CircuitBreaker>,
    losses: Arc<losses::Losses>,
    turns: Arc<AtomicU64>,
    clock: Clock,
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
            losses: Arc::default(),
            turns: Arc::default(),
            clock: Arc::new(Utc::now),
        }
    }

    /// The same on another clock, such as that of a past which is lived again.
    pub fn by_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
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

    /// How far our clock is ahead of Meetup's, once it has answered, where that is more than a day: then ours
    /// is wrong.
    pub fn clock_is_wrong_by(&self) -> Option<TimeDelta> {
        let ahead = self.meetup.clock_ahead()?;
        (ahead.abs() > TimeDelta::days(1)).then_some(-ahead)
    }

    /// The time: ours, or Meetup's where ours is wrong, so that nothing that is recorded is dated by it.
    fn now(&self) -> DateTime<Utc> {
        (self.clock)() - self.clock_is_wrong_by().unwrap_or_default()
    }

    /// Grows with every question asked and every page recorded or read back: while it does, a pass gets
    /// on.
    pub fn turns(&self) -> u64 {
        self.turns.load(Ordering::Relaxed) + self.meetup.counters().requests
    }

    /// On what terms something is recorded now.
    fn terms(&self) -> Terms {
        Terms {
            now: self.now().timestamp(),
            unasked: self.meetup.unasked(),
            nulls: self.meetup.nulls(),
        }
    }

    /// Records in one transaction of the mirror, off the async threads.
    async fn record<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Writing<'_>) -> Result<T, MirrorError> + Send + 'static,
    ) -> Result<T, SyncError> {
        let mirror = self.mirror.clone();
        let terms = self.terms();
        self.turns.fetch_add(1, Ordering::Relaxed);
        #[expect(clippy::disallowed_methods, reason = "off the async threads")]
        let done = off_thread(move || mirror.write_together(terms, work)).await;
        Ok(done?)
    }

    /// One read transaction of the mirror, off the async threads.
    async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&rusqlite::Connection) -> Result<T, MirrorError> + Send + 'static,
    ) -> Result<T, SyncError> {
        let mirror = self.mirror.clone();
        self.turns.fetch_add(1, Ordering::Relaxed);
        #[expect(clippy::disallowed_methods, reason = "off the async threads")]
        let done = off_thread(move || mirror.read(work)).await;
        Ok(done?)
    }

    /// Begins a piece of work afresh: nothing is known of outages, and what losses are doubted or
    /// accepted is read once, so that an acceptance that comes meanwhile is for the next piece.
    async fn set_out(&self) -> Result<(), SyncError> {
        self.breaker.clear();
        self.meetup.begin_pass();
        let doubts = self.read(crate::mirror::doubts).await?;
        self.losses.begin(&doubts);
        Ok(())
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
