//! A digest as a document: for programs, with the report's JSON and the groups named in it; and as it is
//! kept, where persons stand by their ids alone.

use serde_json::{Value, json};

use super::compose::Report;
use crate::community::Named;
use crate::metrics::Leader;

/// The report's JSON, with `please_write_to`.
///
/// # Errors
/// Where a figure cannot be written as JSON, which none of them is.
pub fn document(report: &Report, please_write_to: &[Named]) -> serde_json::Result<Value> {
    let mut document = serde_json::to_value(report)?;
    document["please_write_to"] = please_write_to
        .iter()
        .map(|named| json!({"id": named.id, "urlname": named.urlname, "causes": named.causes}))
        .collect();
    Ok(document)
}

/// Takes the names of persons out of a report's document; their ids stay, and leaders get theirs.
pub fn forget_names(document: &mut Value, report: &Report) {
    let groups = document["groups"].as_array_mut().into_iter().flatten();
    for (kept, group) in groups.zip(&report.groups) {
        let leaders = kept["leaders"].as_array_mut().into_iter().flatten();
        for (kept, leader) in leaders.zip(&group.figures.leaders) {
            forget_name(kept);
            kept["member_id"] = json!(leader.id);
        }
    }
    for list in ["ambassadors", "missed"] {
        let persons = document.get_mut("people").map(|lists| &mut lists[list]);
        let persons = persons.and_then(Value::as_array_mut);
        persons.into_iter().flatten().for_each(forget_name);
    }
}

fn forget_name(person: &mut Value) {
    if let Value::Object(fields) = person {
        fields.remove("name");
    }
}

/// A leader as an alert's document tells it, by name or, where it is kept, by id.
pub(super) fn leader(person: &Leader, with_names: bool) -> Value {
    if with_names {
        json!({"name": person.name, "role": person.role, "link": person.link})
    } else {
        json!({"member_id": person.id, "role": person.role, "link": person.link})
    }
}
