//! The memory of contact: notes, who was asked, what is muted.
//!
//! Each belongs to a group's row, so it outlives a new urlname, and the group's leaving and coming
//! back. Whoever writes here does so beside a running daemon: one short transaction each.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use rusqlite::{Connection, OptionalExtension, params};

use super::keys::GroupKey;
use super::{Result, Writing};
use crate::community::{Agreed, Asked, Contact, GroupId, MemoryId, Mute, Muted, Note, Owner};

/// What is remembered, of every group of which anything is, in urlname order.
///
/// # Errors
///
/// If the database cannot be read.
pub fn contacts(conn: &Connection) -> Result<Vec<Contact>> {
    let mut found: BTreeMap<i64, Contact> = conn
        .prepare_cached(
            "SELECT key, id, urlname, name, gone_at IS NOT NULL FROM group_row
             WHERE key IN (SELECT grp FROM note_row UNION SELECT grp FROM mute_row UNION SELECT grp FROM target_row
                           UNION SELECT grp FROM owner_row)",
        )?
        .query_map([], |row| {
            let contact = Contact {
                group: GroupId(row.get(1)?),
                urlname: row.get(2)?,
                name: row.get(3)?,
                is_gone: row.get(4)?,
                notes: Vec::new(),
                asked: Vec::new(),
                mutes: Vec::new(),
                target: None,
                owner: None,
            };
            Ok((row.get(0)?, contact))
        })?
        .collect::<rusqlite::Result<_>>()?;
    let mut notes = conn.prepare_cached(
        "SELECT grp, id, kind = 'asked', text, whom, again_on, created_at, author FROM note_row ORDER BY id",
    )?;
    let mut rows = notes.query([])?;
    while let Some(row) = rows.next()? {
        let Some(contact) = found.get_mut(&row.get(0)?) else {
            continue;
        };
        let (id, at) = (row.get(1)?, instant(row.get(6)?));
        if row.get(2)? {
            contact.asked.push(Asked {
                id,
                whom: row.get(4)?,
                again_on: date(row.get(5)?),
                at,
                author: row.get(7)?,
            });
        } else {
            let text = row.get::<_, Option<String>>(3)?.unwrap_or_default();
            let author = row.get(7)?;
            contact.notes.push(Note {
                id,
                text,
                at,
                author,
            });
        }
    }
    let mut mutes = conn.prepare_cached(
        "SELECT grp, id, alert, until_on, created_at, author FROM mute_row ORDER BY id",
    )?;
    let mut rows = mutes.query([])?;
    while let Some(row) = rows.next()? {
        if let Some(contact) = found.get_mut(&row.get(0)?) {
            contact.mutes.push(Mute {
                id: row.get(1)?,
                what: Muted::parse(row.get(2)?),
                until_on: date(row.get(3)?),
                at: instant(row.get(4)?),
                author: row.get(5)?,
            });
        }
    }
    let mut targets =
        conn.prepare_cached("SELECT grp, every_months, created_at FROM target_row")?;
    let mut rows = targets.query([])?;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        if let Some(contact) = found.get_mut(&id) {
            contact.target = Some(Agreed {
                id,
                every_months: row.get(1)?,
                at: instant(row.get(2)?),
            });
        }
    }
    let mut owners = conn.prepare_cached("SELECT grp, name, author, created_at FROM owner_row")?;
    let mut rows = owners.query([])?;
    while let Some(row) = rows.next()? {
        let id = row.get(0)?;
        if let Some(contact) = found.get_mut(&id) {
            contact.owner = Some(Owner {
                id,
                name: row.get(1)?,
                author: row.get(2)?,
                at: instant(row.get(3)?),
            });
        }
    }
    let mut contacts: Vec<Contact> = found.into_values().collect();
    contacts.sort_by(|a, b| (&a.urlname, &a.group).cmp(&(&b.urlname, &b.group)));
    Ok(contacts)
}

fn instant(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(second, 0).unwrap_or_default()
}

/// A date as it was written; one that somebody spoilt by hand counts as none.
fn date(text: Option<String>) -> Option<NaiveDate> {
    text.and_then(|text| text.parse().ok())
}

impl Writing<'_> {
    /// Keeps a note; its number.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn note(&self, group: GroupKey, text: &str, author: Option<&str>) -> Result<i64> {
        self.prepare_cached(
            "INSERT INTO note_row (grp, kind, text, created_at, author) VALUES (?1, 'note', ?2, ?3, ?4)",
        )?
        .execute(params![group.0, text, self.now, author])?;
        Ok(self.last_insert_rowid())
    }

    /// Keeps that somebody was asked; its number.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn asked(
        &self,
        group: GroupKey,
        whom: Option<&str>,
        again_on: Option<NaiveDate>,
        author: Option<&str>,
    ) -> Result<i64> {
        self.prepare_cached(
            "INSERT INTO note_row (grp, kind, whom, again_on, created_at, author)
             VALUES (?1, 'asked', ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            group.0,
            whom,
            again_on.map(|day| day.to_string()),
            self.now,
            author
        ])?;
        Ok(self.last_insert_rowid())
    }

    /// Mutes a group, or one kind of alert of it, in place of an earlier mute of the same; its number.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn mute(
        &self,
        group: GroupKey,
        what: &Muted,
        until_on: Option<NaiveDate>,
        author: Option<&str>,
    ) -> Result<i64> {
        let alert = what.word();
        self.prepare_cached("DELETE FROM mute_row WHERE grp = ?1 AND alert IS ?2")?
            .execute(params![group.0, alert])?;
        self.prepare_cached(
            "INSERT INTO mute_row (grp, alert, until_on, created_at, author) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute(params![
            group.0,
            alert,
            until_on.map(|day| day.to_string()),
            self.now,
            author
        ])?;
        Ok(self.last_insert_rowid())
    }

    /// Takes a group's mutes back: that of one kind, or all of them. How many there were.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn unmute(&self, group: GroupKey, what: &Muted) -> Result<usize> {
        Ok(self
            .prepare_cached("DELETE FROM mute_row WHERE grp = ?1 AND (?2 IS NULL OR alert = ?2)")?
            .execute(params![group.0, what.word()])?)
    }

    /// Keeps who looks after a group; who did before, if anybody.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn own(&self, group: GroupKey, name: &str, author: Option<&str>) -> Result<Option<String>> {
        let before = self
            .prepare_cached("SELECT name FROM owner_row WHERE grp = ?1")?
            .query_row([group.0], |row| row.get(0))
            .optional()?;
        self.prepare_cached(
            "INSERT INTO owner_row (grp, name, author, created_at) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET name = excluded.name, author = excluded.author,
               created_at = excluded.created_at",
        )?
        .execute(params![group.0, name, author, self.now])?;
        Ok(before)
    }

    /// Takes back whatever has that number; false if nothing has.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn forget_memory(&self, id: MemoryId) -> Result<bool> {
        let (sql, id) = match id {
            MemoryId::Note(id) => ("DELETE FROM note_row WHERE id = ?1", id),
            MemoryId::Mute(id) => ("DELETE FROM mute_row WHERE id = ?1", id),
            MemoryId::Target(id) => ("DELETE FROM target_row WHERE grp = ?1", id),
            MemoryId::Owner(id) => ("DELETE FROM owner_row WHERE grp = ?1", id),
        };
        let is_there = self.prepare_cached(sql)?.execute([id])? > 0;
        if is_there {
            self.moves_figures();
        }
        Ok(is_there)
    }

    /// The same where it is this group's and was kept at that instant: numbers are given again, and who looks after a
    /// group may have changed. False if it is neither, or gone.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn forget_memory_of(
        &self,
        group: GroupKey,
        id: MemoryId,
        kept_at: DateTime<Utc>,
    ) -> Result<bool> {
        let (sql, number) = match id {
            MemoryId::Note(id) => (
                "SELECT count(*) FROM note_row WHERE id = ?1 AND grp = ?2 AND created_at = ?3",
                id,
            ),
            MemoryId::Mute(id) => (
                "SELECT count(*) FROM mute_row WHERE id = ?1 AND grp = ?2 AND created_at = ?3",
                id,
            ),
            MemoryId::Target(id) => (
                "SELECT count(*) FROM target_row WHERE grp = ?1 AND grp = ?2 AND created_at = ?3",
                id,
            ),
            MemoryId::Owner(id) => (
                "SELECT count(*) FROM owner_row WHERE grp = ?1 AND grp = ?2 AND created_at = ?3",
                id,
            ),
        };
        let is_it: i64 = self
            .prepare_cached(sql)?
            .query_row((number, group.0, kept_at.timestamp()), |row| row.get(0))?;
        Ok(is_it > 0 && self.forget_memory(id)?)
    }

    /// Keeps how often a group agreed to meet; what was agreed before, if anything was.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn agree_target(
        &self,
        group: GroupKey,
        every_months: u8,
        author: Option<&str>,
    ) -> Result<Option<u8>> {
        let before = self
            .prepare_cached("SELECT every_months FROM target_row WHERE grp = ?1")?
            .query_row([group.0], |row| row.get(0))
            .optional()?;
        self.prepare_cached(
            "INSERT INTO target_row (grp, every_months, created_at, author) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET every_months = excluded.every_months, created_at = excluded.created_at,
               author = excluded.author",
        )?
        .execute(params![group.0, every_months, self.now, author])?;
        self.moves_figures();
        Ok(before)
    }
}
