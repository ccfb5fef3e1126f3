//! Answers blown up: as large as is read, or of as many values.

use super::faults::Swell;
use super::first_row::{first_row, pointer};
use serde_json::{Value, json};

/// Bytes of an answer: a little less than gatherd reads.
const BYTES: usize = 15 << 20;
/// Objects and lists of an answer: a little fewer than it takes apart.
const CONTAINERS: usize = 119_000;
/// Bytes of a text of which there may be many.
const LONGEST_ID: usize = 250;
/// Values of all kinds.
const VALUES: usize = 599_000;

/// The answer, blown up; one without rows stays as it is where they are to be.
pub(super) fn swollen(mut answer: Value, how: Swell) -> Vec<u8> {
    match how {
        Swell::TinyErrors => {
            return format!(
                "{{\"data\":null,\"errors\":[{}{{}}]}}",
                "{},".repeat(BYTES / 3)
            )
            .into_bytes();
        }
        Swell::Deep => {
            let (open, shut) = ("[".repeat(CONTAINERS), "]".repeat(CONTAINERS));
            return format!("{{\"data\":{open}{shut}}}").into_bytes();
        }
        Swell::ManyErrors => {
            let count = CONTAINERS / 3;
            let error = json!({"message": "x".repeat(LONGEST_ID), "path": ["a", 0],
                               "extensions": {"code": "x"}});
            answer["data"] = Value::Null;
            answer["errors"] = vec![error; count].into();
            return answer.to_string().into_bytes();
        }
        _ => {}
    }
    let Some(path) = first_row(&answer).map(|(path, _)| path) else {
        return answer.to_string().into_bytes();
    };
    if let Swell::LongText | Swell::ManyFields = how {
        let Some(row) = answer.pointer_mut(&pointer(&path)) else {
            return Vec::new();
        };
        if how == Swell::LongText {
            let text = Value::from("x".repeat(BYTES - (1 << 20)));
            let name = if row["title"].is_string() {
                "title"
            } else {
                "name"
            };
            row[name] = text;
        } else {
            let fields = (0..VALUES).map(|nth| (nth.to_string(), json!(0)));
            row["surprise"] = Value::Object(fields.collect());
        }
        return answer.to_string().into_bytes();
    }
    let Some(edges) = path.iter().position(|step| step == "edges") else {
        return answer.to_string().into_bytes();
    };
    let Some(Value::Array(rows)) = answer.pointer_mut(&pointer(&path[..=edges])) else {
        return Vec::new();
    };
    let text = rows.first().map(Value::to_string).unwrap_or_default();
    let (count, row) = match how {
        Swell::NullRows => (VALUES - 10_000, "null".to_owned()),
        Swell::EmptyRows => (CONTAINERS - 5_000, "{}".to_owned()),
        _ => {
            let containers = text.matches(['{', '[']).count();
            let values = containers + text.matches(',').count();
            let length = match how {
                Swell::LongIds => text.len() + LONGEST_ID,
                _ => text.len() + 1,
            };
            let most = (BYTES - (1 << 20)) / length;
            let most = most.min((CONTAINERS - 5_000) / containers.max(1));
            (most.min((VALUES - 10_000) / (values + 1)), text)
        }
    };
    let mut all = vec![row; count];
    match how {
        Swell::LastRowEmpty => all.push("{}".to_owned()),
        Swell::LongIds => {
            for (nth, row) in all.iter_mut().enumerate() {
                let id = format!("\"id\":\"{nth}{}", "1".repeat(LONGEST_ID - 20));
                *row = row.replacen("\"id\":\"", &id, 1);
            }
        }
        _ => {}
    }
    // As text: so many values would be too many here, too.
    *rows = vec![json!("ROWS")];
    answer
        .to_string()
        .replacen("\"ROWS\"", &all.join(","), 1)
        .into_bytes()
}
