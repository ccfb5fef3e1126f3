//! The mirror: one SQLite file that holds what Meetup said, what is still to be asked, and what is to
//! be sent.
//!
//! One connection writes, on a thread of its own for what passes record (`queue.rs`); readers have
//! theirs. Every call blocks, and nothing here knows of tasks. A caller opens one transaction ([`Mirror::write`]) per page of an answer and records
//! the page and the progress of its unit of work in it, so that a kill loses at most the page in
//! flight.
//!
//! Every recording carries `asked`, the number of the question it answers (from the budget ledger,
//! so it grows over restarts). An older answer never overwrites a newer one. A row that an answer
//! merely confirms is not rewritten: see `recall.rs` for why the order holds all the same.
//!
//! Instants are whole seconds since 1970 (UTC) unless a name ends in `_ms`.

mod aged;
mod alerts;
mod beside;
mod budget;
mod capabilities;
mod cleaning;
mod contact;
mod copying;
mod deliveries;
mod doubts;
mod drift;
mod elsewhere;
mod erased;
mod errors;
mod events;
mod failures;
mod firings;
mod first_load;
mod forget;
mod forgotten;
mod forgotten_file;
mod groups;
mod guard;
mod health;
mod history;
mod imports;
mod journal;
mod kept;
mod keys;
mod lock;
mod log;
mod looking;
mod loss;
mod mark;
mod members;
mod memberships;
mod meta;
mod money;
mod names;
mod networks;
mod news;
mod open;
mod opened;
mod outbox;
mod proposed;
mod pseudonym;
mod queue;
mod recall;
mod restore;
mod roles;
mod room;
mod roster;
mod rota;
mod rsvps;
mod second;
mod signs;
mod splits;
mod stamp;
mod tallies;
mod told;
mod touched;
mod trial;
mod units;
mod values;
mod venues;
mod views;
mod walks;
mod words;
mod writer;
mod writing;

pub(crate) use words::stored;

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use copying::Draft;
use opened::{Opened, Way};
use queue::Queue;
use writer::Core;

pub use alerts::{alerts, troubles, unlooked};
pub use budget::{Reserve, points_used, row_price};
pub use capabilities::{
    CAPABILITY_LASTS, Capability, Finding, Moves, OLD_ID_ANSWERS, attendance_moves, capabilities,
    capability, guest_moves,
};
pub use cleaning::is_cleaning_due;
pub use contact::contacts;
pub use copying::{Copied, copied_from, examine_copy};
pub use deliveries::{
    Delivery, Retried, Undelivered, Which, deliveries, delivery, given_up, undelivered,
};
pub use doubts::{
    Doubt, DoubtOf, Missed, WalkLoss, account, doubts, listed_events, live_leaders, live_rsvps,
    missed_members, proved,
};
pub use drift::{DriftFinding, DriftSource, DriftWeight, drift_findings, schema_checked_at};
pub use elsewhere::{Elsewhere, KEPT_ELSEWHERE};
pub use errors::MirrorError;
pub(crate) use errors::Result;
pub use events::{
    EventsOf, KnownEvent, RecordedEvent, event_by_key, event_by_token, events_in_span,
    ids_worth_asking, known_ids,
};
pub use failures::{Failing, NewFailure, Reading, failing, groups_read, networks_read};
pub use firings::firing;
pub use forget::Erasure;
pub use forgotten::{known_as, member_key, people_kept};
pub use groups::RecordedGroup;
pub use health::{Freshness, freshness, points_since};
pub use history::unread_before;
pub use imports::{
    Import, Spending, event_days_near, event_named, events_on, imports, spending_of,
};
pub use journal::{
    Pass, PassKind, PassOutcome, PassTotals, last_good_pass, last_pass, recent_passes,
};
pub use kept::{Held, KEPT_IN_TABLES, Kept, KeptTable};
pub use keys::{EventKey, GroupKey, PassId};
pub use lock::{Holder, LockError, PassLock};
pub use loss::Loss;
pub use memberships::{leaders_unseen, live_members, members_need_walk, members_unseen};
pub use meta::{database_id, figures_version, lacks_index, stamp};
pub use money::{Rate, YearBudget, rates, year_budgets};
pub use networks::{KnownNetwork, NetworkKey, groups_of_networks, networks};
pub use open::pages;
pub use outbox::{
    DeliveryKind, DeliveryState, Filed, Leased, NewDelivery, NewReport, Outcome, Whither,
};
pub use proposed::{Proposed, proposed};
pub use restore::{Restored, restore};
pub use roster::{
    KnownGroup, group_by_id, group_by_key, groups_of_network, groups_waiting, roster,
};
pub use rota::{oldest_verification, stalest_group};
pub use second::second;
pub use signs::Need;
pub use splits::{event_title, rsvp_people};
pub use stamp::Stamp;
pub use tallies::{PassTally, TABLES, delivery_tallies, pass_tallies, row_counts};
pub use told::{told_before, told_elsewhere};
pub use touched::Touched;
pub use trial::{Trial, TrialEvent, largest_groups, replaced_ids, trial_events};
pub use units::{
    NewUnit, OpenUnits, PARKED, Purpose, Unit, UnitKind, due_units, next_unit_due, open_units,
};
pub use views::{RowsOf, Value, each_row, events_by_month, group_ids, views};
pub use walks::{FullOutcome, PartialOutcome, WalkState, rsvp_need, walk_state};
pub use writing::{Terms, Writing};

/// Read connections kept open between reads.
const IDLE_READERS: usize = 2;

/// The database. Cheap to clone; all clones share the one writer.
#[derive(Clone)]
pub struct Mirror {
    inner: Arc<Inner>,
}

struct Inner {
    core: Arc<Core>,
    way: Way,
    queue: Queue,
    readers: Mutex<Vec<Connection>>,
}

impl Inner {
    fn idle_readers(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Inner {
    /// Theirs leave the log be, so the writer's connection is to be the last.
    fn drop(&mut self) {
        self.idle_readers().clear();
        self.queue.end();
        self.core.settle_answers();
    }
}

impl std::fmt::Debug for Mirror {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Mirror")
            .field("path", &self.inner.core.path)
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
                core: Arc::new(Core::new(path, conn, guard)),
                way,
                queue: Queue::default(),
                readers: Mutex::default(),
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

    /// Closes the connections that are kept for reading.
    fn let_readers_go(&self) {
        self.inner.idle_readers().clear();
    }

    /// Where the database is.
    pub fn path(&self) -> &Path {
        &self.inner.core.path
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
        let terms = Terms::of(now, unasked, nulls);
        self.inner.core.write(&terms, f)
    }

    /// The same on the writer's own thread, where what others record meanwhile goes into one transaction with
    /// it. Answers once that is committed; each is kept or undone by itself.
    ///
    /// # Errors
    ///
    /// As for [`Mirror::write`].
    pub fn write_together<T: Send + 'static>(
        &self,
        terms: Terms,
        f: impl FnOnce(&Writing<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.inner.queue.write(&self.inner.core, terms, f)
    }

    /// Makes the index that a first load does without, once nothing of it is due: a second for a million rows.
    ///
    /// # Errors
    ///
    /// If the database cannot be written, or [`Mirror::give_up`] came.
    pub fn end_first_load(&self, terms: &Terms) -> Result<()> {
        let make = || {
            let core = Arc::clone(&self.inner.core);
            self.write_together(terms.clone(), move |w| {
                core.at_length(|| w.end_first_load())
            })
        };
        let core = &self.inner.core;
        // Sorted in files, for it may be more than memory should hold; where none can be made, in memory.
        core.sort_in("FILE")?;
        let made = make();
        core.sort_in("MEMORY")?;
        match made {
            Err(MirrorError::NotWritable { .. }) => make(),
            made => made,
        }
    }

    /// Gives up what takes long, such as [`Mirror::end_first_load`]; nothing of it is kept.
    pub fn give_up(&self) {
        self.inner.core.give_up();
    }

    /// Notes with the next transaction that a question was answered at `at_ms` with so many rows, or will
    /// not be: until that is committed its points are taken for longer, never for shorter. See [`Writing::answered`].
    pub fn answered(&self, asked: i64, at_ms: i64, nodes: u32) {
        self.inner.core.answered(asked, at_ms, nodes);
    }

    /// Runs `f` in one read transaction: all its queries see the same state.
    ///
    /// # Errors
    ///
    /// What `f` failed with, or that the file could not be opened, with its name.
    pub fn read<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let core = &self.inner.core;
        core.guard.check_path()?;
        let value = self.read_unnamed(f).map_err(|error| core.told(error))?;
        self.inner.way.check(&core.path)?;
        Ok(value)
    }

    fn read_unnamed<T>(&self, f: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
        let idle = self.inner.idle_readers().pop();
        let conn = match idle {
            Some(conn) => conn,
            None => open::reader(&self.inner.core.path, &self.inner.way)?,
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
        self.inner.core.rows_changed.load(Ordering::Relaxed)
    }

    /// Of which groups rows were changed by recordings since this was asked last.
    pub fn take_touched(&self) -> Touched {
        std::mem::take(&mut *self.inner.core.touched())
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
        self.check_integrity_seen(Arc::default())
    }

    /// The same, and counts meanwhile how far it is: one for each of the file's pages, then further ones for its rows.
    ///
    /// # Errors
    ///
    /// If something is wrong with the file, or it cannot be read.
    pub fn check_integrity_seen(&self, steps: Arc<AtomicU64>) -> Result<()> {
        /// So many steps between two looks.
        const STRIDE: u16 = 500;
        let core = &self.inner.core;
        core.guard.check_path()?;
        let look = || {
            let mut conn = open::reader(&core.path, &self.inner.way)?;
            conn.progress_handler(
                STRIDE.into(),
                Some(move || {
                    steps.fetch_add(STRIDE.into(), Ordering::Relaxed);
                    false
                }),
            )?;
            open::faults(&conn)
        };
        let found = look().map_err(|error| core.told(error))?;
        self.inner.way.check(&core.path)?;
        match found.first() {
            None => Ok(()),
            Some(_) => Err(MirrorError::Damaged {
                path: self.inner.core.path.clone(),
                cause: found.join("; ").replace('\n', " "),
            }),
        }
    }

    /// Copies the database to `to`, where there must be no file yet, while others write it. `goes_on` is
    /// asked between two steps; where it says no, there is no copy, and [`MirrorError::Stopped`].
    ///
    /// # Errors
    ///
    /// If the database cannot be read, the copy cannot be written or is not whole, or something is there.
    pub fn copy_to(&self, to: &Path, goes_on: &dyn Fn() -> bool) -> Result<Copied> {
        let draft = Draft::of(to);
        let filled = self.read(|conn| {
            draft.fill(conn, goes_on)?;
            meta::stamp(conn)
        });
        let made = filled.and_then(|stamp| draft.publish(&stamp));
        made.map_err(|error| draft.named(error, self.path()))
    }

    /// Lets SQLite refresh its statistics where they are stale; worth calling after a pass.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn tidy(&self) -> Result<()> {
        self.check_file()?;
        let core = &self.inner.core;
        core.writer()
            .conn
            .execute_batch("PRAGMA analysis_limit = 1000; PRAGMA optimize;")
            .map_err(|error| MirrorError::from(error).at(&core.path))
    }
}
