//! Persons in texts and documents: what people wrote down, and what was composed.
//!
//! In what people wrote an id is found where it stands as a word of its own (one of fewer than five digits may be a number of
//! anything, and is found in addresses and after "member" only), and a name where it stands as it is written at
//! Meetup. In documents, ids stand in fields and addresses of their own. Whatever is only meant ("that Ana")
//! cannot be found.

use std::collections::HashMap;

use rusqlite::params;
use serde_json::Value;

use super::kept::{Held, KEPT_IN_TABLES};
use super::{Result, Writing};
use crate::community::MemberId;

/// Shorter ids may be any number.
const SURELY_AN_ID: usize = 5;
/// What stands before an id in an address, and in a sentence.
const BEFORE: [&str; 2] = ["members/", "member "];

/// Somebody who is to be found nowhere.
#[derive(Debug)]
pub(super) struct Unknown {
    pub(super) id: String,
    pub(super) name: Option<String>,
    /// What stands in their place.
    pub(super) becomes: String,
}

/// All who are to be found nowhere, by the first word of what they are called.
#[derive(Debug, Default)]
pub(super) struct Unknowns<'a> {
    ids: HashMap<&'a str, &'a str>,
    names: HashMap<&'a str, Vec<(&'a str, &'a str)>>,
    /// Names without a letter or digit in them.
    signs: Vec<(&'a str, &'a str)>,
}

fn is_of_word(c: char) -> bool {
    c.is_alphanumeric()
}

fn word(text: &str) -> &str {
    &text[..text.find(|c| !is_of_word(c)).unwrap_or(text.len())]
}

impl<'a> Unknowns<'a> {
    pub(super) fn of(people: &'a [Unknown]) -> Self {
        let mut all = Self::default();
        for person in people {
            all.ids.insert(&person.id, &person.becomes);
            let name = person.name.as_deref().unwrap_or_default().trim();
            let name = name.trim_start_matches(|c| !is_of_word(c));
            let signs = person.name.as_deref().unwrap_or_default().trim();
            if !name.is_empty() {
                let known = all.names.entry(word(name)).or_default();
                known.push((name, &person.becomes));
                known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
            } else if !signs.is_empty() {
                all.signs.push((signs, &person.becomes));
            }
        }
        all
    }

    /// The text without them; none where it does not tell of any.
    fn without(&self, text: &str, is_document: bool) -> Option<String> {
        let mut told = String::new();
        let mut rest = text;
        while let Some(at) = rest.find(is_of_word) {
            told.push_str(&rest[..at]);
            rest = &rest[at..];
            let this = word(rest);
            let is_id = || {
                let by_what_is_before = BEFORE.iter().any(|it| told.to_lowercase().ends_with(it));
                by_what_is_before || (!is_document && this.len() >= SURELY_AN_ID)
            };
            let id = self.ids.get(this).filter(|_| is_id());
            let name = || {
                let mut names = self.names.get(this)?.iter();
                names.find(|(name, _)| {
                    let after = rest.strip_prefix(name);
                    after.is_some_and(|after| !after.starts_with(is_of_word))
                })
            };
            if let Some(becomes) = id {
                told.push_str(becomes);
                rest = &rest[this.len()..];
            } else if let Some((name, becomes)) = name() {
                told.push_str(becomes);
                rest = &rest[name.len()..];
            } else {
                told.push_str(this);
                rest = &rest[this.len()..];
            }
        }
        told.push_str(rest);
        for (signs, becomes) in &self.signs {
            told = told.replace(signs, becomes);
        }
        (told != text).then_some(told)
    }

    /// Takes them out of a document; whether any was in it.
    fn leave(&self, document: &mut Value) -> bool {
        match document {
            Value::String(text) => match self.without(text, true) {
                Some(without) => {
                    *text = without;
                    true
                }
                None => false,
            },
            Value::Array(all) => all
                .iter_mut()
                .fold(false, |is_found, it| self.leave(it) | is_found),
            Value::Object(fields) => {
                let mut is_found = false;
                for (field, value) in fields.iter_mut() {
                    let id = value.as_str().and_then(|id| self.ids.get(id));
                    match id.filter(|_| field == MEMBER_ID) {
                        Some(becomes) => {
                            *value = Value::from(*becomes);
                            is_found = true;
                        }
                        None => is_found |= self.leave(value),
                    }
                }
                is_found
            }
            _ => false,
        }
    }
}

/// The field of a document that holds a person's id.
const MEMBER_ID: &str = "member_id";

/// What was changed, and of what kind.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Changed {
    /// Things that people wrote down.
    pub(super) texts: usize,
    /// Documents of reports.
    pub(super) documents: usize,
    /// Messages that had not arrived.
    pub(super) messages: usize,
}

impl Writing<'_> {
    /// Takes these people out of every text, document and message that is kept. A message that tells of one
    /// is not posted any more, for what would be left of it is another one.
    pub(super) fn leave_out(&self, people: &[Unknown]) -> Result<Changed> {
        let mut changed = Changed::default();
        let unknowns = Unknowns::of(people);
        for table in KEPT_IN_TABLES {
            for column in table.personal {
                let (table, column, held) = (table.name, column.name, column.held);
                match held {
                    Held::Text => {
                        changed.texts +=
                            self.rewrite(table, column, |text| unknowns.without(text, false))?;
                    }
                    Held::Document => {
                        changed.documents += self.rewrite(table, column, |text| {
                            let mut document = serde_json::from_str(text).ok()?;
                            unknowns.leave(&mut document).then(|| document.to_string())
                        })?;
                    }
                    Held::Message => {
                        changed.messages += self.drop_messages(|text| {
                            serde_json::from_str(text)
                                .is_ok_and(|mut document| unknowns.leave(&mut plain(&mut document)))
                        })?;
                    }
                    Held::Id | Held::Name | Held::Person => {}
                }
            }
        }
        Ok(changed)
    }

    fn rewrite(
        &self,
        table: &str,
        column: &str,
        without: impl Fn(&str) -> Option<String>,
    ) -> Result<usize> {
        let rows = self
            .prepare(&format!(
                "SELECT rowid, {column} FROM {table} WHERE {column} IS NOT NULL"
            ))?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
        let mut changed = 0;
        let mut write = self.prepare(&format!(
            "UPDATE {table} SET {column} = ?2 WHERE rowid = ?1"
        ))?;
        for (key, text) in rows {
            if let Some(without) = without(&text) {
                changed += write.execute(params![key, without])?;
            }
        }
        Ok(changed)
    }

    /// Empties and drops the messages that are kept and are like that.
    pub(super) fn drop_messages(&self, is_such: impl Fn(&str) -> bool) -> Result<usize> {
        let kept = self
            .prepare("SELECT id, payload FROM delivery_row WHERE payload IS NOT NULL")?
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
            .collect::<rusqlite::Result<Vec<(i64, String)>>>()?;
        let mut dropped = 0;
        for (id, _) in kept.iter().filter(|(_, payload)| is_such(payload)) {
            dropped += self.execute(
                "UPDATE delivery_row SET state = 'dropped', payload = NULL, next_attempt_at = NULL, leased_until = NULL
                 WHERE id = ?1",
                [id],
            )?;
        }
        Ok(dropped)
    }

    /// What is kept of a person's names where none is to be kept.
    pub(super) fn leave_names_out(&self) -> Result<(usize, usize)> {
        let names = self.execute(
            "UPDATE member_row SET name = NULL WHERE name IS NOT NULL",
            [],
        )?;
        Ok((names, self.drop_messages(|_| true)?))
    }
}

/// A message with the signs taken out that a service wants before others, so that a name is found in it.
fn plain(document: &mut Value) -> Value {
    fn each(value: &mut Value) {
        match value {
            Value::String(text) => {
                let mut all = text.replace('\\', "");
                for (sign, meant) in [
                    ("&lt;", "<"),
                    ("&gt;", ">"),
                    ("&quot;", "\""),
                    ("&#39;", "'"),
                    ("&amp;", "&"),
                ] {
                    all = all.replace(sign, meant);
                }
                *text = all;
            }
            Value::Array(all) => all.iter_mut().for_each(each),
            Value::Object(fields) => fields.values_mut().for_each(each),
            _ => {}
        }
    }
    each(document);
    document.take()
}

impl Unknown {
    pub(super) fn of(id: &MemberId, name: Option<String>, becomes: &MemberId) -> Self {
        Self {
            id: id.0.clone(),
            name,
            becomes: becomes.0.clone(),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use serde_json::json;

    fn people() -> Vec<Unknown> {
        let of = |id: &str, name: &str, becomes: &str| Unknown {
            id: id.to_owned(),
            name: Some(name.to_owned()),
            becomes: becomes.to_owned(),
        };
        vec![
            of("1234567", "Ana", "N1"),
            of("7", "Ana Baker", "N2"),
            of("55555", "🦄", "N3"),
        ]
    }

    #[test]
    fn ids_and_names_are_found_as_words_and_nothing_else_is() {
        let people = people();
        let all = Unknowns::of(&people);
        let without = |text: &str| all.without(text, false).unwrap_or_else(|| text.to_owned());
        for (text, left) in [
            ("Ask 1234567, then Ana Baker.", "Ask N1, then N2."),
            ("Ana (1234567)", "N1 (N1)"),
            (
                "Banana and Anabel have 12345678",
                "Banana and Anabel have 12345678",
            ),
            ("7 came; member 7 did not", "7 came; member N2 did not"),
            (
                "https://www.meetup.com/a/members/7/",
                "https://www.meetup.com/a/members/N2/",
            ),
            ("it was 🦄", "it was N3"),
            ("", ""),
        ] {
            assert_eq!(without(text), left);
        }
    }

    #[test]
    fn a_document_holds_them_in_fields_and_addresses_and_by_name() {
        let people = people();
        let all = Unknowns::of(&people);
        let mut document = json!({"groups": [{"id": "1234567", "leaders": [
            {"member_id": "1234567", "link": "https://www.meetup.com/g/members/1234567/"}],
            "sentence": "Ana Baker hosts 1234567 events"}], "events": 1_234_567});
        assert!(all.leave(&mut document));
        assert_eq!(
            document,
            json!({"groups": [{"id": "1234567", "leaders": [
                {"member_id": "N1", "link": "https://www.meetup.com/g/members/N1/"}],
                "sentence": "N2 hosts 1234567 events"}], "events": 1_234_567})
        );
        assert!(!all.leave(&mut document));
    }
}
