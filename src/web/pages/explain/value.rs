//! A figure's value in plain words, each with the machine's word behind it.

use crate::{
    community::{Cause, Status},
    report::{clean, number, say},
};
use maud::{Markup, html};
use serde_json::Value;

/// What the parts of a figure are called, by their keys; what has no name here is its key in words.
#[rustfmt::skip]
const PARTS: &[(&str, &str)] = &[
    ("days", "Days since its last event"),
    ("idle_days", "The same without the months that it skips"),
    ("usual_days", "Days that are usual between its events"),
    ("risk", "Of pauses like it, those that went past half a year, as a part of 1"),
    ("alike", "Pauses like it here"),
    ("edge", "Alike at so many days"),
    ("cases", "How many"),
    ("long", "Those that went past half a year"),
    ("call_after_days", "A word is due from so many days"),
    ("call", "Whether a word is due"),
    ("token", "Meetup's lasting id"),
    ("event_type", "Kind"),
    ("starts_at", "Starts"),
    ("starts_local", "Starts, by the clock there"),
    ("url", "Page"),
    ("yes", "Said yes"),
    ("steps", "Steps of the policy"),
    ("below", "Steps it is below"),
    ("local_lead", "Somebody who is not staff is organizer or co-organizer"),
    ("two_local_hosts", "Two hosts or more who are not staff, 180 days"),
    ("local_majority", "Half of its events or more without staff as host"),
    ("organic", "Half of its months or more without staff"),
    ("first_timers", "People for the first time"),
    ("biggest", "The biggest event"),
    ("taken", "Events with attendance marked"),
    ("ratio", "Turnout beside what is usual"),
    ("asked", "Groups asked"),
    ("answered_30", "Met or announced within 30 days"),
    ("answered_90", "Met or announced within 90 days"),
    ("unasked_30", "The same within 30 days where nobody asked"),
    ("unasked_90", "The same within 90 days where nobody asked"),
    ("months_6", "Came back after 6 months"),
    ("months_12", "Came back after 12 months"),
    ("months_24", "Came back after 24 months"),
    ("months_36", "Came back after 36 months"),
    ("value", "As a part of 1"),
    ("numerator", "Of them"),
    ("denominator", "Of so many"),
];

/// The value; `said` is how it is said in one line.
pub(super) fn told(value: &Value, said: &str) -> Markup {
    let is_rate = |parts: &serde_json::Map<String, Value>| parts.contains_key("denominator");
    match value {
        Value::Object(parts) if !is_rate(parts) => self::parts(parts),
        Value::Array(all) if !all.iter().any(Value::is_object) && !all.is_empty() => html! {
            ul { @for it in all { li { (one(it)) } } }
        },
        Value::Array(all) if all.is_empty() => html! { p { "none" } },
        Value::Null | Value::Bool(_) | Value::String(_) => html! { p { (one(value)) } },
        Value::Number(_) | Value::Array(_) | Value::Object(_) => html! { p { (said) } },
    }
}

fn parts(parts: &serde_json::Map<String, Value>) -> Markup {
    html! {
        dl.parts {
            @for (key, value) in parts {
                dt { (named(key)) " " code { (clean(key)) } }
                dd {
                    @match value {
                        Value::Object(within) => (self::parts(within)),
                        Value::Array(all) if all.is_empty() => "none",
                        Value::Array(all) => {
                            ul { @for it in all { li { @match it { Value::Object(within) => (self::parts(within)), it => (one(it)) } } } }
                        },
                        value => (one(value)),
                    }
                }
            }
        }
    }
}

/// What a part is called.
fn named(key: &str) -> String {
    if let Some(status) = Status::parse(key) {
        return say(status).to_owned();
    }
    let known = PARTS.iter().find(|(known, _)| *known == key);
    known.map_or_else(
        || clean(&key.replace('_', " ")),
        |(_, name)| (*name).to_owned(),
    )
}

/// A value that has no parts.
fn one(value: &Value) -> Markup {
    let with = |plain: &str, word: &str| html! { (plain) " " code { (word) } };
    match value {
        Value::Null => with("unknown, or none", "null"),
        Value::Bool(true) => with("yes", "true"),
        Value::Bool(false) => with("no", "false"),
        Value::Number(it) => match it.as_i64() {
            Some(whole) => html! { (number(whole)) },
            None => html! { (it) },
        },
        Value::String(word) => match (Status::parse(word), Cause::parse(word)) {
            (Some(status), _) => with(say(status), word),
            (_, Some(cause)) => with(cause.in_short(), word),
            _ => html! { bdi { (clean(word)) } },
        },
        Value::Array(_) | Value::Object(_) => html! { code { (clean(&value.to_string())) } },
    }
}
