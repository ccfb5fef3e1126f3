//! Fields that Meetup's API has no more: cut from the operations, and put back as unknown into the
//! answers, so that everything behind finds the shape it knows.
//!
//! The mirror is told which fields were not asked for: there, unknown never overwrites what is known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::Type;
use apollo_compiler::executable::{Selection, SelectionSet};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::required;
use super::uses::uses;

/// A field that is gone though nothing works without it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Missed {
    pub(crate) place: String,
    pub(crate) reason: &'static str,
}

/// The fields that are cut at present.
#[derive(Debug, Default)]
pub(crate) struct Cuts(RwLock<State>);

#[derive(Debug, Default)]
struct State {
    /// Said to be gone, by place.
    lost: BTreeSet<String>,
    /// Those, and what holds nothing else: no operation asks for them.
    unasked: Arc<BTreeSet<String>>,
    /// The operations that changed by it.
    texts: BTreeMap<&'static str, Arc<str>>,
}

impl Cuts {
    /// Fields that no operation asks for at present.
    pub(crate) fn unasked(&self) -> Arc<BTreeSet<String>> {
        Arc::clone(&self.read().unasked)
    }

    /// The operation's text, where it is not the one it was built with.
    pub(crate) fn text(&self, operation: &str) -> Option<Arc<str>> {
        self.read().texts.get(operation).cloned()
    }

    /// Cuts these too.
    pub(crate) fn add(&self, places: &[String]) -> Result<(), Missed> {
        let mut lost = self.read().lost.clone();
        lost.extend(places.iter().cloned());
        self.replace(lost)
    }

    /// Cuts exactly these from now on; nothing changes if one of them must not go.
    pub(crate) fn replace(&self, lost: BTreeSet<String>) -> Result<(), Missed> {
        if lost == self.read().lost {
            return Ok(());
        }
        let mut texts = BTreeMap::new();
        let mut unasked = lost.clone();
        for (operation, document) in &uses().documents {
            let mut cut = (**document).clone();
            if prune(&mut cut, &lost, &mut unasked) {
                let text = cut.serialize().no_indent().to_string();
                texts.insert(*operation, text.into());
            }
        }
        // What is lost itself says more than what is empty without it.
        for place in lost.iter().chain(&unasked) {
            if let Some(reason) = required::reason(place) {
                let place = place.clone();
                return Err(Missed { place, reason });
            }
        }
        let unasked = Arc::new(unasked);
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = State {
            lost,
            unasked,
            texts,
        };
        Ok(())
    }

    /// Puts what was cut back into an answer, as unknown.
    pub(crate) fn fill(&self, operation: &str, data: Bytes) -> Bytes {
        let state = self.read();
        if !state.texts.contains_key(operation) {
            return data;
        }
        let Some(document) = uses().documents.get(operation) else {
            return data;
        };
        let Ok(mut value) = serde_json::from_slice::<Value>(&data) else {
            return data;
        };
        for asked in document.operations.iter() {
            let fill = Fill {
                document,
                unasked: &state.unasked,
            };
            fill.set(&mut value, &asked.selection_set);
        }
        serde_json::to_vec(&value).map_or(data, Bytes::from)
    }

    fn read(&self) -> std::sync::RwLockReadGuard<'_, State> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes lost fields out of a document, and every field that then asks for nothing; those join
/// `unasked`. True if anything was taken out.
fn prune(
    document: &mut ExecutableDocument,
    lost: &BTreeSet<String>,
    unasked: &mut BTreeSet<String>,
) -> bool {
    let mut is_cut = false;
    for fragment in document.fragments.values_mut() {
        is_cut |= thin(&mut fragment.make_mut().selection_set, lost, unasked);
    }
    for operation in document.operations.named.values_mut() {
        is_cut |= thin(&mut operation.make_mut().selection_set, lost, unasked);
    }
    is_cut
}

fn thin(set: &mut SelectionSet, lost: &BTreeSet<String>, unasked: &mut BTreeSet<String>) -> bool {
    let mut is_cut = false;
    let of = set.ty.clone();
    set.selections.retain_mut(|selection| {
        let Selection::Field(field) = selection else {
            return true;
        };
        let place = format!("{of}.{}", field.name);
        if lost.contains(&place) {
            is_cut = true;
            return false;
        }
        if field.selection_set.is_empty() {
            return true;
        }
        let mut below = field.selection_set.clone();
        if !thin(&mut below, lost, unasked) {
            return true;
        }
        is_cut = true;
        if below.is_empty() {
            unasked.insert(place);
            return false;
        }
        field.make_mut().selection_set = below;
        true
    });
    is_cut
}

/// Puts unknowns where fields were cut.
struct Fill<'a> {
    document: &'a ExecutableDocument,
    unasked: &'a BTreeSet<String>,
}

impl Fill<'_> {
    fn set(&self, value: &mut Value, set: &SelectionSet) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| self.set(item, set)),
            Value::Object(fields) => self.object(fields, set),
            _ => {}
        }
    }

    fn object(&self, fields: &mut Map<String, Value>, set: &SelectionSet) {
        for selection in &set.selections {
            match selection {
                Selection::Field(field) => {
                    let key = field.response_key().as_str();
                    match fields.get_mut(key) {
                        Some(value) => self.set(value, &field.selection_set),
                        None if self.unasked.contains(&format!("{}.{}", set.ty, field.name)) => {
                            fields.insert(key.to_owned(), unknown(field.ty()));
                        }
                        None => {}
                    }
                }
                Selection::FragmentSpread(spread) => {
                    if let Some(fragment) = self.document.fragments.get(&spread.fragment_name) {
                        self.object(fields, &fragment.selection_set);
                    }
                }
                Selection::InlineFragment(inline) => self.object(fields, &inline.selection_set),
            }
        }
    }
}

/// What stands for "unknown" in a field of this type. Where there is no null, no text and no count
/// below zero ever comes from Meetup, so the reader can tell.
fn unknown(ty: &Type) -> Value {
    if !ty.is_non_null() {
        return Value::Null;
    }
    match (ty.is_list(), ty.inner_named_type().as_str()) {
        (true, _) => Value::Array(Vec::new()),
        (_, "Int" | "Float") => (-1).into(),
        (_, "Boolean") => false.into(),
        _ => "".into(),
    }
}
