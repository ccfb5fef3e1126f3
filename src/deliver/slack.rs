//! Slack: an incoming webhook that takes Block Kit.
//!
//! Everything is counted before it is sent, since Slack refuses a whole message for one block that
//! is too long. Links are written out (`verbatim`), so no name of a group can mention a channel or
//! turn into a link.

use serde_json::{Value, json};

use super::cut::{cut, length};
use super::fit::{Fit, Shown, fitted, over};
use super::markup::{Markup, Within, fallback, joined};
use crate::report::message::Message;

const BLOCKS: usize = 50;
const HEADER: usize = 150;
const SECTION: usize = 3000;
/// Named figures in one block.
const FIELDS: usize = 10;
const FIELD: usize = 2000;
/// All blocks together, as JSON; Slack's own limit is not documented and lies about a third above.
const BUDGET: usize = 9000;
/// One line or group: more than any real one, less than a block.
const PIECE: usize = 2000;
const FOOTER: usize = 1500;
const FALLBACK: usize = 2000;

const MRKDWN: Markup = Markup {
    escape: |c, within, text| match c {
        '&' => text.push_str("&amp;"),
        '<' => text.push_str("&lt;"),
        '>' => text.push_str("&gt;"),
        // Slack has no escape for it, and it would end the bold run.
        '*' if within == Within::Bold => text.push('\u{2217}'),
        c => text.push(c),
    },
    bold: ["*", "*"],
    code: ["`", "`"],
    link: |url| {
        let address = url
            .as_str()
            .replace('|', "%7C")
            .replace('<', "%3C")
            .replace('>', "%3E")
            .replace('&', "&amp;");
        [format!("<{address}|"), ">".to_owned()]
    },
    newline: "\n",
};

/// The message as `{text, blocks}`, cut by whole groups until it fits.
pub(super) fn payload(message: &Message) -> String {
    let blocks = fitted(message, render, |blocks| {
        let size = length(&Value::from(blocks.clone()).to_string());
        over(size, BUDGET).max(over(blocks.len(), BLOCKS))
    });
    let text = MRKDWN.text(&fallback(message, FALLBACK), FALLBACK);
    if blocks.is_empty() {
        return json!({ "text": text }).to_string();
    }
    json!({ "text": text, "blocks": blocks }).to_string()
}

fn render(message: &Message, fit: &Fit) -> Vec<Value> {
    let mut blocks = Vec::new();
    // Plain text needs no escapes, but nobody should have to rely on that.
    let title = cut(&message.title, HEADER)
        .replace('<', "\u{2039}")
        .replace('>', "\u{203a}");
    if !title.is_empty() {
        let text = json!({ "type": "plain_text", "text": title, "emoji": false });
        blocks.push(json!({ "type": "header", "text": text }));
    }
    for shown in fit.sections(message) {
        blocks.extend(section(&shown));
    }
    if let Some(more) = fit.more_sections(message) {
        blocks.push(block(&aside(&more)));
    }
    let footer = MRKDWN.lines(&message.footer, FOOTER);
    if !footer.is_empty() {
        blocks.push(json!({ "type": "context", "elements": [mrkdwn(&footer)] }));
    }
    blocks
}

fn section(shown: &Shown<'_>) -> Vec<Value> {
    let mut above = Vec::new();
    if let Some(heading) = shown.heading {
        above.push(MRKDWN.strong(heading, PIECE));
    }
    above.extend(shown.lines.iter().map(|line| MRKDWN.line(line, PIECE)));
    if shown.is_cut {
        above.push("…".to_owned());
    }
    let mut below: Vec<String> = shown
        .entries
        .iter()
        .map(|entry| MRKDWN.lines(&entry.lines, PIECE))
        .collect();
    below.extend(shown.more.as_deref().map(aside));
    if shown.facts.is_empty() {
        above.extend(below);
        return packed(above);
    }
    let mut blocks = packed(above);
    blocks.extend(facts(shown));
    blocks.extend(packed(below));
    blocks
}

/// Texts that must not be torn apart, in as few blocks as hold them.
fn packed(pieces: Vec<String>) -> Vec<Value> {
    let mut groups: Vec<Vec<String>> = vec![Vec::new()];
    for piece in pieces {
        if let Some(group) = groups.last_mut() {
            group.push(piece);
            if group.len() > 1 && length(&joined(group, "\n")) > SECTION {
                let moved = group.pop();
                groups.push(moved.into_iter().collect());
            }
        }
    }
    let texts = groups.iter().map(|group| joined(group, "\n"));
    texts
        .filter(|text| !text.is_empty())
        .map(|text| block(&text))
        .collect()
}

/// Figures side by side.
fn facts(shown: &Shown<'_>) -> Vec<Value> {
    let fields: Vec<Value> = shown
        .facts
        .iter()
        .map(|fact| {
            let label = MRKDWN.strong(&fact.label, FIELD / 2 - 1);
            let value = MRKDWN.line(&fact.value, FIELD / 2);
            format!("{label}\n{value}").trim().to_owned()
        })
        .filter(|text| !text.is_empty())
        .map(|text| mrkdwn(&text))
        .collect();
    fields
        .chunks(FIELDS)
        .map(|fields| json!({ "type": "section", "fields": fields }))
        .collect()
}

/// What is not shown, in italics.
fn aside(text: &str) -> String {
    format!("_{}_", MRKDWN.text(text, PIECE))
}

fn block(text: &str) -> Value {
    json!({ "type": "section", "text": mrkdwn(text) })
}

fn mrkdwn(text: &str) -> Value {
    json!({ "type": "mrkdwn", "text": text, "verbatim": true })
}
