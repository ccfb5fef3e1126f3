//! What we send: arguments, fields of inputs, values of enumerations. Where the API knows one no more, a
//! question without it may still mean the same: a value that only widens a filter has no rows any more,
//! and rows in another order are the same rows. Everything else bounds or filters an answer.

use std::collections::BTreeSet;

use apollo_compiler::ast::{Type, Value};
use serde_json::Value as Json;

use super::uses::uses;

/// Values of filters without which an answer would lack what everything rests on.
const NEEDED: [(&str, &[&str]); 3] = [
    ("RsvpStatus", &["YES", "NO"]),
    ("EventStatus", &["ACTIVE", "PAST", "CANCELLED"]),
    ("MembershipStatus", &["ACTIVE", "LEADER"]),
];
/// Orders: the argument, the fields of its input, and the enumerations in them.
const OF_ORDERS: [&str; 3] = ["sort", "sortField", "sortOrder"];
const ORDERS: [&str; 3] = ["RsvpSortField", "GroupMembershipSortField", "SortOrder"];

/// Whether a place is something that is sent, rather than a field that is asked for.
pub(super) fn is_input(place: &str) -> bool {
    !uses().fields.contains_key(place)
}

/// What fails without this input; none if it can be done without.
pub(super) fn reason(place: &str) -> Option<&'static str> {
    let (of, name) = place.rsplit_once('.')?;
    if is_order(place) {
        return None;
    }
    let values = NEEDED.iter().find(|(filter, _)| *filter == of);
    match values {
        Some((_, needed)) if !needed.contains(&name) => None,
        Some(_) => Some("what has it could not be asked for"),
        None => Some("an answer without it would mean something else"),
    }
}

/// Whether a place is about the order of rows.
pub(super) fn is_order(place: &str) -> bool {
    place
        .rsplit_once('.')
        .is_some_and(|(of, name)| ORDERS.contains(&of) || OF_ORDERS.contains(&name))
}

/// What follows where it is gone.
pub(super) fn what_follows(place: &str) -> &'static str {
    if is_order(place) {
        "is gone from Meetup's API: rows come in Meetup's own order, and are read whole where it mattered"
    } else {
        "is gone from Meetup's API: nothing is asked for by it any more"
    }
}

/// A value written into an operation, without what is lost; none where nothing of it is left to send.
pub(super) fn trimmed(value: &Value, ty: &Type, lost: &BTreeSet<String>) -> Option<Value> {
    let of = ty.inner_named_type().as_str();
    Some(match value {
        Value::Enum(name) if lost.contains(&format!("{of}.{name}")) => return None,
        Value::List(items) => {
            let kept = items.iter().filter_map(|item| trimmed(item, ty, lost));
            Value::List(kept.map(Into::into).collect())
        }
        Value::Object(fields) => {
            let known = &uses().inputs.get(of)?.fields;
            let mut kept = Vec::new();
            for (name, value) in fields {
                let is_lost = lost.contains(&format!("{of}.{name}"));
                let ty = known.get(name.as_str()).filter(|_| !is_lost)?;
                kept.push((name.clone(), trimmed(value, ty, lost)?.into()));
            }
            Value::Object(kept)
        }
        other => other.clone(),
    })
}

/// The same for a value sent as a variable.
pub(super) fn trimmed_variable(value: Json, ty: &Type, lost: &BTreeSet<String>) -> Option<Json> {
    let of = ty.inner_named_type().as_str();
    Some(match value {
        Json::String(text) if lost.contains(&format!("{of}.{text}")) => return None,
        Json::Array(items) => {
            let kept = items.into_iter();
            Json::Array(
                kept.filter_map(|it| trimmed_variable(it, ty, lost))
                    .collect(),
            )
        }
        Json::Object(fields) => {
            let known = &uses().inputs.get(of)?.fields;
            let mut kept = serde_json::Map::new();
            for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_null()) {
                let is_lost = lost.contains(&format!("{of}.{name}"));
                let ty = known.get(&name).filter(|_| !is_lost)?;
                kept.insert(name, trimmed_variable(value, ty, lost)?);
            }
            Json::Object(kept)
        }
        other => other,
    })
}
