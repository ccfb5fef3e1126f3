//! A column, and what becomes of it where people are left out.

use super::cell::Kind;
use crate::mirror::{Held, KEPT_IN_TABLES};

/// A column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
    /// Where in a group's document it stands, key by key; of a view empty.
    pub(super) path: Vec<&'static str>,
}

/// What becomes of a column where people are left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shown {
    AsItIs,
    /// Replaced by a pseudonym.
    Pseudonym,
    LeftOut,
}

impl Column {
    /// What becomes of it where people are left out: what the registry says decides, and what it does not know is left out.
    pub(super) fn without_people(&self) -> Shown {
        let (place, is_id) = match self.kind {
            Kind::Person(place) | Kind::Answer(place) => (place, true),
            Kind::Said(place) => (place, false),
            _ => return Shown::AsItIs,
        };
        match (held(place), is_id) {
            (Some(Held::Person | Held::Id), true) => Shown::Pseudonym,
            _ => Shown::LeftOut,
        }
    }
}

fn held(place: &str) -> Option<Held> {
    let (table, column) = place.split_once('.')?;
    let table = KEPT_IN_TABLES.iter().find(|it| it.name == table)?;
    let kept = table.personal.iter().find(|it| it.name == column)?;
    Some(kept.held)
}
