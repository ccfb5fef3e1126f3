//! Google Chat: a space's webhook that takes cards.
//!
//! A card's texts are a small HTML, so they are escaped as such. The plain text above the card has
//! no escapes at all: there, signs that mean something are replaced by others that look like them.

use serde_json::{Value, json};

use super::Letter;
use super::answer::Told;
use super::cut::cut;
use super::fit::{Fit, Shown, fitted, over};
use super::markup::{Markup, Within, anchor, fallback, html};
use crate::mirror::DeliveryKind;
use crate::report::message::{Line, Message};

/// The whole payload in bytes; 32,000 are allowed.
const BUDGET: usize = 31_000;
/// Widgets of the card; what is beyond a hundred is dropped without a word.
const WIDGETS: usize = 100;
const TITLE: usize = 200;
/// One line or group.
const PIECE: usize = 2000;
/// One paragraph of several of them.
const PARAGRAPH: usize = 4000;
const TEXT: usize = 1000;

const HTML: Markup = Markup {
    escape: html,
    bold: ["<b>", "</b>"],
    code: ["", ""],
    link: anchor,
    newline: "<br>",
};

/// Text that Chat takes as it is.
const LITERAL: Markup = Markup {
    escape: |c, within, text| {
        text.push(match c {
            c if within == Within::Code => c,
            '<' => '\u{2039}',
            '>' => '\u{203a}',
            '*' => '\u{2217}',
            '_' => '\u{2cd}',
            '~' => '\u{223c}',
            '`' => '\u{2cb}',
            c => c,
        });
    },
    bold: ["", ""],
    code: ["", ""],
    link: |_| <[String; 2]>::default(),
    newline: "\n",
};

/// The message as a card under a line of text, cut by whole groups until it fits.
pub(super) fn payload(letter: &Letter<'_>) -> String {
    let sections = fitted(letter.message, render, |sections| {
        let widgets = sections
            .iter()
            .map(|it| it["widgets"].as_array().map_or(0, Vec::len));
        let size = envelope(letter, sections).to_string().len();
        over(size, BUDGET).max(over(widgets.sum(), WIDGETS))
    });
    envelope(letter, &sections).to_string()
}

/// Google answers in JSON.
pub(super) fn told(body: &str) -> Told {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let error = &body["error"];
    let why = match (error["status"].as_str(), error["message"].as_str()) {
        (Some(status), Some(message)) => Some(format!("{status}: {message}")),
        (status, message) => message.or(status).map(str::to_owned),
    };
    Told {
        why,
        ..Told::default()
    }
}

/// The address with what makes a thread, and an id by which the same message is posted once.
pub(super) fn address(mut url: url::Url, key: &str) -> url::Url {
    let added = [
        ("messageReplyOption", "REPLY_MESSAGE_FALLBACK_TO_NEW_THREAD"),
        ("requestId", key),
    ];
    for (name, value) in added {
        if !url.query_pairs().any(|(known, _)| known == name) {
            url.query_pairs_mut().append_pair(name, value);
        }
    }
    url
}

/// Alerts of a day stand together; anything else is a thread of its own, in which a second arrival
/// of the same message would land too.
fn thread(letter: &Letter<'_>) -> String {
    let kind = letter.kind.as_str();
    match letter.kind {
        DeliveryKind::Alert => format!("gatherd-{kind}-{}", letter.at.format("%Y-%m-%d")),
        DeliveryKind::Digest | DeliveryKind::Manual | DeliveryKind::Test => {
            format!("gatherd-{kind}-{}", letter.at.format("%Y%m%dT%H%M%S%3fZ"))
        }
    }
}

fn envelope(letter: &Letter<'_>, sections: &[Value]) -> Value {
    let mut payload = json!({
        "text": LITERAL.text(&fallback(letter.message, TEXT), TEXT),
        "thread": { "threadKey": thread(letter) },
    });
    let mut card = json!({});
    let title = LITERAL.text(&letter.message.title, TITLE);
    if !title.is_empty() {
        card["header"] = json!({ "title": title });
    }
    if !sections.is_empty() {
        card["sections"] = sections.into();
        payload["cardsV2"] = json!([{ "cardId": "gatherd", "card": card }]);
    }
    payload
}

fn render(message: &Message, fit: &Fit) -> Vec<Value> {
    let mut sections: Vec<Value> = fit.sections(message).iter().filter_map(section).collect();
    let mut last = Vec::new();
    if let Some(more) = fit.more_sections(message) {
        last.push(paragraph(&aside(&more)));
    }
    let footer = HTML.lines(&message.footer, PIECE);
    if !footer.is_empty() {
        last.push(paragraph(&format!(
            "<font color=\"#80868b\">{footer}</font>"
        )));
    }
    if !last.is_empty() {
        sections.push(json!({ "widgets": last }));
    }
    sections
}

fn section(shown: &Shown<'_>) -> Option<Value> {
    let mut widgets = packed(shown.lines.iter().map(|line| HTML.line(line, PIECE)));
    if shown.is_cut {
        widgets.push(paragraph("…"));
    }
    for fact in shown.facts {
        let value = HTML.line(&fact.value, PIECE);
        if !value.is_empty() {
            let label = cut(&LITERAL.text(&fact.label, TITLE), TITLE);
            let text = json!({ "topLabel": label, "text": value, "wrapText": true });
            widgets.push(json!({ "decoratedText": text }));
        }
    }
    let entries = shown.entries.iter();
    widgets.extend(packed(
        entries
            .map(|entry| HTML.lines(&entry.lines, PIECE))
            .chain(shown.more.as_deref().map(aside)),
    ));
    let heading = shown.heading.map(|text| HTML.strong(text, TITLE * 2));
    let heading = heading.filter(|heading| !heading.is_empty());
    if widgets.is_empty() {
        widgets.push(paragraph(&heading.clone()?));
        return Some(json!({ "widgets": widgets }));
    }
    Some(match heading {
        Some(heading) => json!({ "header": heading, "widgets": widgets }),
        None => json!({ "widgets": widgets }),
    })
}

/// Single lines share a paragraph; a group of several lines has its own.
fn packed(pieces: impl Iterator<Item = String>) -> Vec<Value> {
    let mut texts: Vec<String> = Vec::new();
    let mut is_open = false;
    for piece in pieces.filter(|piece| !piece.is_empty()) {
        let is_tall = piece.contains(HTML.newline);
        match texts.last_mut() {
            Some(text) if is_open && !is_tall && text.len() + piece.len() < PARAGRAPH => {
                text.push_str(HTML.newline);
                text.push_str(&piece);
            }
            _ => texts.push(piece),
        }
        is_open = !is_tall;
    }
    texts.iter().map(|text| paragraph(text)).collect()
}

fn aside(text: &str) -> String {
    format!("<i>{}</i>", HTML.line(&Line::plain(text), PIECE))
}

fn paragraph(text: &str) -> Value {
    json!({ "textParagraph": { "text": text } })
}
