//! Mattermost: an incoming webhook that takes text and attachments.
//!
//! A topic is an attachment with its colour. Every sign that markdown knows is escaped; "@", which
//! mentions somebody even behind a backslash, is replaced by its wide twin.

use serde_json::{Value, json};

use super::answer::Told;
use super::cut::length;
use super::fit::{Fit, Shown, fitted, over};
use super::markup::{Markup, Within, fallback, joined, unbroken};
use crate::report::message::{Message, Tone};

const TEXT: usize = 16_383;
/// All attachments, as the server will store them.
const ATTACHMENTS: usize = 7_900;
/// The server writes out every key an attachment may have.
const UNWRITTEN_KEYS: usize = 200;
const TITLE: usize = 300;
/// One line or group.
const PIECE: usize = 1500;
const FALLBACK: usize = 500;

const MARKDOWN: Markup = Markup {
    escape: |c, within, text| match c {
        c if within == Within::Code => text.push(c),
        '@' => text.push('\u{ff20}'),
        c => {
            if "\\`*_{}[]()<>#+-.!|~=:$&^".contains(c) {
                text.push('\\');
            }
            text.push(c);
        }
    },
    bold: ["**", "**"],
    code: ["`", "`"],
    link: |url| ["[".to_owned(), format!("]({})", unbroken(url))],
    newline: "\n",
};

/// For places without markdown, in which a name must not be called out all the same.
const LITERAL: Markup = Markup {
    escape: |c, _: Within, text| text.push(if c == '@' { '\u{ff20}' } else { c }),
    bold: ["", ""],
    code: ["", ""],
    link: |_| <[String; 2]>::default(),
    newline: " ",
};

/// The message as text and attachments, cut by whole groups until it fits.
pub(super) fn payload(message: &Message) -> String {
    let (text, attachments) = fitted(message, render, |(text, attachments)| {
        over(length(text), TEXT).max(over(stored(attachments), ATTACHMENTS))
    });
    let text = if text.is_empty() {
        MARKDOWN.text(&fallback(message, TITLE), TITLE)
    } else {
        text
    };
    if attachments.is_empty() {
        return json!({ "username": "gatherd", "text": text }).to_string();
    }
    json!({ "username": "gatherd", "text": text, "attachments": attachments }).to_string()
}

/// Mattermost answers in JSON when it refuses.
pub(super) fn told(body: &str) -> Told {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let why = match (body["id"].as_str(), body["message"].as_str()) {
        (Some(id), Some(message)) => Some(format!("{message} ({id})")),
        (id, message) => message.or(id).map(str::to_owned),
    };
    Told {
        why,
        ..Told::default()
    }
}

/// What the attachments will measure at the server, which escapes HTML's signs in its JSON.
fn stored(attachments: &[Value]) -> usize {
    let text = Value::from(attachments.to_vec()).to_string();
    let escaped = text.chars().filter(|c| "<>&".contains(*c)).count();
    length(&text) + 5 * escaped + UNWRITTEN_KEYS * attachments.len()
}

fn render(message: &Message, fit: &Fit) -> (String, Vec<Value>) {
    let mut above = Vec::new();
    let title = MARKDOWN.text(&message.title, TITLE);
    if !title.is_empty() {
        above.push(format!("#### {title}"));
    }
    let mut attachments = Vec::new();
    for (nth, shown) in fit.sections(message).iter().enumerate() {
        if nth == 0 && shown.heading.is_none() && shown.facts.is_empty() {
            above.extend(pieces(shown));
        } else {
            attachments.extend(attachment(shown));
        }
    }
    let mut below: Vec<String> = fit
        .more_sections(message)
        .iter()
        .map(|more| aside(more))
        .collect();
    below.push(MARKDOWN.lines(&message.footer, PIECE));
    let footer = joined(&below, "\n");
    if !footer.is_empty() {
        attachments.push(json!({ "fallback": "…", "text": footer }));
    }
    (joined(&above, "\n"), attachments)
}

fn pieces(shown: &Shown<'_>) -> Vec<String> {
    let lines = shown.lines.iter().map(|line| MARKDOWN.line(line, PIECE));
    let mut pieces: Vec<String> = lines.collect();
    if shown.is_cut {
        pieces.push("…".to_owned());
    }
    let entries = shown.entries.iter();
    pieces.extend(entries.map(|entry| MARKDOWN.lines(&entry.lines, PIECE)));
    pieces.extend(shown.more.as_deref().map(aside));
    pieces
}

fn attachment(shown: &Shown<'_>) -> Option<Value> {
    let heading = shown.heading.map(|text| MARKDOWN.text(text, TITLE));
    let heading = heading.filter(|heading| !heading.is_empty());
    let mut parts: Vec<String> = heading.iter().map(|text| format!("##### {text}")).collect();
    parts.extend(pieces(shown));
    let text = joined(&parts, "\n");
    let fields: Vec<Value> = shown
        .facts
        .iter()
        .map(|fact| {
            (
                LITERAL.text(&fact.label, TITLE),
                MARKDOWN.line(&fact.value, PIECE),
            )
        })
        .filter(|(label, value)| !label.is_empty() && !value.is_empty())
        .map(|(label, value)| json!({ "short": true, "title": label, "value": value }))
        .collect();
    if text.is_empty() && fields.is_empty() {
        return None;
    }
    let color = match shown.tone {
        Tone::Neutral => "#5b6b8c",
        Tone::Attention => "#e69f00",
        Tone::Good => "#2e9e5b",
    };
    let fallback = shown.heading.map(|text| LITERAL.text(text, FALLBACK));
    let fallback = fallback.filter(|text| !text.is_empty());
    let mut attachment = json!({
        "fallback": fallback.unwrap_or_else(|| "…".to_owned()), "color": color, "text": text,
    });
    if !fields.is_empty() {
        attachment["fields"] = fields.into();
    }
    Some(attachment)
}

fn aside(text: &str) -> String {
    format!("*{}*", MARKDOWN.text(text, PIECE))
}
