//! Parsing and validating what was asked, against the same schema file gatherd is built with.

use super::drift::{Drift, drifted};
use apollo_compiler::ast::{Type, Value as Literal};
use apollo_compiler::executable::{Field, Operation, Selection, SelectionSet};
use apollo_compiler::request::coerce_variable_values;
use apollo_compiler::response::JsonMap;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Schema};
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io;
use std::sync::Arc;

/// The part of Meetup's schema that the simulation serves.
const SCHEMA: &str = include_str!("../../../schema/meetup.graphql");

/// A query that passed validation.
pub struct Document {
    /// Parsed and valid.
    pub valid: Valid<ExecutableDocument>,
    /// The operation's name; empty if it has none.
    pub name: String,
}

/// The schema, and every query text seen so far.
pub struct Library {
    schema: Valid<Schema>,
    known: HashMap<String, Result<Arc<Document>, Value>>,
}

impl Library {
    /// Reads the schema.
    pub fn open() -> io::Result<Self> {
        let schema = Schema::parse_and_validate(SCHEMA, "meetup.graphql")
            .map_err(|error| io::Error::other(error.errors.to_string()))?;
        Ok(Self {
            schema,
            known: HashMap::new(),
        })
    }

    /// Serves the schema with these changes from now on, instead of earlier ones.
    pub fn drift(&mut self, changes: &[Drift]) -> io::Result<()> {
        self.schema = drifted(SCHEMA, changes)?;
        self.known.clear();
        Ok(())
    }

    /// The schema.
    pub fn schema(&self) -> &Valid<Schema> {
        &self.schema
    }

    /// The document of a query text, or the `errors` that Meetup would answer.
    pub fn document(&mut self, query: &str) -> Result<Arc<Document>, Value> {
        if let Some(known) = self.known.get(query) {
            return known.clone();
        }
        let read = self.read(query);
        self.known.insert(query.to_owned(), read.clone());
        read
    }

    fn read(&self, query: &str) -> Result<Arc<Document>, Value> {
        let valid = ExecutableDocument::parse_and_validate(&self.schema, query, "query.graphql")
            .map_err(|refused| {
                let errors = refused.errors.iter().map(|problem| {
                    let error = problem.to_json();
                    let at: Vec<Value> = error
                        .locations
                        .iter()
                        .map(|place| json!({"line": place.line, "column": place.column}))
                        .collect();
                    let message = validation_message(&error.message);
                    json!({"message": message, "locations": at,
                           "extensions": {"classification": "ValidationError"}})
                });
                errors.collect::<Value>()
            })?;
        let operation = valid
            .operations
            .get(None)
            .map_err(|error| json!([validation_error(&error.message().to_string())]))?;
        let name = operation
            .name
            .as_ref()
            .map_or_else(String::new, ToString::to_string);
        Ok(Arc::new(Document { valid, name }))
    }

    /// Checks the variables against the operation. Undeclared ones are left out in silence.
    pub fn variables(&self, document: &Document, given: &JsonMap) -> Result<Valid<JsonMap>, Value> {
        let operation = document.operation()?;
        coerce_variable_values(&self.schema, operation, given)
            .map_err(|error| json!([validation_error(&error.message().to_string())]))
    }
}

impl Document {
    /// The only operation.
    pub fn operation(&self) -> Result<&Operation, Value> {
        let operation = self.valid.operations.get(None);
        operation
            .map(|operation| &**operation)
            .map_err(|error| json!([validation_error(&error.message().to_string())]))
    }

    /// What is to be answered: fragments opened, variables filled in.
    pub fn plan<'d>(&'d self, variables: &Valid<JsonMap>) -> Result<Vec<Planned<'d>>, Value> {
        Ok(self.collect(&[&self.operation()?.selection_set], variables))
    }

    fn collect<'d>(&'d self, sets: &[&'d SelectionSet], variables: &JsonMap) -> Vec<Planned<'d>> {
        let mut grouped: Vec<(&'d str, Vec<&'d Field>)> = Vec::new();
        for set in sets {
            self.group(set, variables, &mut grouped);
        }
        grouped
            .into_iter()
            .map(|(key, fields)| {
                let field = fields[0];
                let below: Vec<&SelectionSet> = fields.iter().map(|f| &f.selection_set).collect();
                let place = field
                    .name
                    .location()
                    .and_then(|at| at.line_column(&self.valid.sources));
                Planned {
                    key,
                    name: field.name.as_str(),
                    ty: field.ty(),
                    arguments: arguments(field, variables),
                    fields: self.collect(&below, variables),
                    place: place.map_or((0, 0), |at| (at.line, at.column)),
                }
            })
            .collect()
    }

    fn group<'d>(
        &'d self,
        set: &'d SelectionSet,
        variables: &JsonMap,
        grouped: &mut Vec<(&'d str, Vec<&'d Field>)>,
    ) {
        // The schema has neither interfaces nor unions, so every fragment applies.
        for selection in &set.selections {
            if flag(selection, "skip", variables) == Some(true)
                || flag(selection, "include", variables) == Some(false)
            {
                continue;
            }
            match selection {
                Selection::Field(field) => {
                    let key = field.response_key().as_str();
                    match grouped.iter_mut().find(|(known, _)| *known == key) {
                        Some((_, fields)) => fields.push(field),
                        None => grouped.push((key, vec![field])),
                    }
                }
                Selection::InlineFragment(inline) => {
                    self.group(&inline.selection_set, variables, grouped);
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.valid.fragments.get(&spread.fragment_name) {
                        self.group(&fragment.selection_set, variables, grouped);
                    }
                }
            }
        }
    }
}

/// A field to answer.
#[derive(Debug)]
pub struct Planned<'d> {
    /// Its name in the answer.
    pub key: &'d str,
    /// Its name in the schema.
    pub name: &'d str,
    /// Its type.
    pub ty: &'d Type,
    /// Its arguments, variables filled in.
    pub arguments: Map<String, Value>,
    /// What is asked of it.
    pub fields: Vec<Planned<'d>>,
    /// Line and column in the query.
    pub place: (usize, usize),
}

fn arguments(field: &Field, variables: &JsonMap) -> Map<String, Value> {
    let mut given = Map::new();
    for argument in &field.arguments {
        if let Some(value) = filled(&argument.value, variables) {
            given.insert(argument.name.to_string(), value);
        }
    }
    given
}

/// A literal with its variables filled in; none for a variable that was not given.
fn filled(literal: &Literal, variables: &JsonMap) -> Option<Value> {
    Some(match literal {
        Literal::Null => Value::Null,
        Literal::Enum(name) => Value::from(name.as_str()),
        Literal::Variable(name) => serde_json::to_value(variables.get(name.as_str())?).ok()?,
        Literal::String(text) => Value::from(text.as_str()),
        Literal::Float(number) => serde_json::from_str(number.as_str()).unwrap_or(Value::Null),
        Literal::Int(number) => serde_json::from_str(number.as_str()).unwrap_or(Value::Null),
        Literal::Boolean(truth) => Value::from(*truth),
        Literal::List(items) => items
            .iter()
            .map(|item| filled(item, variables).unwrap_or(Value::Null))
            .collect(),
        Literal::Object(fields) => Value::Object(
            fields
                .iter()
                .filter_map(|(name, value)| Some((name.to_string(), filled(value, variables)?)))
                .collect(),
        ),
    })
}

fn flag(selection: &Selection, directive: &str, variables: &JsonMap) -> Option<bool> {
    let argument = selection
        .directives()
        .get(directive)?
        .specified_argument_by_name("if")?;
    filled(argument, variables)?.as_bool()
}

/// A complaint in Meetup's own words, where they are known.
fn validation_message(complaint: &str) -> String {
    let named: Vec<&str> = complaint.split('`').collect();
    match named[..] {
        ["type ", ty, " does not have a field ", field, ..] => format!(
            "Validation error (FieldUndefined@[{field}]) : Field '{field}' in type '{ty}' is undefined"
        ),
        _ => format!("Validation error : {complaint}"),
    }
}

/// One entry of `errors` for a request that was refused before anything was looked up.
pub fn validation_error(message: &str) -> Value {
    json!({"message": message, "locations": [{"line": 1, "column": 1}],
           "extensions": {"classification": "ValidationError"}})
}
