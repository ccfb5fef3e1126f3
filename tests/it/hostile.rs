//! Whatever Meetup, or whoever stands between, puts into an answer, a name or a setting: no panic, no
//! unbounded memory, no injection.
//!
//! `tests/data/answers` holds a real-shaped answer of each operation (see `answers_are_kept`), and
//! beside them every answer that once broke something: `Operation.what.json`.

mod answers;
mod between;
mod memory;
pub mod names;
mod settings;

use gatherd::demo::Dice;
use serde_json::{Value, json};

/// How often to try; more on a quiet machine: `GATHERD_TEST_HOSTILE=5000`.
fn tries(usual: usize) -> usize {
    let asked = std::env::var("GATHERD_TEST_HOSTILE").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// The same each time, unless another is asked for: `GATHERD_TEST_SEED`.
fn seed() -> u64 {
    let asked = std::env::var("GATHERD_TEST_SEED").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// Texts that mean something to a terminal, a chat service, a database or a parser.
const TEXTS: &[&str] = &[
    "",
    " ",
    "\u{1b}[31mred\u{1b}[0m\u{1b}]0;title\u{7}",
    "\u{9b}2J\u{9d}0;x\u{9c}",
    "left\u{202e}thgir\u{2066}x\u{2069}",
    "zero\u{200b}width\u{feff}\u{200d}",
    "<!channel> <!here> @everyone <https://evil.example|Meetup>",
    "line\nbreak\r\nand\ttab\u{2028}\u{2029}\u{85}",
    "nul\u{0}byte",
    "*bold* _it_ `code` ~no~ [a](b) | & &amp; < >",
    "'; DROP TABLE group_row; --",
    "=cmd|' /C calc'!A0",
    "__proto__",
    "1e999",
    "-5",
    "NaN",
    "\u{1f469}\u{200d}\u{1f4bb}\u{1f3fd}e\u{301}",
    "\u{5e9}\u{5dc}\u{5d5}\u{5dd} \u{645}\u{631}\u{62d}\u{628}\u{627}",
    "0000-01-01T00:00:00Z",
    "9999-12-31T23:59:59+14:00",
    "10000-01-01T00:00:00Z",
    "-262144-01-01T00:00:00Z",
    "2025-02-30T25:61:61Z",
    "2025-03-30T02:30+01:00[Europe/Zurich]",
    "PT99999999999999999H",
    "P1e400D",
    "PT-3H",
];

/// Spellings that no writer of JSON would choose; put in where the text below stands.
const SPELLINGS: &[&str] = &[
    "1e999",
    "-0",
    "123456789012345678901234567890",
    "0.1e-9999",
    "\"\\ud800\"",
    "\"\\udfff\\ud800x\"",
    "\"\\u0000\"",
    "{\"a\":1,\"a\":2}",
];
const PLACE: &str = "@@here@@";

fn hostile(dice: &mut Dice) -> Value {
    match dice.below(12) {
        0 => Value::Null,
        1 => json!(*dice.pick(&[-1, i64::MIN, i64::MAX, 0, 4_294_967_296])),
        2 => json!(u64::MAX),
        3 => json!(*dice.pick(&[1.5, -1e300, 1e-300])),
        4 => json!(true),
        5 => json!("x".repeat(10_000)),
        6 => json!("\u{1f469}\u{200d}".repeat(4_000)),
        7 => (0..60).fold(json!(1), |inner, _| json!([inner])),
        8 => json!({"unexpected": {"id": "1"}}),
        9 => json!([]),
        10 => json!(PLACE),
        _ => json!(*dice.pick(TEXTS)),
    }
}

/// One value of an answer made hostile, one thing taken away, or one row doubled.
fn mutate(answer: &mut Value, dice: &mut Dice) {
    let mut places = Vec::new();
    note_places(answer, &mut String::new(), &mut places);
    let place = dice.pick(&places).clone();
    let Some((parent, name)) = place.rsplit_once('/') else {
        return;
    };
    match (dice.below(6), answer.pointer_mut(parent)) {
        (0, Some(Value::Object(object))) => drop(object.remove(name)),
        (0 | 1, Some(Value::Array(rows))) if !rows.is_empty() => {
            let row = dice.pick(rows).clone();
            rows.push(row);
        }
        _ => {
            if let Some(value) = answer.pointer_mut(&place) {
                *value = hostile(dice);
            }
        }
    }
}

fn note_places(value: &Value, path: &mut String, places: &mut Vec<String>) {
    places.push(path.clone());
    let length = path.len();
    let mut below = |name: &str, inner: &Value| {
        path.push('/');
        path.push_str(name);
        note_places(inner, path, places);
        path.truncate(length);
    };
    match value {
        Value::Object(object) => object.iter().for_each(|(name, inner)| below(name, inner)),
        Value::Array(rows) => {
            let numbered = rows.iter().enumerate();
            numbered.for_each(|(row, inner)| below(&row.to_string(), inner));
        }
        _ => {}
    }
}

/// As bytes, with a spelling in place of its mark.
fn written(answer: &Value, dice: &mut Dice) -> String {
    answer
        .to_string()
        .replace(&format!("\"{PLACE}\""), dice.pick::<&str>(SPELLINGS))
}

/// What must never reach a terminal or a log: whatever moves, hides or turns text.
fn injected(text: &str) -> Option<char> {
    text.chars().find(|c| {
        (c.is_control() && *c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200b}' | '\u{feff}' | '\u{2028}' | '\u{2029}')
    })
}
