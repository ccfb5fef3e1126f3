//! People: only id and name, kept once, and referred to by key.
//!
//! A name that an answer does not give is no change: whether it is given depends on where the person
//! appears, and a name must not come and go with that. Whoever was forgotten stays so, whatever an answer says
//! (`forgotten.rs`); and where no names are to be kept, none is.

use rusqlite::{OptionalExtension, params};

use super::forgotten::{self, Trace};
use super::meta::keeps_names;
use super::recall::{KnownMember, digest};
use super::touched::Whose;
use super::values::UpstreamId;
use super::{Result, Writing};
use crate::community::Member;

/// What an answer shows of a person, for those who were forgotten since nothing of them was new.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sight {
    /// They belong to a group, or lead one or a network.
    Standing,
    /// They answered or hosted then; none: who knows when.
    At(Option<i64>),
}

impl Sight {
    /// Whether it is something new, where all from before an instant is old.
    fn is_after(self, old: i64) -> bool {
        match self {
            Self::Standing => true,
            Self::At(at) => at.is_some_and(|at| at >= old),
        }
    }
}

/// A row, and what was written to it last.
struct Found {
    key: i64,
    name: Option<String>,
    asked: i64,
}

impl Writing<'_> {
    /// The key of a person, who is recorded if new or renamed.
    pub(super) fn member(&self, member: &Member, sight: Sight, asked: i64) -> Result<i64> {
        let id = UpstreamId::of(member.id.as_str());
        let name = member.name.as_deref().map(|name| digest(&name));
        let at_hand = self.recall.borrow().member(&id);
        if let Some(known) = at_hand {
            match name {
                Some(name) if name == known.name && asked > known.asked => {
                    let known = KnownMember { asked, ..known };
                    self.recall.borrow_mut().remember_member(id, known);
                    return Ok(known.key);
                }
                Some(name) if name != known.name && asked >= known.asked => {}
                _ => return Ok(known.key),
            }
        }
        let given = if keeps_names(self)? {
            member.name.as_deref()
        } else {
            None
        };
        let kept = self
            .prepare_cached("SELECT key, name, asked FROM member_row WHERE id = ?1")?
            .query_row([&id], |row| {
                Ok(Found {
                    key: row.get(0)?,
                    name: row.get(1)?,
                    asked: row.get(2)?,
                })
            })
            .optional()?;
        let (key, shown, asked) = match kept {
            None => match forgotten::trace(self, member.id.as_str())? {
                None => (
                    self.add_member(&id, given, asked)?,
                    given.map(str::to_owned),
                    asked,
                ),
                Some(trace) if trace.older_than.is_none() => {
                    (self.stays_nobody(&trace, asked)?, None, asked)
                }
                // Not to be at hand: the next answer may be newer.
                Some(trace) if trace.older_than.is_none_or(|old| !sight.is_after(old)) => {
                    return self.stays_nobody(&trace, asked);
                }
                Some(trace) => (
                    self.is_back(&trace, &id, given, asked)?,
                    given.map(str::to_owned),
                    asked,
                ),
            },
            Some(found) => {
                let newest = at_hand.map_or(found.asked, |known| known.asked.max(found.asked));
                if given.is_none() || asked < newest {
                    (found.key, found.name, newest)
                } else {
                    if given != found.name.as_deref() {
                        self.prepare_cached(
                            "UPDATE member_row SET name = ?2, asked = ?3 WHERE key = ?1",
                        )?
                        .execute(params![found.key, given, asked])?;
                        self.count(1, Whose::Nobody);
                    }
                    (found.key, given.map(str::to_owned), asked)
                }
            }
        };
        let shown = shown.as_deref().unwrap_or_default();
        let known = KnownMember {
            key,
            // What is not to be kept need not be looked at twice.
            name: name
                .filter(|_| given.is_none())
                .unwrap_or_else(|| digest(&shown)),
            asked,
        };
        self.recall.borrow_mut().remember_member(id, known);
        Ok(key)
    }

    /// The same, where there may be nobody.
    pub(super) fn member_if_any(&self, member: Option<&Member>, asked: i64) -> Result<Option<i64>> {
        member
            .map(|member| self.member(member, Sight::Standing, asked))
            .transpose()
    }

    fn add_member(&self, id: &UpstreamId, name: Option<&str>, asked: i64) -> Result<i64> {
        self.prepare_cached("INSERT INTO member_row (id, name, asked) VALUES (?1, ?2, ?3)")?
            .execute(params![id, name, asked])?;
        self.count(1, Whose::Nobody);
        Ok(self.last_insert_rowid())
    }

    /// The row of somebody who was forgotten, made at their first appearance.
    fn stays_nobody(&self, trace: &Trace, asked: i64) -> Result<i64> {
        if let Some(key) = trace.member {
            return Ok(key);
        }
        let key = self.nobody(asked)?;
        self.execute(
            "UPDATE forgotten_row SET member = ?2 WHERE hash = ?1",
            params![trace.hash, key],
        )?;
        self.count(1, Whose::Nobody);
        Ok(key)
    }

    /// Somebody who was forgotten for want of anything new is known again.
    fn is_back(
        &self,
        trace: &Trace,
        id: &UpstreamId,
        name: Option<&str>,
        asked: i64,
    ) -> Result<i64> {
        self.execute("DELETE FROM forgotten_row WHERE hash = ?1", [&trace.hash])?;
        let Some(key) = trace.member else {
            return self.add_member(id, name, asked);
        };
        self.execute(
            "UPDATE member_row SET id = ?2, name = ?3, asked = ?4 WHERE key = ?1",
            params![key, id, name, asked],
        )?;
        self.count(1, Whose::Everybody);
        Ok(key)
    }
}
