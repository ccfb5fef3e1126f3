//! Answers spoilt on purpose: right in form, wrong or strange in what they say.

use super::faults::Spoil;
use super::first_row::{first_row, pointer};
use super::swollen::swollen;
use serde_json::{Value, json};

/// The answer, spoilt. One without rows stays as it is, but for what concerns the whole of it.
pub(super) fn spoilt(body: &[u8], spoil: Spoil) -> Vec<u8> {
    let Ok(mut answer) = serde_json::from_slice::<Value>(body) else {
        return body.to_owned();
    };
    match spoil {
        Spoil::Swollen(how) => return swollen(answer, how),
        Spoil::ExtraFields => each_object(&mut answer, &mut |object| {
            object.insert("surprise".to_owned(), json!({"deep": [1, "two", null]}));
        }),
        Spoil::CountsAbove => each_object(&mut answer, &mut |object| {
            for (_, count) in object
                .iter_mut()
                .filter(|(name, _)| name.ends_with("Count"))
            {
                if let Some(number) = count.as_i64() {
                    *count = (number + 3).into();
                }
            }
        }),
        Spoil::ClaimsAnother => each_object(&mut answer, &mut |object| {
            if let Some(more) = object.get_mut("hasNextPage") {
                *more = true.into();
            }
        }),
        Spoil::DoubledRow => {
            if let Some((path, _)) = first_row(&answer)
                && let Some(edges) = path.iter().position(|step| step == "edges")
                && let Some(Value::Array(rows)) = answer.pointer_mut(&pointer(&path[..=edges]))
            {
                rows.insert(0, rows[0].clone());
            }
        }
        Spoil::Partial | Spoil::NullId | Spoil::StrangeValue => spoil_row(&mut answer, spoil),
    }
    answer.to_string().into_bytes()
}

fn spoil_row(answer: &mut Value, spoil: Spoil) {
    let Some((path, _)) = first_row(answer) else {
        return;
    };
    let Some(row) = answer.pointer_mut(&pointer(&path)) else {
        return;
    };
    match spoil {
        Spoil::NullId => row["id"] = Value::Null,
        Spoil::StrangeValue => each_object(row, &mut |object| {
            if let Some(status) = object.get_mut("status") {
                *status = "FROBNICATED".into();
            }
        }),
        _ => {
            *row = Value::Null;
            let steps: Vec<Value> = path[1..]
                .iter()
                .map(|step| {
                    step.parse::<u64>()
                        .map_or_else(|_| json!(step), |it| json!(it))
                })
                .collect();
            answer["errors"] = json!([{
                "message": "The row could not be fetched", "path": steps,
                "extensions": {"classification": "DataFetchingException"}
            }]);
        }
    }
}

fn each_object(value: &mut Value, change: &mut impl FnMut(&mut serde_json::Map<String, Value>)) {
    match value {
        Value::Object(object) => {
            object.values_mut().for_each(|it| each_object(it, change));
            change(object);
        }
        Value::Array(items) => items.iter_mut().for_each(|it| each_object(it, change)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spoil(spoil: Spoil) -> Value {
        let body = json!({"data": {"group": {"memberships": {
            "totalCount": 2, "pageInfo": {"hasNextPage": false},
            "edges": [{"node": {"id": "1"}, "metadata": {"status": "ACTIVE"}}, {"node": {"id": "2"}}]}}}});
        serde_json::from_slice(&spoilt(body.to_string().as_bytes(), spoil)).unwrap()
    }

    #[test]
    fn each_way_spoils_what_it_says() {
        let listing = |answer: &Value| answer["data"]["group"]["memberships"].clone();
        let partial = spoil(Spoil::Partial);
        let path = json!(["group", "memberships", "edges", 0, "node"]);
        assert_eq!(partial["errors"][0]["path"], path);
        assert!(listing(&partial)["edges"][0]["node"].is_null());
        assert!(listing(&spoil(Spoil::NullId))["edges"][0]["node"]["id"].is_null());
        assert_eq!(listing(&spoil(Spoil::CountsAbove))["totalCount"], 5);
        assert_eq!(
            listing(&spoil(Spoil::ClaimsAnother))["pageInfo"]["hasNextPage"],
            true
        );
        let doubled = listing(&spoil(Spoil::DoubledRow));
        assert_eq!(doubled["edges"].as_array().unwrap().len(), 3);
        assert_eq!(doubled["edges"][0], doubled["edges"][1]);
        assert!(spoil(Spoil::ExtraFields)["data"]["surprise"].is_object());
    }
}
