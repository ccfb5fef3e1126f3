//! The API changes without notice. What we use of it is known from the operations themselves; what
//! there is, from asking it. Where a field is gone that we can do without, it is cut.

mod compare;
mod cuts;
mod introspection;
mod required;
mod uses;

use std::fmt;

pub(crate) use cuts::{Cuts, Missed, named_in};
pub(crate) use uses::uses;

use super::{AskError, Meetup};

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

/// What a look at the API's schema found.
#[derive(Debug, Clone, Default)]
pub struct SchemaSeen {
    /// The differences, the worst first.
    pub findings: Vec<Finding>,
    /// Fields of the types we read that we do not ask for, by place: what is new since an earlier look
    /// can be told.
    pub fields: Vec<String>,
}

impl Meetup {
    /// Compares the API's schema with what the operations use of it. Optional fields that are gone are
    /// cut from now on, those that are back are asked for again. A server that does not answer such
    /// questions is no error: the findings say so.
    ///
    /// # Errors
    ///
    /// If Meetup cannot be asked or does not answer properly; [`AskError`] says which.
    pub async fn check_schema(&self) -> Result<SchemaSeen, AskError> {
        let live = match self.introspect().await {
            Ok(live) => live,
            Err(AskError::Refused { message, .. }) => {
                let refused = Finding {
                    weight: Weight::Note,
                    place: "introspection".to_owned(),
                    operations: Vec::new(),
                    what: format!(
                        "is refused by Meetup ({message}): what changed shows only when a question is refused"
                    ),
                };
                return Ok(SchemaSeen {
                    findings: vec![refused],
                    fields: Vec::new(),
                });
            }
            Err(error) => return Err(error),
        };
        let compared = compare::compare(uses(), &live);
        // A required field that is gone is among the findings, and its operations will be refused.
        if let Err(Missed { place, .. }) = self.cuts.replace(compared.lost) {
            tracing::debug!(place, "not cut");
        }
        Ok(SchemaSeen {
            findings: compared.findings,
            fields: compared.fields,
        })
    }

    /// Fields that the API has no more and that are therefore not asked for, by place.
    pub fn unasked(&self) -> std::sync::Arc<std::collections::BTreeSet<String>> {
        self.cuts.unasked()
    }

    /// The same, as findings.
    pub fn cut_fields(&self) -> Vec<Finding> {
        self.cuts
            .unasked()
            .iter()
            .map(|place| lost(place))
            .collect()
    }
}

/// Every field that the operations ask for, by place, with the operations and with what fails without it
/// where it is required.
pub fn used_fields() -> Vec<(String, Vec<&'static str>, Option<&'static str>)> {
    let fields = uses().fields.iter();
    fields
        .map(|(place, used)| {
            let operations = used.operations.iter().copied().collect();
            (place.clone(), operations, required::reason(place))
        })
        .collect()
}

/// The finding that an optional field is gone.
fn lost(place: &str) -> Finding {
    let used = uses().fields.get(place);
    Finding {
        weight: Weight::Warning,
        place: place.to_owned(),
        operations: used.map_or_else(Vec::new, |it| it.operations.iter().copied().collect()),
        what: "is gone from Meetup's API: it is not read any more, and what is known of it stays"
            .to_owned(),
    }
}
