//! From an answer's data to what was asked for; what does not fit is named by its place and its types.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use serde_path_to_error::Segment;

use super::bulk;
use super::errors::Unreadable;

/// Decodes an answer's data, or says where and why not, without saying what stood there.
pub(crate) fn decode<T: DeserializeOwned>(
    operation: &'static str,
    within: &str,
    data: &[u8],
) -> Result<T, Unreadable> {
    serde_json::from_slice(data).or_else(|_| {
        // Once more for the path; the fast way does not keep it.
        let mut deserializer = serde_json::Deserializer::from_slice(data);
        serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
            let complaint = error.inner().to_string();
            let mut path: Vec<String> = error.path().iter().map(step).collect();
            if is_about_types(&complaint)
                && bulk::is_light(data)
                && let Ok(whole) = serde_json::from_slice::<Value>(data)
            {
                narrow::<T>(&whole, &mut path);
            }
            Unreadable {
                operation,
                path: written(within, &path),
                cause: kind(&complaint),
            }
        })
    })
}

fn step(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => index.to_string(),
        Segment::Map { key } => key.clone(),
        Segment::Enum { variant } => variant.clone(),
        Segment::Unknown => "?".to_owned(),
    }
}

/// `a3.edges[1].node`.
fn written(within: &str, path: &[String]) -> String {
    let mut written = String::new();
    for step in path {
        match step.parse::<usize>() {
            Ok(row) => written.push_str(&format!("[{row}]")),
            Err(_) if written.is_empty() => written.push_str(step),
            Err(_) => written.push_str(&format!(".{step}")),
        }
    }
    match (within, written.as_str()) {
        ("", "") => ".".to_owned(),
        ("", _) => written,
        (_, "") => within.to_owned(),
        _ => format!("{within}.{written}"),
    }
}

/// Goes on from where the path ends to the value that does not fit: of a fragment's fields the decoder keeps no
/// path. Where several may be meant, the path stays as it is.
fn narrow<T: DeserializeOwned>(whole: &Value, path: &mut Vec<String>) {
    let pointer: String = path.iter().map(|step| format!("/{step}")).collect();
    let (Some(first), Some(here)) = (complaint::<T>(whole), whole.pointer(&pointer)) else {
        return;
    };
    let mut changed = whole.clone();
    let mut with = |place: Value| {
        if let Some(spot) = changed.pointer_mut(&pointer) {
            *spot = place;
        }
        complaint::<T>(&changed).unwrap_or_default()
    };
    let mut found = Vec::new();
    suspects(here, &mut with, &first, &[], &mut found);
    if let [only] = &mut found[..] {
        path.append(only);
    }
}

/// What may be meant by a complaint: without it there is another complaint, or none, and anything else in its
/// place is not what was expected either. `with` puts another value here and answers what is complained of then.
fn suspects(
    here: &Value,
    with: &mut dyn FnMut(Value) -> String,
    first: &str,
    path: &[String],
    found: &mut Vec<Vec<String>>,
) {
    let children: Vec<(String, &Value)> = match here {
        Value::Object(fields) => {
            let mut is_meant = |step: &String| {
                let mut without = fields.clone();
                without.remove(step);
                with(without.into()) != first
            };
            let fields = fields.iter().filter(|(step, _)| is_meant(step));
            fields.map(|(step, it)| (step.clone(), it)).collect()
        }
        Value::Array(rows) => {
            // The last row of the shortest beginning of which there is the same complaint.
            let (mut without, mut shortest) = (0, rows.len());
            while shortest - without > 1 {
                let between = without.midpoint(shortest);
                if with(rows[..between].into()) == first {
                    shortest = between;
                } else {
                    without = between;
                }
            }
            let last = rows[..shortest].last();
            let last = last.filter(|_| with(rows[..without].into()) != first);
            last.map(|it| (without.to_string(), it))
                .into_iter()
                .collect()
        }
        _ => return,
    };
    for (step, child) in children {
        let mut within = |value: Value| {
            let mut whole = here.clone();
            if let Some(spot) = whole.pointer_mut(&format!("/{step}")) {
                *spot = value;
            }
            with(whole)
        };
        let other = if child.is_object() {
            json!(true)
        } else {
            json!({})
        };
        let path: Vec<String> = path.iter().cloned().chain([step.clone()]).collect();
        if expected(&within(other)) == expected(first) {
            found.push(path.clone());
        }
        suspects(child, &mut within, first, &path, found);
    }
}

fn complaint<T: DeserializeOwned>(value: &Value) -> Option<String> {
    T::deserialize(value).err().map(|error| error.to_string())
}

/// What a decoder wanted instead.
fn expected(complaint: &str) -> Option<&str> {
    let (_, rest) = complaint.rsplit_once(", expected ")?;
    Some(rest.split(" at line ").next().unwrap_or(rest))
}

/// Whether a decoder complains of what stands there, rather than of what is missing.
fn is_about_types(complaint: &str) -> bool {
    complaint.starts_with("invalid ")
}

/// A decoder's complaint without the value it complains about, which may be a person's name.
fn kind(complaint: &str) -> String {
    if let (true, Some(expected)) = (is_about_types(complaint), expected(complaint)) {
        let found = complaint.split_once(": ").map_or("", |(_, rest)| rest);
        let found: String = found
            .chars()
            .take_while(|c| c.is_ascii_lowercase() || *c == ' ')
            .collect();
        return format!("{} instead of {expected}", found.trim());
    }
    match complaint
        .strip_prefix("missing field `")
        .and_then(|rest| rest.split_once('`'))
    {
        Some((field, _)) => format!("no field {field}"),
        None => "cannot be decoded".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[test]
    fn a_decoding_failure_names_the_place_and_the_types_but_not_the_value() {
        #[derive(Debug, Deserialize)]
        struct Row {
            #[allow(dead_code)]
            id: i64,
        }
        let broken = decode::<Vec<Row>>("It", "", br#"[{"id":1},{"id":"Ada Lovelace"}]"#);
        assert_eq!(
            broken.unwrap_err().to_string(),
            "It: [1].id: string instead of i64"
        );
        let missing = decode::<Vec<Row>>("It", "a3", b"[{}]").unwrap_err();
        assert_eq!(missing.to_string(), "It: a3.[0]: no field id");
        let null = decode::<Row>("It", "", b"null").unwrap_err();
        assert!(!null.cause.contains('`'), "{null}");
    }

    #[test]
    fn what_a_fragment_holds_is_named_by_its_place_too() {
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Fragment {
            hosts: Vec<Vec<i64>>,
            id: String,
        }
        #[derive(Debug, Deserialize)]
        #[allow(dead_code)]
        struct Row {
            #[serde(flatten)]
            fragment: Fragment,
            after: Option<i64>,
        }
        for (row, place) in [
            (
                r#"{"id":"7","hosts":[[1],[2,"Ada"]],"after":3}"#,
                "rows.[1].hosts[1][1]: string instead of i64",
            ),
            (
                r#"{"after":3,"id":7,"hosts":[]}"#,
                "rows.[1].id: integer instead of a string",
            ),
            (
                r#"{"hosts":[],"id":"7","after":"Ada"}"#,
                "rows.[1].after: string instead of i64",
            ),
            (
                r#"{"hosts":7,"id":"7"}"#,
                "rows.[1].hosts: integer instead of a sequence",
            ),
            (r#"{"hosts":[]}"#, "rows.[1]: no field id"),
        ] {
            let data = format!(r#"[{{"id":"6","hosts":[]}},{row}]"#);
            let broken = decode::<Vec<Row>>("It", "rows", data.as_bytes()).unwrap_err();
            assert_eq!(broken.to_string(), format!("It: {place}"));
        }
    }
}
