//! Fields that Meetup's API has no more: cut from the operations, and put back as unknown into the
//! answers, so that everything behind finds the shape it knows.
//!
//! The mirror is told which fields were not asked for: there, unknown never overwrites what is known.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};

use apollo_compiler::ExecutableDocument;
use apollo_compiler::ast::{Type, Value as Literal};
use apollo_compiler::executable::{Selection, SelectionSet};
use bytes::Bytes;
use serde_json::{Map, Value};

use super::uses::uses;
use super::{inputs, required};

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
    /// Those of them that are sent rather than asked for.
    inputs: BTreeSet<String>,
    /// How often all of this changed.
    generation: u64,
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

    /// What is not sent any more, by place.
    pub(crate) fn unsent(&self) -> BTreeSet<String> {
        self.read().inputs.clone()
    }

    /// Whether rows can no longer be had in a chosen order.
    pub(crate) fn lacks_order(&self) -> bool {
        self.read().inputs.iter().any(|it| inputs::is_order(it))
    }

    /// Changes with every cut.
    pub(crate) fn generation(&self) -> u64 {
        self.read().generation
    }

    /// An operation's variables, without what is not sent any more.
    pub(crate) fn variables(&self, operation: &str, mut given: Value) -> Value {
        let state = self.read();
        let document = uses().documents.get(operation);
        let (Some(document), false) = (document, state.inputs.is_empty()) else {
            return given;
        };
        let Some(fields) = given.as_object_mut() else {
            return given;
        };
        let defined = document.operations.iter().flat_map(|it| &it.variables);
        for variable in defined {
            let Some(value) = fields.remove(variable.name.as_str()) else {
                continue;
            };
            if let Some(kept) = inputs::trimmed_variable(value, &variable.ty, &state.inputs) {
                fields.insert(variable.name.to_string(), kept);
            }
        }
        given
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
        let (inputs, mut unasked): (BTreeSet<String>, BTreeSet<String>) =
            lost.iter().cloned().partition(|it| inputs::is_input(it));
        let fields = unasked.clone();
        for (operation, document) in &uses().documents {
            let mut cut = (**document).clone();
            let is_trimmed = trim(&mut cut, &inputs);
            if prune(&mut cut, &fields, &mut unasked) || is_trimmed {
                leave_unused_out(&mut cut);
                let text = cut.serialize().no_indent().to_string();
                texts.insert(*operation, text.into());
            }
        }
        // What is lost itself says more than what is empty without it.
        for place in lost.iter().chain(&unasked) {
            let reason = if inputs.contains(place) {
                inputs::reason(place)
            } else {
                required::reason(place)
            };
            if let Some(reason) = reason {
                let place = place.clone();
                return Err(Missed { place, reason });
            }
        }
        let unasked = Arc::new(unasked);
        let generation = self.read().generation + 1;
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = State {
            lost,
            inputs,
            generation,
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

/// Takes lost fields out of a document, and every field and fragment that then asks for nothing; those fields
/// join `unasked`. True if anything was taken out.
fn prune(
    document: &mut ExecutableDocument,
    lost: &BTreeSet<String>,
    unasked: &mut BTreeSet<String>,
) -> bool {
    let mut thinning = Thinning {
        lost,
        unasked,
        empty: BTreeSet::new(),
        is_cut: false,
    };
    // A fragment that asks for nothing may have been all that another one asked for.
    loop {
        let known = thinning.empty.len();
        for (name, fragment) in &mut document.fragments {
            let set = &mut fragment.make_mut().selection_set;
            thinning.thin(set);
            if set.is_empty() {
                thinning.empty.insert(name.to_string());
            }
        }
        if thinning.empty.len() == known {
            break;
        }
    }
    for operation in document.operations.named.values_mut() {
        thinning.thin(&mut operation.make_mut().selection_set);
    }
    document
        .fragments
        .retain(|name, _| !thinning.empty.contains(name.as_str()));
    thinning.is_cut
}

/// What is being taken out of a document.
struct Thinning<'a> {
    lost: &'a BTreeSet<String>,
    unasked: &'a mut BTreeSet<String>,
    /// Fragments that ask for nothing any more.
    empty: BTreeSet<String>,
    is_cut: bool,
}

impl Thinning<'_> {
    fn thin(&mut self, set: &mut SelectionSet) {
        let of = set.ty.clone();
        set.selections.retain_mut(|selection| {
            let field = match selection {
                Selection::Field(field) => field,
                Selection::FragmentSpread(spread) => {
                    let is_empty = self.empty.contains(spread.fragment_name.as_str());
                    self.is_cut |= is_empty;
                    return !is_empty;
                }
                Selection::InlineFragment(_) => return true,
            };
            let place = format!("{of}.{}", field.name);
            if self.lost.contains(&place) {
                self.is_cut = true;
                return false;
            }
            if field.selection_set.is_empty() {
                return true;
            }
            let mut below = field.selection_set.clone();
            self.thin(&mut below);
            if below.is_empty() {
                self.unasked.insert(place);
                return false;
            }
            if below != field.selection_set {
                field.make_mut().selection_set = below;
            }
            true
        });
    }
}

/// Takes lost inputs out of what is written into a document; true if anything was taken out.
fn trim(document: &mut ExecutableDocument, lost: &BTreeSet<String>) -> bool {
    if lost.is_empty() {
        return false;
    }
    let mut is_cut = false;
    for fragment in document.fragments.values_mut() {
        is_cut |= trim_set(&mut fragment.make_mut().selection_set, lost);
    }
    for operation in document.operations.named.values_mut() {
        is_cut |= trim_set(&mut operation.make_mut().selection_set, lost);
    }
    is_cut
}

fn trim_set(set: &mut SelectionSet, lost: &BTreeSet<String>) -> bool {
    let mut is_cut = false;
    let of = set.ty.clone();
    for selection in &mut set.selections {
        let Selection::Field(field) = selection else {
            continue;
        };
        let field = field.make_mut();
        let (name, definition) = (field.name.clone(), field.definition.clone());
        field.arguments.retain_mut(|given| {
            let known = definition.argument_by_name(&given.name);
            let is_lost = lost.contains(&format!("{of}.{name}.{}", given.name));
            let kept = known
                .filter(|_| !is_lost)
                .and_then(|it| inputs::trimmed(&given.value, &it.ty, lost));
            is_cut |= kept.as_ref() != Some(&given.value);
            kept.map(|kept| given.make_mut().value = kept.into())
                .is_some()
        });
        is_cut |= trim_set(&mut field.selection_set, lost);
    }
    is_cut
}

/// Leaves variables out that nothing uses any more: servers refuse them.
fn leave_unused_out(document: &mut ExecutableDocument) {
    let mut used = BTreeSet::new();
    for fragment in document.fragments.values() {
        used_in(&fragment.selection_set, &mut used);
    }
    for operation in document.operations.iter() {
        used_in(&operation.selection_set, &mut used);
    }
    for operation in document.operations.named.values_mut() {
        let variables = &mut operation.make_mut().variables;
        variables.retain(|it| used.contains(it.name.as_str()));
    }
}

fn used_in(set: &SelectionSet, used: &mut BTreeSet<String>) {
    for selection in &set.selections {
        match selection {
            Selection::Field(field) => {
                field
                    .arguments
                    .iter()
                    .for_each(|it| names_in(&it.value, used));
                used_in(&field.selection_set, used);
            }
            Selection::InlineFragment(inline) => used_in(&inline.selection_set, used),
            Selection::FragmentSpread(_) => {}
        }
    }
}

fn names_in(value: &Literal, used: &mut BTreeSet<String>) {
    match value {
        Literal::Variable(name) => drop(used.insert(name.to_string())),
        Literal::List(items) => items.iter().for_each(|it| names_in(it, used)),
        Literal::Object(fields) => fields.iter().for_each(|(_, it)| names_in(it, used)),
        _ => {}
    }
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
