//! A difference between the API and what we use of it.

use std::fmt;

use super::inputs;
use super::uses::uses;

/// How much a difference matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Weight {
    /// Operations fail.
    Error,
    /// Something is not read any more, or may fail some day.
    Warning,
    /// Good to know.
    Note,
}

/// A difference between the API and what we use of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it matters.
    pub weight: Weight,
    /// Where in the schema: `Event.token`, `RsvpStatus.MAYBE`.
    pub place: String,
    /// The operations that use it.
    pub operations: Vec<&'static str>,
    /// What is different and what follows from it.
    pub what: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.place, self.what)?;
        if self.operations.is_empty() {
            return Ok(());
        }
        write!(f, " (used by {})", self.operations.join(", "))
    }
}

/// The finding that an optional field is gone.
pub(super) fn lost(place: &str) -> Finding {
    let used = uses().fields.get(place);
    Finding {
        weight: Weight::Warning,
        place: place.to_owned(),
        operations: used.map_or_else(Vec::new, |it| it.operations.iter().copied().collect()),
        what: "is gone from Meetup's API: it is not read any more, and what is known of it stays"
            .to_owned(),
    }
}

/// The finding that an input is gone that can be done without.
pub(super) fn lost_input(place: &str) -> Finding {
    let of = place.split('.').next().unwrap_or_default();
    let field = place.rsplit_once('.').map_or("", |(field, _)| field);
    let uses = uses();
    let operations = (uses.enums.get(of).map(|it| &it.operations))
        .or_else(|| uses.inputs.get(of).map(|it| &it.operations))
        .or_else(|| uses.fields.get(field).map(|it| &it.operations));
    Finding {
        weight: Weight::Warning,
        place: place.to_owned(),
        operations: operations.map_or_else(Vec::new, |it| it.iter().copied().collect()),
        what: inputs::what_follows(place).to_owned(),
    }
}
