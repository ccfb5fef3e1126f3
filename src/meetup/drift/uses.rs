//! What our operations use of the API: read from the operations and the schema file themselves.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use apollo_compiler::ast::{Type, Value};
use apollo_compiler::executable::{Selection, SelectionSet};
use apollo_compiler::schema::ExtendedType;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};

use crate::meetup::{operations, statuses};

const SCHEMA: &str = include_str!("../../../schema/meetup.graphql");

/// Values that stand in no operation, since they are sent as variables.
const SENT_AS_VARIABLES: [(&str, &[&str]); 2] = [
    ("EventStatus", &statuses::LISTED),
    ("MembershipStatus", &statuses::ANY_STATUS),
];

/// Names of operations.
pub(crate) type Operations = BTreeSet<&'static str>;

/// A field that operations ask for.
#[derive(Debug)]
pub(crate) struct FieldUse {
    /// Its type, as our schema file has it.
    pub(crate) ty: Type,
    /// Arguments that are given, with their types.
    pub(crate) arguments: BTreeMap<String, Type>,
    pub(crate) operations: Operations,
}

/// An enumeration that operations read or send.
#[derive(Debug, Default)]
pub(crate) struct EnumUse {
    pub(crate) known: BTreeSet<String>,
    pub(crate) sent: BTreeSet<String>,
    pub(crate) operations: Operations,
}

/// An input type that operations send.
#[derive(Debug, Default)]
pub(crate) struct InputUse {
    pub(crate) fields: BTreeMap<String, Type>,
    pub(crate) operations: Operations,
}

/// Everything that the operations use.
#[derive(Debug, Default)]
pub(crate) struct Uses {
    /// By place: `Group.city`.
    pub(crate) fields: BTreeMap<String, FieldUse>,
    pub(crate) inputs: BTreeMap<String, InputUse>,
    pub(crate) enums: BTreeMap<String, EnumUse>,
    pub(crate) documents: BTreeMap<&'static str, Valid<ExecutableDocument>>,
}

/// What the operations use; worked out once.
pub(crate) fn uses() -> &'static Uses {
    static USES: LazyLock<Uses> = LazyLock::new(|| {
        // Both files passed the generator of `build.rs`; a test holds that this reads them too.
        let Ok(schema) = Schema::parse_and_validate(SCHEMA, "meetup.graphql") else {
            return Uses::default();
        };
        let mut found = Uses::default();
        for (name, text) in operations::ALL {
            if let Ok(document) = ExecutableDocument::parse_and_validate(&schema, *text, *name) {
                Reader {
                    schema: &schema,
                    document: &document,
                    operation: name,
                    found: &mut found,
                }
                .read();
                found.documents.insert(name, document);
            }
        }
        for (of, values) in SENT_AS_VARIABLES {
            if let Some(used) = found.enums.get_mut(of) {
                used.sent.extend(values.iter().map(|&it| it.to_owned()));
            }
        }
        found
    });
    &USES
}

impl Uses {
    /// The names of all types in it, those that hold the fields included.
    pub(crate) fn types(&self) -> BTreeSet<&str> {
        let of_fields = self
            .fields
            .keys()
            .filter_map(|place| Some(place.split_once('.')?.0));
        of_fields
            .chain(self.inputs.keys().map(String::as_str))
            .chain(self.enums.keys().map(String::as_str))
            .collect()
    }
}

/// Reads one operation.
struct Reader<'a> {
    schema: &'a Schema,
    document: &'a ExecutableDocument,
    operation: &'static str,
    found: &'a mut Uses,
}

impl Reader<'_> {
    fn read(&mut self) {
        for operation in self.document.operations.iter() {
            for variable in &operation.variables {
                self.sends(&variable.ty);
            }
            self.selection(&operation.selection_set);
        }
    }

    fn selection(&mut self, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let used = self
                        .found
                        .fields
                        .entry(format!("{}.{}", set.ty, field.name))
                        .or_insert_with(|| FieldUse {
                            ty: field.ty().clone(),
                            arguments: BTreeMap::new(),
                            operations: Operations::new(),
                        });
                    used.operations.insert(self.operation);
                    for given in &field.arguments {
                        if let Some(argument) = field.definition.argument_by_name(&given.name) {
                            let ty = (*argument.ty).clone();
                            used.arguments.insert(given.name.to_string(), ty);
                        }
                    }
                    for given in &field.arguments {
                        if let Some(argument) = field.definition.argument_by_name(&given.name) {
                            self.literal(&given.value, &argument.ty);
                        }
                    }
                    if let Some(ExtendedType::Enum(_)) = field.inner_type_def(self.schema) {
                        self.enumeration(field.ty().inner_named_type().as_str());
                    }
                    self.selection(&field.selection_set);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name) {
                        self.selection(&fragment.selection_set);
                    }
                }
                Selection::InlineFragment(inline) => self.selection(&inline.selection_set),
            }
        }
    }

    /// What a value written into the operation uses.
    fn literal(&mut self, value: &Value, ty: &Type) {
        let of = ty.inner_named_type().as_str();
        match value {
            Value::Enum(value) => {
                self.enumeration(of).sent.insert(value.to_string());
            }
            Value::List(items) => items.iter().for_each(|item| self.literal(item, ty)),
            Value::Object(fields) => {
                self.sends(ty);
                let Some(ExtendedType::InputObject(input)) = self.schema.types.get(of) else {
                    return;
                };
                for (name, value) in fields {
                    if let Some(field) = input.fields.get(name) {
                        self.literal(value, &field.ty);
                    }
                }
            }
            _ => {}
        }
    }

    /// What a value of this type may use.
    fn sends(&mut self, ty: &Type) {
        let of = ty.inner_named_type();
        match self.schema.types.get(of.as_str()) {
            Some(ExtendedType::Enum(_)) => drop(self.enumeration(of.as_str())),
            Some(ExtendedType::InputObject(input)) => {
                let used = self.found.inputs.entry(of.to_string()).or_default();
                let is_new = used.operations.insert(self.operation);
                for (name, field) in &input.fields {
                    used.fields.insert(name.to_string(), (*field.ty).clone());
                }
                if is_new {
                    input
                        .fields
                        .values()
                        .for_each(|field| self.sends(&field.ty));
                }
            }
            _ => {}
        }
    }

    fn enumeration(&mut self, of: &str) -> &mut EnumUse {
        let used = self.found.enums.entry(of.to_owned()).or_default();
        if let Some(ExtendedType::Enum(known)) = self.schema.types.get(of) {
            used.known = known.values.keys().map(ToString::to_string).collect();
        }
        used.operations.insert(self.operation);
        used
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_read() {
        let uses = uses();
        assert_eq!(uses.documents.len(), operations::ALL.len());
        let rsvps = &uses.fields["Event.rsvps"];
        assert!(rsvps.operations.contains("EventRsvps"));
        assert!(rsvps.operations.contains("GroupsById"), "through fragments");
        assert!(rsvps.arguments.contains_key("sort"));
        assert!(uses.enums["RsvpStatus"].sent.contains("MAYBE"));
        assert!(!uses.enums["RsvpStatus"].sent.contains("HAVENT"));
        assert!(uses.enums["GroupStatus"].sent.is_empty());
        assert!(
            uses.inputs["NetworkEventsFilter"]
                .fields
                .contains_key("status")
        );
        assert!(!uses.fields.contains_key("Member.memberUrl"));
    }
}
