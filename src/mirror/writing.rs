//! What a recording works with: the transaction it is in, its `now`, and what its question did not ask for.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::recall::Recall;
use super::touched::{Touched, Whose};

/// On what terms something is recorded.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The instant of the recording, in seconds since 1970.
    pub now: i64,
    /// Fields (`Group.city`) that were not asked for: what is known of them stays.
    pub unasked: Arc<BTreeSet<String>>,
    /// Fields whose null may stand for an error: it says nothing, and a value is taken.
    pub nulls: Arc<BTreeSet<String>>,
}

impl Terms {
    pub(super) fn of(
        now: DateTime<Utc>,
        unasked: &BTreeSet<String>,
        nulls: &BTreeSet<String>,
    ) -> Self {
        Self {
            now: now.timestamp(),
            unasked: Arc::new(unasked.clone()),
            nulls: Arc::new(nulls.clone()),
        }
    }
}

/// One write transaction and its `now`. Dereferences to the connection, so that what only reads can
/// be called with it too, and sees what this transaction wrote.
pub struct Writing<'a> {
    pub(super) conn: &'a Connection,
    pub(super) now: i64,
    pub(super) recall: &'a RefCell<Recall>,
    pub(super) unasked: &'a BTreeSet<String>,
    pub(super) nulls: &'a BTreeSet<String>,
    pub(super) changed: &'a Cell<u64>,
    pub(super) touched: &'a RefCell<Touched>,
    pub(super) moves_figures: &'a Cell<bool>,
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
    pub(super) fn keep<T: Nullable>(&self, places: &[&str], given: &mut T, kept: &T) {
        if self.is_unasked(places) || (given.is_null() && self.may_be_error(places)) {
            given.clone_from(kept);
        }
    }

    /// Whether a null in one of these fields may stand for an error.
    pub fn may_be_error(&self, places: &[&str]) -> bool {
        !self.nulls.is_empty() && places.iter().any(|it| self.nulls.contains(*it))
    }

    /// Whether one of these fields was not asked for.
    pub(super) fn is_unasked(&self, places: &[&str]) -> bool {
        !self.unasked.is_empty() && places.iter().any(|it| self.unasked.contains(*it))
    }

    /// Says that figures may be others after this transaction, though no recording changed a row.
    pub(super) fn moves_figures(&self) {
        self.moves_figures.set(true);
    }

    /// Counts rows that a recording inserted or changed, and notes whose they are.
    pub(super) fn count(&self, rows: usize, whose: Whose) {
        self.changed.set(self.changed.get() + rows as u64);
        if rows > 0 {
            self.touched.borrow_mut().note(whose);
        }
    }
}

/// A value of an answer, which may be null.
pub(super) trait Nullable: Clone {
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
