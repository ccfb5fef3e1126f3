//! Erasing persons: those who ask for it, those of whom nothing was new for long, and all names.
//!
//! **What is done.** A person's row gets an id that says nothing and loses its name; every answer, membership, hosting
//! and change refers to that row, so that they stay one person in every count. Texts, documents and messages are
//! rewritten (`erased.rs`), the hash by which they are known again is written (`forgotten.rs`), and it is noted that
//! the file must be cleaned.
//!
//! **Why a kill loses nothing.** All of that is one transaction: before its commit nothing was done, after it
//! everything that can be seen of the database. What may be left then are bytes that no query shows: in the
//! write-ahead log, on free pages, behind the rows of a page. The note that cleaning is due stands in the
//! same transaction, and is taken away only once the file was written anew and its log emptied (`cleaning.rs`): until
//! then, every pass and every `forget` finishes it. The file beside the sign-in follows the database; whatever it lacks is
//! written to it whenever the database is opened, and the other way around, so that either half of a `forget` that was
//! killed brings the other one about.
//!
//! **Beside a running daemon** it is a transaction like that of any other command. What the daemon's passes know of
//! persons is given up as soon as somebody else commits, and an answer that is under way finds the hash.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use rusqlite::{OptionalExtension, params};

use super::cleaning::CLEANING_DUE;
use super::erased::{Changed, Unknown};
use super::forgotten::{self, hash};
use super::touched::Whose;
use super::values::UpstreamId;
use super::{Mirror, Result, Writing, doubts, meta};
use crate::community::{FORGOTTEN, MemberId};

/// What erasing persons came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erasure {
    /// Who was known here, and is no more.
    pub people: usize,
    /// Who had been forgotten before.
    pub already: usize,
    /// Whom Meetup never showed here: if it does, they are not kept.
    pub unknown: usize,
    /// Things that people wrote down, in which they stood.
    pub texts: usize,
    /// Documents of reports.
    pub documents: usize,
    /// Messages that had not arrived, and will not.
    pub messages: usize,
    /// One of them is who signs in to Meetup.
    pub has_account: bool,
}

/// What stands in a text for somebody who has no row.
fn nobody() -> MemberId {
    MemberId(FORGOTTEN.trim_end_matches('-').to_owned())
}

impl Mirror {
    /// Erases these people for good.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn forget(&self, ids: &[MemberId], now: DateTime<Utc>) -> Result<Erasure> {
        self.write(now, |w| w.forget(ids, None))
    }

    /// Keeps names from now on, or keeps none and erases all that are kept: how many names, and messages that had
    /// not arrived and may hold some.
    ///
    /// # Errors
    ///
    /// If the database cannot be read or written.
    pub fn keep_names(&self, keeps: bool, now: DateTime<Utc>) -> Result<(usize, usize)> {
        if self.read(meta::keeps_names)? == keeps {
            return Ok((0, 0));
        }
        self.write(now, |w| {
            meta::keep(w, meta::NAMELESS, !keeps)?;
            if keeps {
                return Ok((0, 0));
            }
            let erased = w.leave_names_out()?;
            w.erased()?;
            Ok(erased)
        })
    }
}

impl Writing<'_> {
    /// Erases people: for good, or until something is new that is no older than an instant.
    pub(super) fn forget(&self, ids: &[MemberId], older_than: Option<i64>) -> Result<Erasure> {
        let mut erasure = Erasure::default();
        let mut people = Vec::new();
        let secret = self.own_secret()?;
        let account = doubts::account(self)?;
        for id in ids {
            let trace = forgotten::trace(self, id.as_str())?;
            if trace.is_some() || id.is_forgotten() {
                erasure.already += 1;
                // Since then somebody may have written down who they are.
                let stands = trace.as_ref().and_then(|trace| trace.member);
                let stands = stands.map(|key| forgotten::id_of(self, key)).transpose()?;
                people.push(Unknown::of(id, None, &stands.unwrap_or_else(nobody)));
                if older_than.is_none() {
                    self.execute(
                        "UPDATE forgotten_row SET older_than = NULL WHERE hash = ?1",
                        [trace.map(|trace| trace.hash)],
                    )?;
                }
                continue;
            }
            let known = self.known(id)?;
            let (becomes, member) = match known {
                Some((key, name)) => {
                    let becomes = self.becomes_nobody(key)?;
                    people.push(Unknown::of(id, name, &becomes));
                    erasure.people += 1;
                    (Some(becomes), Some(key))
                }
                None => {
                    erasure.unknown += 1;
                    people.push(Unknown::of(id, None, &nobody()));
                    (None, None)
                }
            };
            self.remember_hash(&hash(&secret, id.as_str()), member, older_than)?;
            if account.as_ref() == Some(id) {
                erasure.has_account = true;
                self.signs_in_as(becomes.as_ref())?;
            }
        }
        self.finish_erasing(&people, &mut erasure)?;
        Ok(erasure)
    }

    /// Takes over from a file who is to be forgotten for good: the hashes that are not known here. Whoever of them is
    /// known by name is erased.
    pub(super) fn learn_forgotten(
        &self,
        secrets: &[Vec<u8>],
        hashes: &[Vec<u8>],
    ) -> Result<Erasure> {
        let mut erasure = Erasure::default();
        let mut new = HashSet::new();
        for hash in hashes {
            let is_known = self
                .prepare_cached("UPDATE forgotten_row SET older_than = NULL WHERE hash = ?1")?
                .execute([hash])?
                > 0;
            if !is_known {
                new.insert(hash.clone());
            }
        }
        for secret in secrets {
            self.execute(
                "INSERT INTO forgotten_key_row (secret) VALUES (?1) ON CONFLICT DO NOTHING",
                [secret],
            )?;
        }
        let mut found = Vec::new();
        if !new.is_empty() {
            let mut all = self.prepare("SELECT key, id FROM member_row")?;
            let mut rows = all.query([])?;
            while let Some(row) = rows.next()? {
                let id = row.get::<_, UpstreamId>(1)?.into_text();
                for secret in secrets {
                    let hash = hash(secret, &id);
                    if new.remove(&hash) {
                        found.push((row.get::<_, i64>(0)?, MemberId(id.clone()), hash));
                    }
                }
            }
        }
        let account = doubts::account(self)?;
        let mut people = Vec::new();
        for (key, id, hash) in found {
            let name = self.known(&id)?.and_then(|(_, name)| name);
            let becomes = self.becomes_nobody(key)?;
            if account.as_ref() == Some(&id) {
                self.signs_in_as(Some(&becomes))?;
            }
            people.push(Unknown::of(&id, name, &becomes));
            self.remember_hash(&hash, Some(key), None)?;
            erasure.people += 1;
        }
        for hash in &new {
            self.remember_hash(hash, None, None)?;
        }
        erasure.unknown = new.len();
        self.finish_erasing(&people, &mut erasure)?;
        Ok(erasure)
    }

    fn known(&self, id: &MemberId) -> Result<Option<(i64, Option<String>)>> {
        Ok(self
            .prepare_cached("SELECT key, name FROM member_row WHERE id = ?1")?
            .query_row([UpstreamId::of(id.as_str())], |row| {
                Ok((row.get(0)?, row.get(1)?))
            })
            .optional()?)
    }

    fn remember_hash(
        &self,
        hash: &[u8],
        member: Option<i64>,
        older_than: Option<i64>,
    ) -> Result<()> {
        self.prepare_cached(
            "INSERT INTO forgotten_row (hash, member, older_than, forgotten_at) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute(params![hash, member, older_than, self.now])?;
        Ok(())
    }

    /// Who signs in, as the mirror has them.
    fn signs_in_as(&self, id: Option<&MemberId>) -> Result<()> {
        match id {
            Some(id) => self.remember_account(id),
            None => {
                self.execute("DELETE FROM meta WHERE key = ?1", [doubts::ACCOUNT])?;
                Ok(())
            }
        }
    }

    fn finish_erasing(&self, people: &[Unknown], erasure: &mut Erasure) -> Result<()> {
        if people.is_empty() {
            return Ok(());
        }
        let changed = self.leave_out(people)?;
        erasure.texts = changed.texts;
        erasure.documents = changed.documents;
        erasure.messages = changed.messages;
        match erasure.people > 0 || changed != Changed::default() {
            true => self.erased(),
            false => Ok(()),
        }
    }

    /// Something was erased that bytes of the file may still hold, and that whoever looked may still remember.
    pub(super) fn erased(&self) -> Result<()> {
        // What statistics have sampled of an index are its values.
        let has_samples: bool = self.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE name = 'sqlite_stat4')",
            [],
            |row| row.get(0),
        )?;
        if has_samples {
            self.execute("DELETE FROM sqlite_stat4", [])?;
        }
        meta::keep(self, CLEANING_DUE, 1)?;
        self.count(1, Whose::Everybody);
        Ok(())
    }
}
