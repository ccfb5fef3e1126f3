//! The API changes without notice. What we use of it is known from the operations themselves; what
//! there is, from asking it. Where a field is gone that we can do without, it is cut.

mod compare;
mod cuts;
mod finding;
mod inputs;
mod introspection;
mod refused;
mod required;
mod uses;

pub(crate) use cuts::Cuts;
use cuts::Missed;
pub use finding::{Finding, Weight};
pub(crate) use refused::is_vague;
pub(crate) use uses::uses;

use super::{AskError, Meetup};
use finding::{lost, lost_input};

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
            tracing::trace!(place, "not cut");
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

    /// Whether rows cannot be had in a chosen order any more: then the last changed do not come first.
    pub fn lacks_order(&self) -> bool {
        self.cuts.lacks_order()
    }

    /// Those, and what is not sent any more, as findings.
    pub fn cut_fields(&self) -> Vec<Finding> {
        let unasked = self.cuts.unasked();
        let fields = unasked.iter().map(|place| lost(place));
        let unsent = self.cuts.unsent();
        fields
            .chain(unsent.iter().map(|place| lost_input(place)))
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
