//! One JSON object a line. Numbers are taken as they are written, never as floating ones.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use super::{
    lines::{Refused, Unreadable},
    table::{Column, Line, Table, columns_of},
};
use crate::community::DecimalSign;

pub(super) fn read(text: &str, columns: &[Column]) -> Result<Table, Unreadable> {
    let mut table = Table {
        lines: Vec::new(),
        refused: Vec::new(),
        unread: Vec::new(),
        usual: DecimalSign::Point,
    };
    // A column that one line has, all may have.
    let mut heads: Vec<String> = Vec::new();
    let mut objects = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.trim().is_empty() {
            continue;
        }
        match serde_json::from_str::<BTreeMap<String, &RawValue>>(line) {
            Ok(object) => {
                for key in object
                    .keys()
                    .filter(|key| !heads.contains(*key))
                    .cloned()
                    .collect::<Vec<_>>()
                {
                    heads.push(key);
                }
                objects.push((number, object));
            }
            Err(error) => table.refused.push(Refused {
                line: number,
                cause: format!("it is no JSON object (at column {})", error.column()),
            }),
        }
    }
    let (meant, unread) = columns_of(&heads, columns)?;
    table.unread = unread;
    for (number, object) in objects {
        let cells: Result<Vec<Option<String>>, String> = meant
            .iter()
            .map(|place| {
                let Some(raw) = place.and_then(|place| object.get(&heads[place])) else {
                    return Ok(None);
                };
                cell(raw.get()).map_err(|()| {
                    format!(
                        "\"{}\" is neither text nor number",
                        heads[place.unwrap_or(0)]
                    )
                })
            })
            .collect();
        match cells {
            Ok(cells) => table.lines.push(Line { number, cells }),
            Err(cause) => table.refused.push(Refused {
                line: number,
                cause,
            }),
        }
    }
    Ok(table)
}

/// What a value says: text, a number as it is written, yes and no.
fn cell(raw: &str) -> Result<Option<String>, ()> {
    let text = match raw.as_bytes().first() {
        Some(b'"') => serde_json::from_str::<String>(raw).map_err(|_| ())?,
        Some(b'[' | b'{') => return Err(()),
        _ => match raw {
            "null" => String::new(),
            "true" => "yes".to_owned(),
            "false" => "no".to_owned(),
            number => number.to_owned(),
        },
    };
    let text = text.trim();
    Ok((!text.is_empty()).then(|| text.to_owned()))
}
