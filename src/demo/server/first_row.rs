//! Where the first row of an answer stands.

use serde_json::Value;

/// The steps to the first row: of the listing that was asked for, or the first thing asked by id.
pub(super) fn first_row(answer: &Value) -> Option<(Vec<String>, &Value)> {
    fn below<'a>(value: &'a Value, path: &mut Vec<String>) -> Option<&'a Value> {
        if let Some(row) = value.pointer("/edges/0/node") {
            path.extend(["edges", "0", "node"].map(str::to_owned));
            return Some(row);
        }
        for (name, inner) in value.as_object()? {
            path.push(name.clone());
            let is_alias = name
                .strip_prefix('a')
                .is_some_and(|rest| rest.parse::<u32>().is_ok());
            if is_alias && inner.is_object() {
                return Some(inner);
            }
            if let Some(row) = below(inner, path) {
                return Some(row);
            }
            path.pop();
        }
        None
    }
    let mut path = vec!["data".to_owned()];
    let row = below(&answer["data"], &mut path)?;
    Some((path, row))
}

/// The steps as one text.
pub(super) fn pointer(path: &[String]) -> String {
    path.iter().map(|step| format!("/{step}")).collect()
}
