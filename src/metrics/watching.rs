//! The groups as alerts look at them, pass after pass: of groups of which no row changed since the last look, only
//! what time alone may have changed is read again.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::local::instant;
use super::sql::sql;
use super::states::EventState;
use super::watched::{HostSeen, Soon, Watched, each, group, happening, person};
use crate::community::{GroupId, MemberId};
use crate::mirror::known_as;

/// Reads every group as of an instant. Pauses and floor, which take a measurement, stay unknown here.
///
/// # Errors
///
/// If the database cannot be read.
pub fn watch(
    conn: &Connection,
    as_of: DateTime<Utc>,
    staff: &[MemberId],
) -> rusqlite::Result<Vec<Watched>> {
    Ok(Watching::begin(conn, as_of, staff)?.into_groups())
}

/// The groups as they were found by a look, to be found again without reading those of which nothing can have
/// changed.
#[derive(Debug, Clone)]
pub struct Watching {
    as_of: DateTime<Utc>,
    staff: Vec<MemberId>,
    /// By `group_row.key`.
    known: HashMap<i64, Known>,
    /// In urlname order.
    order: Vec<i64>,
}

#[derive(Debug, Clone)]
struct Known {
    group: Watched,
    /// From when on it may be found otherwise though no row of it changed.
    until: Option<DateTime<Utc>>,
}

impl Watching {
    /// Reads every group.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn begin(
        conn: &Connection,
        as_of: DateTime<Utc>,
        staff: &[MemberId],
    ) -> rusqlite::Result<Self> {
        Self::nothing(as_of, staff).again(conn, as_of, &BTreeSet::new())
    }

    /// Reads these groups alone, by `group_row.key`.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn of(
        conn: &Connection,
        as_of: DateTime<Utc>,
        staff: &[MemberId],
        groups: &BTreeSet<i64>,
    ) -> rusqlite::Result<Self> {
        Self::nothing(as_of, staff).read(conn, as_of, groups, |key| groups.contains(&key))
    }

    fn nothing(as_of: DateTime<Utc>, staff: &[MemberId]) -> Self {
        Self {
            as_of,
            staff: staff.to_vec(),
            known: HashMap::new(),
            order: Vec::new(),
        }
    }

    /// Whether it can be found again as of an instant, by the same staff: time has not gone back.
    pub fn leads_to(&self, as_of: DateTime<Utc>, staff: &[MemberId]) -> bool {
        self.as_of <= as_of && self.staff == staff
    }

    /// The groups as of a later instant, where rows changed of none but these. What persons are called may be older
    /// than that.
    ///
    /// # Errors
    ///
    /// If the database cannot be read.
    pub fn again(
        self,
        conn: &Connection,
        as_of: DateTime<Utc>,
        touched: &BTreeSet<i64>,
    ) -> rusqlite::Result<Self> {
        self.read(conn, as_of, touched, |_| true)
    }

    fn read(
        mut self,
        conn: &Connection,
        as_of: DateTime<Utc>,
        touched: &BTreeSet<i64>,
        is_wanted: impl Fn(i64) -> bool,
    ) -> rusqlite::Result<Self> {
        let mut before = std::mem::take(&mut self.known);
        (self.as_of, self.order) = (as_of, Vec::new());
        // Few rows, and every column of them is watched.
        let mut rows = Vec::new();
        each(conn, (None, as_of), sql!("watched.sql"), |row| {
            let key = row.get("key")?;
            if is_wanted(key) {
                rows.push((key, group(row)?));
            }
            Ok(())
        })?;
        for (key, bare) in rows {
            self.order.push(key);
            let same = |it: &Known| {
                it.group.link == bare.link
                    && it.group.is_gone == bare.is_gone
                    && it.until.is_none_or(|until| as_of < until)
                    && !touched.contains(&key)
            };
            let known = match before.remove(&key).filter(same) {
                Some(it) => Known {
                    group: it.group.in_place_of(bare),
                    ..it
                },
                None => Known::read(conn, as_of, &self.staff, (key, bare))?,
            };
            self.known.insert(key, known);
        }
        each(conn, (None, as_of), sql!("watched_soon.sql"), |row| {
            if let Some(known) = self.known.get_mut(&row.get("grp")?) {
                known.group.soon.push(Soon {
                    event: happening(row, row.get("said_yes")?)?,
                    state: row.get("state")?,
                });
            }
            Ok(())
        })?;
        Ok(self)
    }

    /// The groups, in urlname order.
    pub fn groups(&self) -> impl Iterator<Item = &Watched> {
        let known = self.order.iter().filter_map(|key| self.known.get(key));
        known.map(|it| &it.group)
    }

    fn into_groups(mut self) -> Vec<Watched> {
        let known = self.order.iter().filter_map(|key| self.known.remove(key));
        known.map(|it| it.group).collect()
    }

    /// The keys of some groups.
    pub fn keys(&self, of: &[&GroupId]) -> BTreeSet<i64> {
        let known = self.known.iter();
        known
            .filter(|(_, it)| of.contains(&&it.group.id))
            .map(|(key, _)| *key)
            .collect()
    }
}

impl Known {
    fn read(
        conn: &Connection,
        as_of: DateTime<Utc>,
        staff: &[MemberId],
        (key, mut group): (i64, Watched),
    ) -> rusqlite::Result<Self> {
        let of = (Some(key), as_of);
        let mut until = None;
        each(conn, of, sql!("watched_until.sql"), |row| {
            until = row.get::<_, Option<i64>>(0)?.map(instant);
            Ok(())
        })?;
        each(conn, of, sql!("watched_leaders.sql"), |row| {
            let person = person(row, &group.link)?;
            match row.get::<_, Option<i64>>("left_at")? {
                None => group.leaders.push(person),
                Some(left_at) => group.former_leaders.push((person, instant(left_at))),
            }
            Ok(())
        })?;
        group
            .former_leaders
            .sort_by_key(|(_, left_at)| std::cmp::Reverse(*left_at));
        if group.is_gone {
            return Ok(Self { group, until });
        }
        each(conn, of, sql!("watched_events.sql"), |row| {
            match row.get("state")? {
                EventState::Held => {
                    group.events_ever = row.get("events")?;
                    group.previous_at = row.get::<_, Option<i64>>("previous_at")?.map(instant);
                    group.last_event = Some(happening(row, 0)?);
                }
                EventState::Scheduled => group.next_event = Some(happening(row, 0)?),
                EventState::Running => group.is_running = true,
                EventState::Cancelled => {}
            }
            Ok(())
        })?;
        let staff = staff.iter().map(|id| known_as(conn, id));
        let staff = staff.collect::<Result<Vec<_>, _>>()?;
        each(conn, of, sql!("watched_hosts.sql"), |row| {
            let person = person(row, &group.link)?;
            let is_staff = row.get("is_admin")? || staff.contains(&MemberId(person.id.clone()));
            if !is_staff {
                group.hosts.push(HostSeen {
                    person,
                    last_at: instant(row.get("last_at")?),
                    is_here: row.get("is_here")?,
                    left_at: row.get::<_, Option<i64>>("left_at")?.map(instant),
                });
            }
            Ok(())
        })?;
        Ok(Self { group, until })
    }
}

impl Watched {
    /// The same group as its own row tells it now.
    fn in_place_of(self, bare: Self) -> Self {
        Self {
            leaders: self.leaders,
            former_leaders: self.former_leaders,
            hosts: self.hosts,
            events_ever: self.events_ever,
            last_event: self.last_event,
            previous_at: self.previous_at,
            next_event: self.next_event,
            is_running: self.is_running,
            ..bare
        }
    }
}
