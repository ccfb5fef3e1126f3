//! Nulls that an error explains.
//!
//! Where an error's path ends in a field that may be null, the answer around it is whole: the field is
//! unknown, which is no reason to lose the rest, and none to forget what was known of it. The mirror is told
//! which fields those are; there, a null in one of them keeps what is known. That is said by field and for
//! the length of a pass, not by row: a value that really became null meanwhile is taken by the first pass
//! that Meetup answers without that error.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Field, Selection, SelectionSet};
use serde_json::Value;

use super::drift;
use super::reading::Hole;

/// Fields, as `Event.venues`, that Meetup answered an error for in the place of a value.
#[derive(Debug, Default)]
pub(crate) struct Nulls(RwLock<State>);

#[derive(Debug, Default)]
struct State {
    now: Arc<BTreeSet<String>>,
    before: Arc<BTreeSet<String>>,
}

impl Nulls {
    /// Those of the pass under way.
    pub(crate) fn now(&self) -> Arc<BTreeSet<String>> {
        let state = self.0.read().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(&state.now)
    }

    /// A pass begins: it finds out anew.
    pub(crate) fn begin(&self) {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        state.before = std::mem::take(&mut state.now);
    }

    /// Whether all of these were met in this pass or the one before: asking again would tell nothing new.
    pub(crate) fn knows(&self, places: &BTreeSet<String>) -> bool {
        let state = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let mut all = places.iter();
        all.all(|place| state.now.contains(place) || state.before.contains(place))
    }

    /// Notes these; true where one is new to this pass.
    pub(crate) fn note(&self, places: &BTreeSet<String>) -> bool {
        let mut state = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if places.is_subset(&state.now) {
            return false;
        }
        Arc::make_mut(&mut state.now).extend(places.iter().cloned());
        true
    }
}

/// Divides the holes of an answer: those that are a null in a field that may be null, by field, and the rest.
pub(crate) fn divided(
    operation: &str,
    data: &[u8],
    holes: Vec<Hole>,
) -> (BTreeSet<String>, Vec<Hole>) {
    let mut places = BTreeSet::new();
    let (Some(document), Ok(data)) = (
        drift::uses().documents.get(operation),
        serde_json::from_slice::<Value>(data),
    ) else {
        return (places, holes);
    };
    let rest = holes
        .into_iter()
        .filter(|hole| match null_field(document, &data, &hole.path) {
            Some(place) => {
                places.insert(place);
                false
            }
            None => true,
        })
        .collect();
    (places, rest)
}

/// The field in which a null stands at exactly this path, where it may be null. The way in is no such field:
/// a group or event that cannot be read is not one without a value.
fn null_field(document: &ExecutableDocument, data: &Value, path: &[String]) -> Option<String> {
    let operation = document.operations.iter().next()?;
    let (mut set, mut value) = (&operation.selection_set, data);
    let mut place = String::new();
    let mut ty: Option<&Type> = None;
    let mut depth = 0;
    for step in path {
        if let (Value::Array(items), Ok(row)) = (value, step.parse::<usize>()) {
            value = items.get(row)?;
            ty = ty.map(Type::item_type);
            continue;
        }
        let field = selected(document, set, step)?;
        value = value.get(step)?;
        place = format!("{}.{}", set.ty, field.name);
        (set, ty) = (&field.selection_set, Some(field.ty()));
        depth += 1;
    }
    let is_nullable = ty.is_some_and(|ty| !ty.is_non_null());
    (value.is_null() && is_nullable && depth > 1).then_some(place)
}

fn selected<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    key: &str,
) -> Option<&'a Field> {
    set.selections.iter().find_map(|selection| match selection {
        Selection::Field(field) => (field.response_key() == key).then_some(&**field),
        Selection::InlineFragment(inline) => selected(document, &inline.selection_set, key),
        Selection::FragmentSpread(spread) => {
            let fragment = document.fragments.get(&spread.fragment_name)?;
            selected(document, &fragment.selection_set, key)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_error_that_ends_in_a_field_that_may_be_null_is_a_null_of_that_field() {
        let hole = |path: Value| Hole {
            path: path
                .as_array()
                .into_iter()
                .flatten()
                .map(|step| {
                    step.as_str()
                        .map_or_else(|| step.to_string(), str::to_owned)
                })
                .collect(),
            cause: "timeout".to_owned(),
            words: String::new(),
            is_forbidden: false,
        };
        let row = |node: Value| {
            json!({"proNetwork": {"eventsSearch": {"edges": [{"node": node}]}}}).to_string()
        };
        let at = |rest: &[&str]| {
            let mut path = vec![
                json!("proNetwork"),
                json!("eventsSearch"),
                json!("edges"),
                json!(0),
                json!("node"),
            ];
            path.extend(rest.iter().map(|step| json!(step)));
            vec![hole(Value::Array(path))]
        };
        let whole = row(json!({"venues": null, "title": null}));
        let (nulls, rest) = divided("NetworkEvents", whole.as_bytes(), at(&["venues"]));
        assert_eq!(nulls, BTreeSet::from(["Event.venues".to_owned()]));
        assert!(rest.is_empty());
        // A title may not be null, and neither may the row; and what is null further up is not this null.
        for (data, path) in [
            (whole.clone(), vec!["title"]),
            (row(Value::Null), vec![]),
            (json!({"proNetwork": null}).to_string(), vec!["venues"]),
        ] {
            let (nulls, rest) = divided("NetworkEvents", data.as_bytes(), at(&path));
            assert_eq!((nulls.len(), rest.len()), (0, 1), "{path:?}");
        }
        let root = vec![hole(json!(["a0"]))];
        assert_eq!(divided("EventsById", br#"{"a0":null}"#, root).1.len(), 1);
    }
}
