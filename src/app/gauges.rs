//! What a monitoring system reads off the daemon: how it stands, in numbers.
//!
//! Nothing here is kept between two readings but how many rows there are and what a day used: in a large database they
//! take a while to count, so that is done beside the reading that wants them, and a later one has them. What was asked of Meetup is
//! counted where it is asked, by operation and outcome, of which there are few.

use super::{
    database::Database,
    health::{self, Facts, Trouble},
    showing::Showing,
};
use crate::{
    community::{FailureKind, Scope, Status},
    config::Config,
    meetup::{Asked, Meetup},
    mirror::{self, DeliveryState, DriftWeight, MirrorError, PassKind, PassOutcome, PassTally},
    off_thread::off_thread,
    sync::Syncer,
};
use anyhow::Result;
use chrono::{DateTime, Utc};
use std::{
    collections::BTreeMap,
    path::Path,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// So long a reading waits for what is being counted.
const PATIENCE: Duration = Duration::from_millis(20);
/// Counting takes at most this part of the time, for whoever asks all the time.
const PART: u32 = 100;

/// Groups by status; none: their history is still being read.
pub(crate) type Statuses = BTreeMap<Option<Status>, u64>;

/// What takes a while to count.
#[derive(Clone)]
pub(crate) struct Counted {
    /// Rows by table.
    pub(crate) rows: Vec<(&'static str, i64)>,
    /// Points used in the last 24 hours.
    pub(crate) points_day: i64,
}

/// What readings are made from.
#[derive(Clone)]
pub(crate) struct Gauges {
    meetup: Meetup,
    counting: Arc<Mutex<Counting>>,
}

/// How far counting is.
#[derive(Default)]
struct Counting {
    latest: Option<Counted>,
    is_under_way: bool,
    /// Not to be counted again before.
    again: Option<Instant>,
}

/// One reading.
pub(crate) struct Readout {
    /// What the health of everything is judged by; without the groups.
    pub(crate) facts: Facts,
    /// What is wrong.
    pub(crate) troubles: Vec<Trouble>,
    /// What fails now, by what it is of and in which way; also what does not.
    pub(crate) failing: BTreeMap<(&'static str, &'static str), u64>,
    /// Differences of Meetup's API, by weight.
    pub(crate) drift: BTreeMap<DriftWeight, u64>,
    /// Groups that are sponsored,
    pub(crate) groups: usize,
    /// those whose history is still being read,
    pub(crate) incomplete: usize,
    /// those that could not be read,
    pub(crate) unread: usize,
    /// those that never were,
    pub(crate) never_read: usize,
    /// and when the one that was read longest ago was; none: none ever was.
    pub(crate) oldest_read_at: Option<DateTime<Utc>>,
    /// Groups by status, and when they were looked at; none: not yet.
    pub(crate) statuses: Option<(DateTime<Utc>, Statuses)>,
    /// What passes came to.
    pub(crate) passes: BTreeMap<(PassKind, PassOutcome), PassTally>,
    /// Messages by channel and state; of configured channels also where there are none.
    pub(crate) deliveries: BTreeMap<(String, DeliveryState), i64>,
    /// What takes a while to count, as it was counted last; none: not yet.
    pub(crate) counted: Option<Counted>,
    /// What was asked of Meetup.
    pub(crate) asked: Asked,
    /// When each lane last moved.
    pub(crate) lanes: Vec<(String, i64)>,
    /// Bytes of the database's files, by which.
    pub(crate) bytes: [(&'static str, u64); 2],
    /// Bytes that are free where the database is, as far as the system says.
    pub(crate) free: Option<u64>,
}

impl Gauges {
    /// Of what is asked by one way to Meetup.
    pub(crate) fn of(syncer: &Syncer) -> Self {
        Self {
            meetup: syncer.meetup().clone(),
            counting: Arc::default(),
        }
    }

    /// Reads them all.
    pub(crate) async fn read(
        &self,
        config: &Arc<Config>,
        database: &Database,
        showing: &Showing,
        now: DateTime<Utc>,
    ) -> Result<Readout> {
        let counted = self.counted(database, now).await;
        let facts = health::gather_quickly(config, database, now).await?;
        let tallied = database.read(|conn| {
            let roster = mirror::roster(conn)?;
            let there = roster.iter().filter(|it| it.gone_at.is_none());
            let incomplete = there.filter(|it| !it.history_complete).count();
            let deliveries = mirror::delivery_tallies(conn)?;
            Ok((incomplete, mirror::pass_tallies(conn)?, deliveries))
        });
        let (incomplete, passes, tallied) = tallied.await?;
        let path = config.database.clone();
        let of_files = off_thread(move || (health::moves(&path), bytes(&path), free(&path)));
        let (lanes, bytes, free) = of_files.await;

        let mut deliveries = BTreeMap::new();
        for channel in &config.channels {
            for state in DeliveryState::ALL {
                deliveries.insert((channel.name.clone(), *state), 0);
            }
        }
        deliveries.extend(
            tallied
                .into_iter()
                .map(|(name, state, n)| ((name, state), n)),
        );
        let scopes = [
            Scope::SignIn,
            Scope::Pass,
            Scope::network(""),
            Scope::group(""),
        ];
        let mut failing = BTreeMap::new();
        for scope in scopes {
            let of_it = FailureKind::ALL.map(|kind| ((scope.word(), kind.as_str()), 0));
            failing.extend(of_it);
        }
        for it in &facts.readings.failing {
            *failing
                .entry((it.scope.word(), it.kind.as_str()))
                .or_default() += 1;
        }
        let mut drift: BTreeMap<_, u64> = DriftWeight::ALL.iter().map(|it| (*it, 0)).collect();
        for it in &facts.drift {
            *drift.entry(it.weight).or_default() += 1;
        }
        let groups = &facts.readings.groups;
        let shown = showing.latest();
        Ok(Readout {
            troubles: health::of(&config.schedule, &facts, now),
            failing,
            drift,
            groups: groups.len(),
            incomplete,
            unread: groups.iter().filter(|it| it.unread.is_some()).count(),
            never_read: groups.iter().filter(|it| it.at.is_none()).count(),
            oldest_read_at: groups.iter().filter_map(|it| it.at).min(),
            statuses: shown.map(|it| (it.as_of, it.statuses())),
            passes,
            deliveries,
            counted,
            asked: self.meetup.asked(),
            lanes,
            bytes,
            free,
            facts,
        })
    }

    /// What takes a while: as it is where it is counted at once, else as it was counted last.
    async fn counted(&self, database: &Database, now: DateTime<Utc>) -> Option<Counted> {
        let is_due = {
            let mut counting = self.counting();
            let is_due =
                !counting.is_under_way && counting.again.is_none_or(|at| at <= Instant::now());
            counting.is_under_way |= is_due;
            is_due
        };
        if is_due {
            let (gauges, database) = (self.clone(), database.clone());
            let task = tokio::spawn(async move {
                let began = Instant::now();
                let counted = database.read(move |conn| {
                    Ok(Counted {
                        rows: mirror::row_counts(conn)?,
                        points_day: health::points_of_day(conn, now)?,
                    })
                });
                gauges.keep(counted.await, began.elapsed());
            });
            // Whoever waits no longer leaves it to the next one.
            drop(tokio::time::timeout(PATIENCE, task).await);
        }
        self.counting().latest.clone()
    }

    fn keep(&self, found: Result<Counted, MirrorError>, took: Duration) {
        let mut counting = self.counting();
        counting.is_under_way = false;
        counting.again = Instant::now().checked_add(took * PART);
        match found {
            Ok(counted) => counting.latest = Some(counted),
            Err(error) => tracing::debug!("what the database holds could not be counted: {error}"),
        }
    }

    fn counting(&self) -> std::sync::MutexGuard<'_, Counting> {
        self.counting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bytes(database: &Path) -> [(&'static str, u64); 2] {
    let of = |end: &str| {
        let mut path = database.as_os_str().to_owned();
        path.push(end);
        std::fs::metadata(path).map_or(0, |found| found.len())
    };
    [("main", of("")), ("wal", of("-wal"))]
}

fn free(database: &Path) -> Option<u64> {
    let folder = database.parent().filter(|it| !it.as_os_str().is_empty());
    fs4::available_space(folder.unwrap_or(Path::new("."))).ok()
}
