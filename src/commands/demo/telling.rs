//! What the demo tells: the days as they are lived, and the messages that arrive.

use super::place::CHANNEL;
use crate::{
    demo::{Happening, Received, World},
    report::{
        Style, clean, fit,
        message::{Entry, Line, Message, Section},
        message_text,
    },
};
use serde_json::Value;

/// Happenings of a day that are told one by one.
const TOLD: usize = 3;

/// A day in a line or a few: answers and members counted, what matters to a group told.
pub(super) fn day(world: &World, happened: &[Happening], style: Style) -> (String, String) {
    let count = |of: fn(&Happening) -> bool| happened.iter().filter(|it| of(it)).count();
    let answers = count(|it| {
        matches!(
            it,
            Happening::Answered(..) | Happening::Guests(..) | Happening::TookBack(..)
        )
    });
    let counted = format!(
        "{answers} answers, {} joined, {} left",
        count(|it| matches!(it, Happening::Joined(..))),
        count(|it| matches!(it, Happening::Left(..)))
    );
    let plain = |it: &&Happening| {
        !matches!(
            it,
            Happening::Answered(..)
                | Happening::Guests(..)
                | Happening::TookBack(..)
                | Happening::Joined(..)
                | Happening::Left(..)
        )
    };
    let told = happened.iter().filter(plain).take(TOLD);
    let told = told.map(|happening| {
        let sentence = clean(&happening.tell(world));
        format!("  {}\n", fit(&sentence, style.width.saturating_sub(2)))
    });
    (counted, told.collect())
}

/// A message that arrived, in words; a digest in a line, since it was shown.
pub(super) fn arrived(message: &Received, style: Style) -> String {
    let data = &message.json["data"];
    let Some(alerts) = data["alerts"].as_array() else {
        return format!("Delivered to the channel \"{CHANNEL}\".\n\n");
    };
    let text = |value: &Value| value.as_str().map(clean).unwrap_or_default();
    let entries = alerts.iter().map(|alert| {
        let sentence = text(&alert["sentence"]);
        Entry::of(vec![Line::plain(match text(&alert["group"]["name"]) {
            name if name.is_empty() => sentence,
            name => format!("{name} · {sentence}"),
        })])
    });
    let message = Message {
        title: "An alert arrived".to_owned(),
        sections: vec![Section {
            entries: entries.collect(),
            ..Section::default()
        }],
        ..Message::default()
    };
    message_text(&message, style).replacen("\n\n", "\n", 1)
}
