//! The mirror: one SQLite file that holds what Meetup said, what is still to be asked, and what is to
//! be sent.
//!
//! One writer connection behind a mutex, readers of their own; every call blocks, and nothing here
//! knows of tasks. A caller opens one transaction ([`Mirror::write`]) per page of an answer and records
//! the page and the progress of its unit of work in it, so that a kill loses at most the page in
//! flight.
//!
//! Every recording carries `asked`, the number of the question it answers (from the budget ledger,
//! so it grows over restarts). An older answer never overwrites a newer one. A row that an answer
//! merely confirms is not rewritten: see `recall.rs` for why the order holds all the same.
//!
//! Instants are whole seconds since 1970 (UTC) unless a name ends in `_ms`.

mod alerts;
mod beside;
mod budget;
mod capabilities;
mod contact;
mod deliveries;
mod doubts;
mod drift;
mod errors;
mod events;
mod failures;
mod firings;
mod groups;
mod guard;
mod health;
mod history;
mod journal;
mod keys;
mod lock;
mod log;
mod looking;
mod loss;
mod mark;
mod members;
mod memberships;
mod meta;
mod names;
mod networks;
mod news;
mod open;
mod opened;
mod outbox;
mod recall;
mod roles;
mod room;
mod roster;
mod rota;
mod rsvps;
mod second;
mod signs;
mod splits;
mod stamp;
mod told;
mod trial;
mod units;
mod values;
mod venues;
mod walks;
mod words;

pub(crate) use words::stored;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::{Connection, TransactionBehavior};

use guard::Guard;
use opened::{Opened, Way};
use recall::Recall;

pub use alerts::{alerts, has_unlooked, troubles};
pub use budget::{Reserve, points_used, row_price};
pub use capabilities::{
    CAPABILITY_LASTS, Capability, Finding, Moves, OLD_ID_ANSWERS, attendance_moves, capabilities,
    capability, guest_moves,
};
pub use contact::{MemoryId, contacts};
pub use deliveries::{
    Delivery, Retried, Undelivered, Which, deliveries, delivery, given_up, undelivered,
};
pub use doubts::{
    Doubt, DoubtOf, Missed, WalkLoss, account, doubts, listed_events, live_leaders, live_rsvps,
    missed_members, proved,
};
pub use drift::{DriftFinding, DriftSource, DriftWeight, drift_findings, schema_checked_at};
pub use errors::MirrorError;
pub(crate) use errors::Result;
pub use events::{
    EventsOf, KnownEvent, RecordedEvent, event_by_key, event_by_token, events_in_span,
    ids_worth_asking, known_ids,
};
pub use failures::{Failing, NewFailure, Reading, failing, groups_read, networks_read};
pub use firings::firing;
pub use groups::RecordedGroup;
pub use health::{Freshness, freshness, points_since};
pub use journal::{
    Pass, PassKind, PassOutcome, PassTotals, last_good_pass, last_pass, recent_passes,
};
pub use keys::{EventKey, GroupKey, PassId};
pub use lock::{Holder, LockError, PassLock};
pub use loss::Loss;
pub use memberships::{leaders_unseen, live_members, members_need_walk, members_unseen};
pub use meta::{database_id, figures_version, stamp};
pub use networks::{KnownNetwork, NetworkKey, networks};
pub use outbox::{
    DeliveryKind, DeliveryState, Filed, Leased, NewDelivery, NewReport, Outcome, Whither,
};
pub use roster::{
    KnownGroup, group_by_id, group_by_key, groups_of_network, groups_waiting, roster,
};
pub use rota::{oldest_verification, stalest_group};
pub use second::second;
pub use signs::Need;
pub use splits::{event_title, rsvp_people};
pub use stamp::Stamp;
pub use told::{told_before, told_elsewhere};
pub use trial::{Trial, TrialEvent, largest_groups, replaced_ids, trial_events};
pub use units::{
    NewUnit, OpenUnits, PARKED, Purpose, Unit, UnitKind, due_units, next_unit_due, open_units,
};
pub use walks::{FullOutcome, PartialOutcome, WalkState, rsvp_need, walk_state};

/// Read connections kept open between reads.
const IDLE_READERS: usize = 2;

/// The database. Cheap to clone; all clones share the one writer.
#[derive(Clone)]
pub struct Mirror {
    inner: Arc<Inner>,
}

struct Inner {
    path: PathBuf,
    way: Way,
    writer: Mutex<Writer>,
    readers: Mutex<Vec<Connection>>,
    rows_changed: AtomicU64,
    // After the connections: closing it drops their locks.
    guard: Guard,
}

impl Inner {
    fn idle_readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    /// The last connection plays the log into the file, which must not happen to another one.
    fn drop(&mut self) {
        // Theirs leave it be, so the writer's is to be the last.
        self.idle_readers().clear();
        if self.guard.check().is_err() {
            let writer = self.writer.get_mut();
            open::leave_log(&writer.unwrap_or_else(PoisonError::into_inner).conn);
        }
    }
}

struct Writer {
    conn: Connection,
    recall: RefCell<Recall>,
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mirror")
            .field("path", &self.inner.path)
            .finish_non_exhaustive()
    }
}

impl Mirror {
    /// Opens the database at `path`, creating and migrating it as needed. A new one is stamped with
    /// `stamp`; one with another stamp is refused, so that demo and real data never mix.
    ///
    /// # Errors
    ///
    /// If the file cannot be used: damaged, another program's, a newer gatherd's, of another stamp, not writable,
    /// or locked for too long.
    pub fn open(path: &Path, stamp: &Stamp, now: DateTime<Utc>) -> Result<Self> {
        Ok(Self::over(path, open::open(path, stamp, now.timestamp())?))
    }

    /// Opens a database that must exist already, whatever its stamp. Where this account may only read it,
    /// that is what it does, and writing is told as such when it is tried.
    ///
    /// # Errors
    ///
    /// If there is none, or as for [`Mirror::open`], stamps apart.
    pub fn open_existing(path: &Path) -> Result<Self> {
        match open::open_existing(path) {
            Err(refused @ MirrorError::NotWritable { .. }) => {
                Ok(Self::over(path, looking::open(path, refused)?))
            }
            opened => Ok(Self::over(path, opened?)),
        }
    }

    fn over(path: &Path, opened: Opened) -> Self {
        let Opened { conn, guard, way } = opened;
        Self {
            inner: Arc::new(Inner {
                path: path.to_owned(),
                way,
                writer: Mutex::new(Writer {
                    conn,
                    recall: RefCell::default(),
                }),
                readers: Mutex::default(),
                rows_changed: AtomicU64::new(0),
                guard,
            }),
        }
    }

    /// Whether the database is still the file that was opened; an error tells what became of it. Every
    /// write looks by itself, and this is one that writes nothing.
    ///
    /// # Errors
    ///
    /// [`MirrorError::Lost`] if it is another file; otherwise what keeps it from being written.
    pub fn check_file(&self) -> Result<()> {
        self.write(DateTime::UNIX_EPOCH, |_| Ok(()))
    }

    /// Names what SQLite said; what it says of a file that became another one is no news of its own.
    fn told(&self, error: MirrorError) -> MirrorError {
        match error.at(&self.inner.path) {
            damaged @ MirrorError::Damaged { .. } => {
                self.inner.guard.check().err().unwrap_or(damaged)
            }
            other => other,
        }
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.inner.path
    }

    /// Runs `f` in one write transaction, committed when it succeeds and rolled back when it does not.
    /// Writers wait for each other, so `f` must not write through the mirror again; reading is fine.
    ///
    /// # Errors
    ///
    /// What `f` failed with, or that the transaction could not be begun or committed, with the file's name.
    pub fn write<T>(
        &self,
        now: DateTime<Utc>,
        f: impl FnOnce(&Writing<'_>) -> Result<T>,
    ) -> Result<T> {
        self.write_without(&BTreeSet::new(), now, f)
    }

    /// The same for answers in which these fields (`Group.city`) were not asked for: what is known of
    /// them stays, and their absence looks like no change.
    ///
    /// # Errors
    ///
    /// As for [`Mirror::write`].
    pub fn write_without<T>(
        &self,
        unasked: &BTreeSet<String>,
        now: DateTime<Utc>,
        f: impl FnOnce(&Writing<'_>) -> Result<T>,
    ) -> Result<T> {
        self.write_doubting(unasked, &BTreeSet::new(), now, f)
    }

    /// The same, where besides an error stands in the place of these fields: a null in one of them says
    /// nothing, and a value is taken.
    ///
    /// # Errors
    ///
    /// As for [`Mirror::write`].
    pub fn write_doubting<T>(
        &self,
        unasked: &BTreeSet<String>,
        nulls: &BTreeSet<String>,
        now: DateTime<Utc>,
        f: impl FnOnce(&Writing<'_>) -> Result<T>,
    ) -> Result<T> {
        self.inner.guard.check()?;
        self.write_unnamed(unasked, nulls, now.timestamp(), f)
            .map_err(|error| self.told(error))
    }

    fn write_unnamed<T>(
        &self,
        unasked: &BTreeSet<String>,
        nulls: &BTreeSet<String>,
        now: i64,
        f: impl FnOnce(&Writing<'_>) -> Result<T>,
    ) -> Result<T> {
        // A panic in `f` rolled its transaction back, and `Recall::begin` notices: nothing is broken.
        let mut guard = self
            .inner
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let Writer { conn, recall } = &mut *guard;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.inner.guard.check_within(&tx)?;
        let changes = tx.total_changes();
        let version = tx
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        recall.borrow_mut().begin(version);
        let writing = Writing {
            conn: &tx,
            now,
            recall,
            unasked,
            nulls,
            changed: Cell::new(0),
            moves_figures: Cell::new(false),
        };
        let value = f(&writing)?;
        let changed = writing.changed.get();
        if changed > 0 || writing.moves_figures.get() {
            meta::step_figures(&tx)?;
        }
        if tx.total_changes() != changes {
            mark::advance(&tx)?;
        }
        tx.commit()?;
        recall.borrow_mut().committed();
        self.inner
            .rows_changed
            .fetch_add(changed, Ordering::Relaxed);
        Ok(value)
    }

    /// Runs `f` in one read transaction: all its queries see the same state.
    ///
    /// # Errors
    ///
    /// What `f` failed with, or that the file could not be opened, with its name.
    pub fn read<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        self.inner.guard.check_path()?;
        let value = self.read_unnamed(f).map_err(|error| self.told(error))?;
        self.inner.way.check(&self.inner.path)?;
        Ok(value)
    }

    fn read_unnamed<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.inner.idle_readers().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => open::reader(&self.inner.path, &self.inner.way)?,
        };
        // Rolled back when dropped; there is nothing to commit.
        let value = {
            let tx = conn.unchecked_transaction()?;
            f(&tx)?
        };
        let mut readers = self.inner.idle_readers();
        if readers.len() < IDLE_READERS {
            readers.push(conn);
        }
        Ok(value)
    }

    /// Rows inserted or really changed by recordings since this mirror was opened. Confirming what is
    /// known counts nothing, and neither does the bookkeeping around it.
    pub fn rows_changed(&self) -> u64 {
        self.inner.rows_changed.load(Ordering::Relaxed)
    }

    /// The version of the database's schema, and the newest one that this program knows.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn versions(&self) -> Result<(i64, i64)> {
        self.read(open::versions)
    }

    /// Checks every page and reference of the file; whatever is wrong is an error. Takes a while where
    /// the file is large.
    ///
    /// # Errors
    ///
    /// If something is wrong with the file, or it cannot be read.
    pub fn check_integrity(&self) -> Result<()> {
        let found = self.read(open::faults)?;
        match found.first() {
            None => Ok(()),
            Some(_) => Err(MirrorError::Damaged {
                path: self.inner.path.clone(),
                cause: found.join("; ").replace('\n', " "),
            }),
        }
    }

    /// Lets SQLite refresh its statistics where they are stale; worth calling after a pass.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn tidy(&self) -> Result<()> {
        self.check_file()?;
        let guard = self
            .inner
            .writer
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        guard
            .conn
            .execute_batch("PRAGMA analysis_limit = 1000; PRAGMA optimize;")
            .map_err(|error| MirrorError::from(error).at(&self.inner.path))
    }
}

/// One write transaction and its `now`. Dereferences to the connection, so that what only reads can
/// be called with it too, and sees what this transaction wrote.
pub struct Writing<'a> {
    conn: &'a Connection,
    now: i64,
    recall: &'a RefCell<Recall>,
    unasked: &'a BTreeSet<String>,
    nulls: &'a BTreeSet<String>,
    changed: Cell<u64>,
    moves_figures: Cell<bool>,
}

impl Deref for Writing<'_> {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.conn
    }
}

impl Writing<'_> {
    /// The instant of this transaction.
    pub fn now(&self) -> i64 {
        self.now
    }

    /// Keeps what is known where one of these fields was not asked for, or is null because of an error.
    fn keep<T: Nullable>(&self, places: &[&str], given: &mut T, kept: &T) {
        if self.is_unasked(places) || (given.is_null() && self.may_be_error(places)) {
            given.clone_from(kept);
        }
    }

    /// Whether a null in one of these fields may stand for an error.
    pub fn may_be_error(&self, places: &[&str]) -> bool {
        !self.nulls.is_empty() && places.iter().any(|it| self.nulls.contains(*it))
    }

    /// Whether one of these fields was not asked for.
    fn is_unasked(&self, places: &[&str]) -> bool {
        !self.unasked.is_empty() && places.iter().any(|it| self.unasked.contains(*it))
    }

    /// Says that figures may be others after this transaction, though no recording changed a row.
    fn moves_figures(&self) {
        self.moves_figures.set(true);
    }

    /// Counts rows that a recording inserted or changed.
    fn count(&self, rows: usize) {
        self.changed.set(self.changed.get() + rows as u64);
    }
}

/// A value of an answer, which may be null.
trait Nullable: Clone {
    fn is_null(&self) -> bool {
        false
    }
}

impl<T: Clone> Nullable for Option<T> {
    fn is_null(&self) -> bool {
        self.is_none()
    }
}

impl Nullable for String {}
impl Nullable for bool {}
impl Nullable for i64 {}
impl Nullable for crate::community::EventType {}
impl Nullable for crate::community::GroupStatus {}
