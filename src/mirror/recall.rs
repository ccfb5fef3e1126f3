//! What the one writer remembers between transactions, beside the database.
//!
//! **Confirmations.** An answer that shows a row exactly as it is kept does not rewrite it, so the
//! row's `asked` stays at the question that last changed it. A question asked before that answer, but
//! answered after it, must still lose; therefore the newest question that confirmed a row is
//! remembered here. Memory is enough: only answers still under way in this process can be older, for
//! passes hold a lock, and a process that dies takes its unanswered questions with it. The number of
//! confirmations kept is bounded, and covers far more pages than can be under way at a time.
//!
//! **Members.** Nearly every row names a person; the last few ten thousand are kept at hand.
//!
//! What a transaction confirmed counts once it is committed: one that is rolled back takes its rows away,
//! and their keys will be other rows'. For the same reason it, or another process's writing, empties
//! the members.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::values::UpstreamId;

const CONFIRMATIONS: usize = 1 << 16;
const MEMBERS: usize = 1 << 14;

/// What a confirmation is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Of {
    Network,
    Group,
    Membership,
    Venue,
    Event,
    /// The values of an RSVP.
    Rsvp,
    /// That an RSVP exists, where a question newer than the one of its values showed that.
    RsvpPresence,
    /// That an RSVP is gone, where a question newer than the one that found it gone did so too.
    RsvpAbsence,
}

/// A row: its kind and its keys.
pub(super) type RowOf = (Of, i64, i64);

/// A member at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct KnownMember {
    pub(super) key: i64,
    pub(super) name: u64,
    /// The newest question that showed this name.
    pub(super) asked: i64,
}

#[derive(Default)]
pub(super) struct Recall {
    confirmed: Generations<RowOf, i64>,
    /// Confirmations of the open transaction,
    fresh: HashMap<RowOf, i64>,
    /// and of the piece of work in it that is being done.
    latest: HashMap<RowOf, i64>,
    members: Generations<UpstreamId, KnownMember>,
    version: i64,
    is_open: bool,
}

impl Recall {
    /// At the start of a transaction; `version` tells whether somebody else wrote.
    pub(super) fn begin(&mut self, version: i64) {
        if self.is_open || self.version != version {
            self.members = Generations::default();
        }
        self.fresh.clear();
        self.latest.clear();
        self.version = version;
        self.is_open = true;
    }

    /// The piece of work is done, and others may follow in the same transaction.
    pub(super) fn keep(&mut self) {
        self.fresh.extend(self.latest.drain());
    }

    /// It was undone, and with it the rows it made.
    pub(super) fn undo(&mut self) {
        self.latest.clear();
        self.members = Generations::default();
    }

    pub(super) fn committed(&mut self) {
        self.keep();
        self.is_open = false;
        for (row, asked) in self.fresh.drain() {
            self.confirmed.put(row, asked, CONFIRMATIONS);
        }
    }

    /// The newest question whose answer showed the row as it is kept, given the one it was written by.
    pub(super) fn asked(&self, row: RowOf, written: i64) -> i64 {
        self.remembered(row)
            .map_or(written, |asked| written.max(asked))
    }

    /// Exactly what was remembered, if anything.
    pub(super) fn remembered(&self, row: RowOf) -> Option<i64> {
        self.latest
            .get(&row)
            .or_else(|| self.fresh.get(&row))
            .or_else(|| self.confirmed.at(&row))
            .copied()
    }

    pub(super) fn remember(&mut self, row: RowOf, asked: i64) {
        self.latest.insert(row, asked);
    }

    pub(super) fn member(&self, id: &UpstreamId) -> Option<KnownMember> {
        self.members.at(id).copied()
    }

    pub(super) fn remember_member(&mut self, id: UpstreamId, member: KnownMember) {
        self.members.put(id, member, MEMBERS);
    }
}

/// A number for a text (or a text id) that stands for it in a key.
pub(super) fn digest(value: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A map that forgets what was put longest ago, half at a time.
struct Generations<K, V> {
    young: HashMap<K, V>,
    old: HashMap<K, V>,
}

impl<K, V> Default for Generations<K, V> {
    fn default() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
        }
    }
}

impl<K: Hash + Eq, V> Generations<K, V> {
    fn at(&self, key: &K) -> Option<&V> {
        self.young.get(key).or_else(|| self.old.get(key))
    }

    fn put(&mut self, key: K, value: V, most: usize) {
        if self.young.len() >= most {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(key, value);
    }
}
