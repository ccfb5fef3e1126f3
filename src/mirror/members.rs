//! People: only id and name, kept once, and referred to by key.
//!
//! A name that an answer does not give is no change: whether it is given depends on where the person
//! appears, and a name must not come and go with that.

use rusqlite::{OptionalExtension, params};

use super::recall::{KnownMember, digest};
use super::values::UpstreamId;
use super::{Result, Writing};
use crate::community::Member;

impl Writing<'_> {
    /// The key of a person, who is recorded if new or renamed.
    pub(super) fn member(&self, member: &Member, asked: i64) -> Result<i64> {
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
        let kept = self
            .prepare_cached("SELECT key, name, asked FROM member_row WHERE id = ?1")?
            .query_row([&id], |row| {
                Ok((
                    row.get::<_, i64>(0)?,
                    row.get::<_, Option<String>>(1)?,
                    row.get::<_, i64>(2)?,
                ))
            })
            .optional()?;
        let (key, shown, asked) = match kept {
            None => {
                self.prepare_cached(
                    "INSERT INTO member_row (id, name, asked) VALUES (?1, ?2, ?3)",
                )?
                .execute(params![id, member.name, asked])?;
                self.count(1);
                (self.last_insert_rowid(), member.name.clone(), asked)
            }
            Some((key, old, written)) => {
                let newest = at_hand.map_or(written, |known| known.asked.max(written));
                if member.name.is_none() || asked < newest {
                    (key, old, newest)
                } else {
                    if member.name != old {
                        self.prepare_cached(
                            "UPDATE member_row SET name = ?2, asked = ?3 WHERE key = ?1",
                        )?
                        .execute(params![key, member.name, asked])?;
                        self.count(1);
                    }
                    (key, member.name.clone(), asked)
                }
            }
        };
        let known = KnownMember {
            key,
            name: digest(&shown.as_deref().unwrap_or_default()),
            asked,
        };
        self.recall.borrow_mut().remember_member(id, known);
        Ok(key)
    }

    /// The same, where there may be nobody.
    pub(super) fn member_if_any(&self, member: Option<&Member>, asked: i64) -> Result<Option<i64>> {
        member.map(|member| self.member(member, asked)).transpose()
    }
}
