//! Microsoft Teams: a Workflows webhook that takes Adaptive Cards.
//!
//! The workflow says 202 before it looks at the card, and what is wrong with it never comes back: so
//! the card stays well within what Teams shows, and uses only what every Teams client shows alike; a client
//! that draws no charts shows the line that says the same.
//! Their markdown agrees on bold and links, but not on backslashes; signs that mean something are
//! therefore replaced by others that look like them.

use serde_json::{Value, json};

use super::answer::Told;
use super::fit::{Fit, Shown, fitted, over};
use super::markup::{Markup, Within, fallback, unbroken};
use crate::chart::GroupsMet;
use crate::report::message::{Message, Tone};

/// The whole payload in bytes. Documented are 28 KB; it fails from 21 KB.
const BUDGET: usize = 20_000;
const TITLE: usize = 200;
/// One line.
const PIECE: usize = 1500;
const FACT: usize = 300;
const FALLBACK: usize = 1000;

const MARKDOWN: Markup = Markup {
    escape: |c, within, text| {
        text.push(match c {
            c if within == Within::Code => c,
            '*' => '\u{2217}',
            '_' => '\u{2cd}',
            '`' => '\u{2cb}',
            '~' => '\u{223c}',
            '\\' => '\u{2216}',
            '[' => '\u{2045}',
            ']' => '\u{2046}',
            '<' => '\u{2039}',
            '>' => '\u{203a}',
            // {{DATE(...)}} would be computed.
            '{' => '\u{2774}',
            '}' => '\u{2775}',
            '#' => '\u{266f}',
            '|' => '\u{2223}',
            c => c,
        });
    },
    bold: ["**", "**"],
    // In quotes, so that what follows makes no link of brackets.
    code: ["“", "”"],
    link: |url| ["[".to_owned(), format!("]({})", unbroken(url))],
    newline: " ",
};

/// The message as an Adaptive Card, cut by whole groups until it fits.
pub(super) fn payload(message: &Message) -> String {
    fitted(
        message,
        |message, fit| envelope(message, &render(message, fit)).to_string(),
        |text| over(text.len(), BUDGET),
    )
}

/// Workflows answer in JSON when they refuse.
pub(super) fn told(body: &str) -> Told {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let error = &body["error"];
    let why = match (error["code"].as_str(), error["message"].as_str()) {
        (Some(code), Some(message)) => Some(format!("{code}: {message}")),
        (code, message) => message.or(code).map(str::to_owned),
    };
    Told {
        why,
        ..Told::default()
    }
}

fn envelope(message: &Message, body: &[Value]) -> Value {
    let fallback = MARKDOWN.text(&fallback(message, FALLBACK), FALLBACK);
    let body = if body.is_empty() {
        vec![block(&fallback, &json!({}))]
    } else {
        body.to_vec()
    };
    let card = json!({
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "fallbackText": fallback,
        "msteams": { "width": "Full" },
        "body": body,
    });
    json!({
        "type": "message",
        "summary": fallback,
        "attachments": [{
            "contentType": "application/vnd.microsoft.card.adaptive",
            "contentUrl": null,
            "content": card,
        }],
    })
}

fn render(message: &Message, fit: &Fit) -> Vec<Value> {
    let mut body = Vec::new();
    let title = MARKDOWN.text(&message.title, TITLE);
    if !title.is_empty() {
        let style = json!({ "size": "Large", "weight": "Bolder" });
        body.push(block(&title, &style));
    }
    for shown in fit.sections(message) {
        body.extend(section(&shown));
    }
    let aside = json!({ "isSubtle": true, "spacing": "Medium" });
    if let Some(more) = fit.more_sections(message) {
        body.push(block(&MARKDOWN.text(&more, PIECE), &aside));
    }
    let mut style = json!({ "isSubtle": true, "size": "Small", "separator": true });
    for line in message.footer.iter().take(10) {
        let text = MARKDOWN.line(line, PIECE / 2);
        if !text.is_empty() {
            body.push(block(&text, &style));
            style = json!({ "isSubtle": true, "size": "Small", "spacing": "None" });
        }
    }
    body
}

/// A section's parts; those with a colour in a box of their own.
fn section(shown: &Shown<'_>) -> Option<Value> {
    let mut items = Vec::new();
    let heading = shown.heading.map(|text| MARKDOWN.text(text, TITLE));
    if let Some(heading) = heading.filter(|text| !text.is_empty()) {
        let color = match shown.tone {
            Tone::Neutral => "Default",
            Tone::Attention => "Warning",
            Tone::Good => "Good",
        };
        let style = json!({ "weight": "Bolder", "size": "Medium", "color": color });
        items.push(block(&heading, &style));
    }
    let (above, drawn) = match (shown.lines, shown.picture) {
        ([above @ .., last], Some(picture)) => (above, Some((picture, last))),
        (lines, _) => (lines, None),
    };
    let small = json!({ "spacing": "Small" });
    for line in above {
        items.extend(line_of(&MARKDOWN.line(line, PIECE), &small));
    }
    if let Some((picture, line)) = drawn {
        let instead = block(&MARKDOWN.line(line, PIECE), &small);
        items.push(chart(picture, &instead));
    }
    if shown.is_cut {
        items.push(block("…", &json!({ "spacing": "None" })));
    }
    let facts: Vec<Value> = shown
        .facts
        .iter()
        .map(|fact| {
            (
                MARKDOWN.text(&fact.label, FACT),
                MARKDOWN.line(&fact.value, FACT),
            )
        })
        .filter(|(label, value)| !label.is_empty() && !value.is_empty())
        .map(|(label, value)| json!({ "title": label, "value": value }))
        .collect();
    if !facts.is_empty() {
        items.push(json!({ "type": "FactSet", "facts": facts, "spacing": "Small" }));
    }
    for entry in shown.entries {
        let is_tall = entry.lines.len() > 1;
        let mut style = json!({ "spacing": if is_tall { "Medium" } else { "Small" } });
        for line in &entry.lines {
            items.extend(line_of(&MARKDOWN.line(line, PIECE), &style));
            style = json!({ "spacing": "None" });
        }
    }
    if let Some(more) = &shown.more {
        let text = MARKDOWN.text(more, PIECE);
        items.push(block(
            &text,
            &json!({ "isSubtle": true, "spacing": "Small" }),
        ));
    }
    (!items.is_empty()).then(
        || json!({ "type": "Container", "spacing": "Large", "separator": true, "items": items }),
    )
}

/// Bars that Teams draws itself, and what stands there where it does not.
fn chart(groups_met: &GroupsMet, instead: &Value) -> Value {
    let mut bars: Vec<Value> = groups_met
        .bars()
        .into_iter()
        .map(|(month, groups)| json!({ "x": month, "y": groups }))
        .collect();
    // The last month still runs.
    if let Some(running) = bars.last_mut() {
        running["color"] = "categoricalLightBlue".into();
    }
    json!({
        "type": "Chart.VerticalBar",
        "title": MARKDOWN.text(&groups_met.title().text, TITLE),
        "showTitle": true,
        "yAxisTitle": "groups",
        "yMin": 0,
        "color": "categoricalBlue",
        "showBarValues": true,
        "data": bars,
        "spacing": "Small",
        "fallback": instead,
    })
}

fn line_of(text: &str, style: &Value) -> Option<Value> {
    (!text.is_empty()).then(|| block(text, style))
}

/// A text that wraps, in that style.
fn block(text: &str, style: &Value) -> Value {
    let mut block = json!({ "type": "TextBlock", "text": text, "wrap": true });
    if let (Some(block), Some(style)) = (block.as_object_mut(), style.as_object()) {
        block.extend(style.clone());
    }
    block
}
