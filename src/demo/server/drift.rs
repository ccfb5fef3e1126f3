//! The schema as it might be tomorrow: the same file with a field gone, a value added, a type loosened.
//! Validation, answers and introspection all follow it.

use apollo_compiler::ast::Type;
use apollo_compiler::schema::{Component, ExtendedType, FieldDefinition};
use apollo_compiler::validation::Valid;
use apollo_compiler::{Name, Node, Schema};
use std::io;

/// One change of the API. Places are written as in `Group.city`, `Event.rsvps.sort`,
/// `NetworkEventsFilter.groupIds`, `RsvpStatus.MAYBE`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Drift {
    /// A field, an input field or an enum's value is there no more.
    Gone(String),
    /// An argument of a field is there no more.
    ArgumentGone(String),
    /// A field, text and nullable, or an enum's value is new.
    New(String),
    /// A field that was never null may be null.
    Nullable(String),
    /// A field is of another type.
    Retyped(String, &'static str),
    /// An argument or input field must be given from now on.
    Needed(String),
}

/// The schema of the file with these changes.
pub(super) fn drifted(text: &str, changes: &[Drift]) -> io::Result<Valid<Schema>> {
    let fault = |what: String| io::Error::new(io::ErrorKind::InvalidInput, what);
    let mut schema = Schema::parse(text, "meetup.graphql")
        .map_err(|error| io::Error::other(error.errors.to_string()))?;
    for change in changes {
        apply(&mut schema, change).ok_or_else(|| fault(format!("{change:?} cannot be made")))?;
    }
    schema
        .validate()
        .map_err(|error| fault(error.errors.to_string()))
}

fn apply(schema: &mut Schema, change: &Drift) -> Option<()> {
    let (Drift::Gone(place)
    | Drift::ArgumentGone(place)
    | Drift::New(place)
    | Drift::Nullable(place)
    | Drift::Retyped(place, _)
    | Drift::Needed(place)) = change;
    let mut steps = place.split('.');
    let (of, name, argument) = (steps.next()?, steps.next()?, steps.next());
    let ty = schema.types.get_mut(of)?;
    if let Drift::Gone(_) = change {
        return match ty {
            ExtendedType::Object(it) => it.make_mut().fields.shift_remove(name).map(drop),
            ExtendedType::InputObject(it) => it.make_mut().fields.shift_remove(name).map(drop),
            ExtendedType::Enum(it) => it.make_mut().values.shift_remove(name).map(drop),
            _ => None,
        };
    }
    let new = Name::new(name).ok()?;
    match (ty, change) {
        (ExtendedType::Enum(it), Drift::New(_)) => {
            let mut value = it.values.first()?.1.node.as_ref().clone();
            value.value = new.clone();
            it.make_mut()
                .values
                .insert(new, Component::from(Node::new(value)));
        }
        (ExtendedType::Object(it), Drift::New(_)) => {
            let field = FieldDefinition {
                description: None,
                name: new.clone(),
                arguments: Vec::new(),
                ty: Type::Named(Name::new("String").ok()?),
                directives: apollo_compiler::ast::DirectiveList::new(),
            };
            it.make_mut().fields.insert(new, Component::new(field));
        }
        (ExtendedType::InputObject(it), Drift::Needed(_)) => {
            let field = it.make_mut().fields.get_mut(name)?.make_mut();
            field.ty = Node::new(field.ty.as_ref().clone().non_null());
        }
        (ExtendedType::Object(it), _) => {
            let field = it.make_mut().fields.get_mut(name)?.make_mut();
            let arguments = &mut field.arguments;
            let found = arguments
                .iter()
                .position(|it| Some(it.name.as_str()) == argument);
            match change {
                Drift::Nullable(_) => field.ty = field.ty.clone().nullable(),
                Drift::Retyped(_, to) => field.ty = Type::Named(Name::new(to).ok()?),
                Drift::ArgumentGone(_) => drop(arguments.remove(found?)),
                _ => {
                    let argument = arguments.get_mut(found?)?.make_mut();
                    argument.ty = Node::new(argument.ty.as_ref().clone().non_null());
                }
            }
        }
        _ => return None,
    }
    Some(())
}
