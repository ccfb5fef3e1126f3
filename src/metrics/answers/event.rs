//! One event: who is known at it, as `at_event.sql` defines it.

use rusqlite::types::ValueRef;
use rusqlite::{CachedStatement, Connection, Row};

use super::super::local::UNKNOWN;
use super::super::sql::sql;

/// What somebody answered, as far as figures tell answers apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Yes,
    Attended,
    No,
    NoShow,
    Excused,
    /// Another answer, or none.
    Else,
}

impl Said {
    fn of(value: ValueRef<'_>) -> Self {
        match value {
            ValueRef::Integer(1) => Self::Yes,
            ValueRef::Integer(2) => Self::Attended,
            ValueRef::Integer(3) => Self::No,
            ValueRef::Integer(5) => Self::NoShow,
            ValueRef::Integer(6) => Self::Excused,
            _ => Self::Else,
        }
    }

    /// In words "said yes", whatever came of it on the day.
    pub(super) fn is_yes(self) -> bool {
        matches!(self, Self::Yes | Self::Attended)
    }

    /// Had said yes before the event.
    pub(super) fn was_yes(self) -> bool {
        self.is_yes() || self == Self::NoShow
    }

    /// Marked as not there.
    pub(super) fn is_absent(self) -> bool {
        matches!(self, Self::NoShow | Self::Excused)
    }
}

/// A person known at an event: they answered, or they host it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub member: u32,
    pub said: Said,
    pub guests: i64,
    pub is_host: bool,
    /// Of the answer: seconds since 1970, or [`UNKNOWN`].
    pub updated_at: i64,
}

impl Known {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            member: row.get(0)?,
            updated_at: row.get::<_, Option<i64>>(1)?.unwrap_or(UNKNOWN),
            said: Said::of(row.get_ref(2)?),
            guests: row.get(3)?,
            is_host: row.get(4)?,
        })
    }
}

/// The questions about one event.
pub(super) struct Reader<'a> {
    answers: CachedStatement<'a>,
    hosts: CachedStatement<'a>,
}

impl<'a> Reader<'a> {
    pub(super) fn of(conn: &'a Connection) -> rusqlite::Result<Self> {
        Ok(Self {
            answers: conn.prepare_cached(sql!("answers.sql"))?,
            hosts: conn.prepare_cached(sql!("named_hosts.sql"))?,
        })
    }

    /// Every answer, in the order of ids; a person may have several. `known` is emptied first.
    pub(super) fn answers(
        &mut self,
        event: i64,
        ends_at: i64,
        known: &mut Vec<Known>,
    ) -> rusqlite::Result<()> {
        known.clear();
        let mut rows = self.answers.query([event, ends_at])?;
        while let Some(row) = rows.next()? {
            known.push(Known::read(row)?);
        }
        Ok(())
    }

    /// Adds those whom Meetup names as hosts to persons in the order of their keys.
    pub(super) fn add_hosts(&mut self, event: i64, known: &mut Vec<Known>) -> rusqlite::Result<()> {
        let mut rows = self.hosts.query([event])?;
        while let Some(row) = rows.next()? {
            let member = row.get(0)?;
            match known.binary_search_by_key(&member, |it| it.member) {
                Ok(at) => known[at].is_host = true,
                Err(at) => known.insert(
                    at,
                    Known {
                        member,
                        said: Said::Else,
                        guests: 0,
                        is_host: true,
                        updated_at: UNKNOWN,
                    },
                ),
            }
        }
        Ok(())
    }
}

/// Of several answers of a person the latest, and of equally late ones the last: they come in the order
/// of their ids. Afterwards they stand in the order of persons.
pub(super) fn unite(known: &mut Vec<Known>) {
    known.sort_by_key(|it| it.member);
    known.dedup_by(|later, kept| {
        let is_same = later.member == kept.member;
        if is_same && later.updated_at >= kept.updated_at {
            *kept = *later;
        }
        is_same
    });
}

/// Who says that they will not come, or was marked as not there, is no host.
pub(super) fn excuse(known: &mut [Known]) {
    for it in known {
        it.is_host &= !(it.said == Said::No || it.said.is_absent());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(member: u32, updated_at: i64, said: Said) -> Known {
        Known {
            member,
            said,
            guests: 0,
            is_host: true,
            updated_at,
        }
    }

    #[test]
    fn the_latest_answer_counts_and_of_equally_late_ones_the_larger_id() {
        let mut known = vec![
            answer(2, 10, Said::No),
            answer(1, 20, Said::Yes),
            answer(2, 10, Said::Yes),
            answer(1, UNKNOWN, Said::No),
            answer(2, 5, Said::NoShow),
        ];
        unite(&mut known);
        let said: Vec<_> = known.iter().map(|it| (it.member, it.said)).collect();
        assert_eq!(said, [(1, Said::Yes), (2, Said::Yes)]);
    }
}
