//! What we use against what there is.

use std::collections::{BTreeMap, BTreeSet};

use apollo_compiler::ast::Type;

use super::finding::{Finding, Weight, lost, lost_input};
use super::introspection::{LiveInput, LiveType};
use super::uses::{EnumUse, FieldUse, Operations, Uses};
use super::{inputs, required};

/// What came of a comparison.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) findings: Vec<Finding>,
    /// Optional fields that are gone, or of another type: to be cut.
    pub(super) lost: BTreeSet<String>,
    /// Every field of the types we read that we do not ask for.
    pub(super) fields: Vec<String>,
}

pub(super) fn compare(uses: &Uses, live: &BTreeMap<String, LiveType>) -> Compared {
    let mut found = Compared::default();
    for (place, used) in &uses.fields {
        let (of, name) = place.split_once('.').unwrap_or_default();
        found.field(place, used, live.get(of), name);
    }
    for (of, used) in &uses.inputs {
        let there = live.get(of).and_then(|it| it.input_fields.as_deref());
        found.inputs(
            of,
            &used.fields,
            there.unwrap_or_default(),
            &used.operations,
        );
    }
    for (of, used) in &uses.enums {
        found.values(of, used, live.get(of));
    }
    for (of, there) in live {
        let fields = there.fields.iter().flatten();
        let fields = fields.map(|field| format!("{of}.{}", field.name));
        // What we use is judged above; new is only what we do not.
        let unused = fields.filter(|place| !uses.fields.contains_key(place));
        found.fields.extend(unused);
    }
    found
        .findings
        .sort_by_key(|it| (it.weight, it.place.clone()));
    found
}

impl Compared {
    fn say(&mut self, weight: Weight, place: &str, what: String, operations: &Operations) {
        self.findings.push(Finding {
            weight,
            place: place.to_owned(),
            operations: operations.iter().copied().collect(),
            what,
        });
    }

    fn field(&mut self, place: &str, used: &FieldUse, of: Option<&LiveType>, name: &str) {
        let there = of.and_then(|it| it.fields.iter().flatten().find(|it| it.name == name));
        let Some(there) = there else {
            match required::reason(place) {
                Some(reason) => {
                    let what = format!("is gone from Meetup's API, and {reason}");
                    self.say(Weight::Error, place, what, &used.operations);
                }
                None => {
                    self.lost.insert(place.to_owned());
                    self.findings.push(lost(place));
                }
            }
            return;
        };
        let (ours, theirs) = (used.ty.to_string(), there.ty.written());
        if bare(&ours) != bare(&theirs) {
            let what = format!("is of type {theirs} now, not {ours}");
            if required::reason(place).is_some() {
                self.say(Weight::Error, place, what, &used.operations);
            } else {
                self.lost.insert(place.to_owned());
                let what =
                    format!("{what}: it is not read any more, and what is known of it stays");
                self.say(Weight::Warning, place, what, &used.operations);
            }
        } else if is_looser(&ours, &theirs) {
            let what = format!(
                "may be null now ({theirs}, not {ours}): a null costs its group the answer"
            );
            self.say(Weight::Warning, place, what, &used.operations);
        }
        if there.is_deprecated {
            let what = "is deprecated and may go".to_owned();
            self.say(Weight::Note, place, what, &used.operations);
        }
        self.inputs(place, &used.arguments, &there.args, &used.operations);
    }

    /// An input that is gone and can be done without.
    fn lose_input(&mut self, place: &str) {
        self.lost.insert(place.to_owned());
        self.findings.push(lost_input(place));
    }

    /// Arguments of a field, or fields of an input type.
    fn inputs(
        &mut self,
        of: &str,
        ours: &BTreeMap<String, Type>,
        theirs: &[LiveInput],
        operations: &Operations,
    ) {
        for (name, ty) in ours {
            let place = format!("{of}.{name}");
            let Some(there) = theirs.iter().find(|it| it.name == *name) else {
                match inputs::reason(&place) {
                    Some(reason) => {
                        let what = format!("can no longer be given, and {reason}");
                        self.say(Weight::Error, &place, what, operations);
                    }
                    None => self.lose_input(&place),
                }
                continue;
            };
            let (ours, theirs) = (ty.to_string(), there.ty.written());
            let is_needed = !ty.is_non_null() && there.ty.is_non_null();
            if bare(&ours) != bare(&theirs) || is_needed && there.default_value.is_none() {
                let what = format!("takes {theirs} now, not {ours}");
                self.say(Weight::Error, &place, what, operations);
            }
        }
        for there in theirs {
            let is_needed = there.ty.is_non_null() && there.default_value.is_none();
            if is_needed && !ours.contains_key(&there.name) {
                let place = format!("{of}.{}", there.name);
                let what = "must be given now".to_owned();
                self.say(Weight::Error, &place, what, operations);
            }
        }
    }

    fn values(&mut self, of: &str, used: &EnumUse, there: Option<&LiveType>) {
        let theirs: BTreeMap<&str, bool> = there
            .iter()
            .flat_map(|it| it.enum_values.iter().flatten())
            .map(|it| (it.name.as_str(), it.is_deprecated))
            .collect();
        for value in used
            .sent
            .iter()
            .filter(|it| !theirs.contains_key(it.as_str()))
        {
            let place = format!("{of}.{value}");
            match inputs::reason(&place) {
                Some(reason) => {
                    let what = format!("is no value any more, and {reason}");
                    self.say(Weight::Error, &place, what, &used.operations);
                }
                None => self.lose_input(&place),
            }
        }
        for (value, is_deprecated) in theirs {
            let place = format!("{of}.{value}");
            if !used.known.contains(value) {
                let what = "is a new value: it is kept as it comes".to_owned();
                self.say(Weight::Note, &place, what, &used.operations);
            } else if is_deprecated && used.sent.contains(value) {
                let what = "is deprecated and may go".to_owned();
                self.say(Weight::Note, &place, what, &used.operations);
            }
        }
    }
}

/// A type without its promises not to be null.
fn bare(written: &str) -> String {
    written.replace('!', "")
}

/// Whether theirs promises less than ours; the two are the same but for that.
fn is_looser(ours: &str, theirs: &str) -> bool {
    let mut theirs = theirs.chars().peekable();
    for c in ours.chars() {
        if c == '!' {
            if theirs.next_if_eq(&'!').is_none() {
                return true;
            }
        } else {
            theirs.next_if_eq(&'!');
            theirs.next();
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looser_is_whatever_promises_less() {
        for (ours, theirs, looser) in [
            ("ID!", "ID!", false),
            ("ID!", "ID", true),
            ("ID", "ID!", false),
            ("[Event!]!", "[Event!]!", false),
            ("[Event!]!", "[Event]!", true),
            ("[Event!]!", "[Event!]", true),
            ("[Event!]", "[Event]!", true),
            ("[Event]", "[Event!]!", false),
        ] {
            assert_eq!(is_looser(ours, theirs), looser, "{ours} {theirs}");
        }
    }
}
