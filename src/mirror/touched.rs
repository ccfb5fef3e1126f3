//! Which groups recordings of this process changed rows of, for whoever looks at these alone.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::Result;

/// Of more it is not worth to keep count: then all are looked at.
const MOST: usize = 10_000;

/// Whose row a recording inserted or changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// An event's, its hosts' or its answers'.
    Event(i64),
    /// A group's, or its members'.
    Group(i64),
    /// The network's: who its admin is says of every group who leads it.
    Everybody,
    /// A person's name, or a place: such a row says nothing of a group by itself.
    Nobody,
}

/// The groups of which rows were changed since somebody asked.
#[derive(Debug, Clone, Default)]
pub struct Touched {
    events: BTreeSet<i64>,
    groups: BTreeSet<i64>,
    is_all: bool,
    /// How many transactions of this process moved figures meanwhile.
    steps: i64,
}

impl Touched {
    pub(super) fn note(&mut self, whose: Whose) {
        match whose {
            Whose::Event(key) => {
                self.events.insert(key);
            }
            Whose::Group(key) => {
                self.groups.insert(key);
            }
            Whose::Everybody => self.is_all = true,
            Whose::Nobody => {}
        }
        if self.is_all || self.events.len() + self.groups.len() > MOST {
            self.is_all = true;
            self.events.clear();
            self.groups.clear();
        }
    }

    pub(super) fn add(&mut self, other: Self, is_step: bool) {
        let events = other.events.into_iter().map(Whose::Event);
        let groups = other.groups.into_iter().map(Whose::Group);
        let all = other.is_all.then_some(Whose::Everybody);
        for whose in events.chain(groups).chain(all) {
            self.note(whose);
        }
        self.steps += other.steps + i64::from(is_step);
    }

    /// The keys of the groups, if what was recorded here is all that changed since figures had a version; none:
    /// any group's rows may have changed.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn groups_since(&self, conn: &Connection, version: i64) -> Result<Option<BTreeSet<i64>>> {
        if self.is_all || super::figures_version(conn)? != version + self.steps {
            return Ok(None);
        }
        let mut find = conn.prepare_cached("SELECT grp FROM event_row WHERE key = ?1")?;
        let mut groups = self.groups.clone();
        for event in &self.events {
            groups.insert(find.query_row([event], |row| row.get(0))?);
        }
        Ok(Some(groups))
    }
}
