//! The one connection that writes, and its transactions.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, InterruptHandle, TransactionBehavior};

use super::guard::Guard;
use super::recall::Recall;
use super::touched::Touched;
use super::writing::{Terms, Writing};
use super::{MirrorError, Result, mark, meta, open};

/// The file, whoever writes to it.
pub(super) struct Core {
    pub(super) path: PathBuf,
    writer: Mutex<Writer>,
    pub(super) rows_changed: AtomicU64,
    touched: Mutex<Touched>,
    /// Answers that the next transaction notes in the budget: question, instant in milliseconds, rows.
    answers: Mutex<Vec<(i64, i64, u32)>>,
    /// Ends what the connection is doing, which may be done while that takes long.
    interrupt: InterruptHandle,
    is_long: Mutex<bool>,
    // After the connection: closing it drops its locks.
    pub(super) guard: Guard,
}

pub(super) struct Writer {
    pub(super) conn: Connection,
    recall: RefCell<Recall>,
}

/// A transaction under way.
pub(super) struct Open<'a> {
    conn: &'a Connection,
    recall: &'a RefCell<Recall>,
    changed: Cell<u64>,
    /// What is undone of it stays in it: then more is looked at, and nothing missed.
    touched: RefCell<Touched>,
    moves_figures: Cell<bool>,
}

impl Open<'_> {
    pub(super) fn writing<'a>(&'a self, terms: &'a Terms) -> Writing<'a> {
        Writing {
            conn: self.conn,
            now: terms.now,
            recall: self.recall,
            unasked: &terms.unasked,
            nulls: &terms.nulls,
            changed: &self.changed,
            touched: &self.touched,
            moves_figures: &self.moves_figures,
        }
    }

    /// What was done so far stays, whatever becomes of what follows.
    pub(super) fn keep(&self) {
        self.recall.borrow_mut().keep();
    }

    /// Runs one of several that are in this transaction, and undoes it alone where it did not succeed.
    pub(super) fn apart(&self, work: impl FnOnce(&Self) -> bool) -> Result<()> {
        let before = (self.changed.get(), self.moves_figures.get());
        self.conn.prepare_cached("SAVEPOINT apart")?.execute([])?;
        if work(self) {
            self.recall.borrow_mut().keep();
        } else {
            // Where SQLite has undone all of it by itself, this fails, and so does the whole.
            self.conn.prepare_cached("ROLLBACK TO apart")?.execute([])?;
            self.recall.borrow_mut().undo();
            self.changed.set(before.0);
            self.moves_figures.set(before.1);
        }
        self.conn.prepare_cached("RELEASE apart")?.execute([])?;
        Ok(())
    }
}

impl Core {
    pub(super) fn new(path: &Path, conn: Connection, guard: Guard) -> Self {
        Self {
            path: path.to_owned(),
            interrupt: conn.get_interrupt_handle(),
            is_long: Mutex::default(),
            writer: Mutex::new(Writer {
                conn,
                recall: RefCell::default(),
            }),
            rows_changed: AtomicU64::new(0),
            touched: Mutex::default(),
            answers: Mutex::default(),
            guard,
        }
    }

    /// The connection, once nobody else writes. A panic of who did rolled its transaction back, and
    /// `Recall::begin` notices: nothing is broken.
    pub(super) fn writer(&self) -> MutexGuard<'_, Writer> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names what SQLite said; what it says of a file that became another one is no news of its own.
    pub(super) fn told(&self, error: MirrorError) -> MirrorError {
        match error.at(&self.path) {
            damaged @ MirrorError::Damaged { .. } => self.guard.check().err().unwrap_or(damaged),
            other => other,
        }
    }

    /// One transaction for `f` alone.
    pub(super) fn write<T>(
        &self,
        terms: &Terms,
        f: impl FnOnce(&Writing<'_>) -> Result<T>,
    ) -> Result<T> {
        let (mut f, mut value) = (Some(f), None);
        self.transaction(&mut |open| {
            if let Some(f) = f.take() {
                value = Some(f(&open.writing(terms)));
            }
            Ok(matches!(value, Some(Ok(_))))
        })?;
        // There is one unless the transaction failed.
        value
            .unwrap_or_else(|| Err(self.told(rusqlite::Error::InvalidQuery.into())))
            .map_err(|error| self.told(error))
    }

    /// Runs `work` in one transaction, committed if it says so and else rolled back.
    pub(super) fn transaction(
        &self,
        work: &mut dyn FnMut(&Open<'_>) -> Result<bool>,
    ) -> Result<()> {
        self.guard.check()?;
        self.transaction_unnamed(work)
            .map_err(|error| self.told(error))
    }

    fn transaction_unnamed(&self, work: &mut dyn FnMut(&Open<'_>) -> Result<bool>) -> Result<()> {
        let mut guard = self.writer();
        let Writer { conn, recall } = &mut *guard;
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        self.guard.check_within(&tx)?;
        let changes = tx.total_changes();
        let version = tx
            .prepare_cached("PRAGMA data_version")?
            .query_row([], |row| row.get(0))?;
        recall.borrow_mut().begin(version);
        let open = Open {
            conn: &tx,
            recall,
            changed: Cell::new(0),
            touched: RefCell::default(),
            moves_figures: Cell::new(false),
        };
        let answers = self.answers().clone();
        for (asked, at_ms, nodes) in &answers {
            open.writing(&Terms::default())
                .answered(*asked, *at_ms, *nodes)?;
        }
        if !work(&open)? {
            return Ok(());
        }
        let changed = open.changed.get();
        let is_step = changed > 0 || open.moves_figures.get();
        if is_step {
            meta::step_figures(&tx)?;
        }
        if tx.total_changes() != changes {
            mark::advance(&tx)?;
        }
        let touched = open.touched.take();
        tx.commit()?;
        self.touched().add(touched, is_step);
        self.answers().drain(..answers.len());
        recall.borrow_mut().committed();
        self.rows_changed.fetch_add(changed, Ordering::Relaxed);
        Ok(())
    }

    /// Writes the file anew and cuts the log to nothing; false where others keep the log from it for so many tries.
    pub(super) fn rewrite(&self, tries: usize, moment: Duration) -> Result<bool> {
        let rewritten = self.rewrite_unnamed(tries, moment);
        rewritten.map_err(|error| self.told(error))
    }

    fn rewrite_unnamed(&self, tries: usize, moment: Duration) -> Result<bool> {
        let guard = self.writer();
        self.guard.check_path()?;
        match self.at_length(|| guard.conn.execute_batch("VACUUM")) {
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => {
                return Ok(false);
            }
            done => done?,
        }
        for _ in 0..tries {
            let is_busy: bool =
                guard
                    .conn
                    .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get(0))?;
            if !is_busy {
                return Ok(true);
            }
            std::thread::sleep(moment);
        }
        Ok(false)
    }

    /// Where what is sorted is held while it is.
    pub(super) fn sort_in(&self, place: &str) -> Result<()> {
        let set = self
            .writer()
            .conn
            .execute_batch(&format!("PRAGMA temp_store = {place}"));
        set.map_err(|error| self.told(error.into()))
    }

    /// Runs what takes long, within a transaction, so that it can be given up.
    pub(super) fn at_length<T>(&self, work: impl FnOnce() -> T) -> T {
        let is_long = || self.is_long.lock().unwrap_or_else(PoisonError::into_inner);
        *is_long() = true;
        let value = work();
        *is_long() = false;
        value
    }

    /// Interrupts what takes long; its transaction is undone.
    pub(super) fn give_up(&self) {
        let is_long = self.is_long.lock().unwrap_or_else(PoisonError::into_inner);
        if *is_long {
            self.interrupt.interrupt();
        }
    }

    pub(super) fn touched(&self) -> MutexGuard<'_, Touched> {
        self.touched.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) -> MutexGuard<'_, Vec<(i64, i64, u32)>> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn answered(&self, asked: i64, at_ms: i64, nodes: u32) {
        self.answers().push((asked, at_ms, nodes));
    }

    /// Notes the answers that no transaction took along. Where that fails, their points are free later.
    pub(super) fn settle_answers(&self) {
        if !self.answers().is_empty() {
            let _ = self.transaction(&mut |_| Ok(true));
        }
    }
}

impl Drop for Core {
    /// The last connection plays the log into the file, which must not happen to another one.
    fn drop(&mut self) {
        if self.guard.check().is_err() {
            open::leave_log(&self.writer().conn);
        }
    }
}
