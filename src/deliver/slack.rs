//! Slack: an incoming webhook that takes Block Kit.
//!
//! Everything is counted before it is sent, since Slack refuses a whole message for one block that
//! is too long. Links are written out (`verbatim`), so no name of a group can mention a channel or
//! turn into a link.

use secrecy::SecretString;
use serde_json::{Value, json};

use super::fit::{Fit, Kept};
use super::length;
use crate::report::clean;
use crate::report::message::{Line, Message, Section, Span};

const BLOCKS: usize = 50;
const HEADER: usize = 150;
const SECTION: usize = 3000;
/// All blocks together, as JSON; Slack's own limit is not documented and lies about a third above.
const BUDGET: usize = 9000;
/// One line or group: more than any real one, less than a block.
const PIECE: usize = 2000;
const FOOTER: usize = 1500;
const FALLBACK: usize = 2000;
/// Longer addresses are not linked.
const ADDRESS: usize = 1000;

/// A Slack incoming webhook.
#[derive(Debug, Clone)]
pub struct Slack {
    name: String,
    url: SecretString,
}

impl Slack {
    pub(super) fn new(name: &str, url: SecretString) -> Self {
        Self {
            name: name.to_owned(),
            url,
        }
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn url(&self) -> &SecretString {
        &self.url
    }
}

/// The message as `{text, blocks}`, cut by whole groups until it fits.
pub(super) fn payload(message: &Message) -> String {
    let mut fit = Fit::whole(message);
    let mut blocks = render(message, &fit);
    loop {
        let size = length(&Value::from(blocks.clone()).to_string());
        if size <= BUDGET && blocks.len() <= BLOCKS {
            break;
        }
        #[allow(clippy::cast_precision_loss)]
        let excess =
            (1.0 - BUDGET as f64 / size as f64).max(1.0 - BLOCKS as f64 / blocks.len() as f64);
        // Half the excess at a time: fast far from the goal, entry by entry close to it.
        if !fit.shrink(excess / 2.0) {
            break;
        }
        blocks = render(message, &fit);
    }
    let title = clean(&message.title);
    let fallback = match clean(&message.fallback) {
        text if text.is_empty() && title.is_empty() => "A message from gatherd".to_owned(),
        text if text.is_empty() => title,
        text => text,
    };
    let text = written(&[Line::plain(fallback)], FALLBACK);
    if blocks.is_empty() {
        return json!({ "text": text }).to_string();
    }
    json!({ "text": text, "blocks": blocks }).to_string()
}

fn render(message: &Message, fit: &Fit) -> Vec<Value> {
    let mut blocks = Vec::new();
    let title = cut(&clean(&message.title), HEADER, length);
    if !title.is_empty() {
        let text = json!({ "type": "plain_text", "text": title, "emoji": false });
        blocks.push(json!({ "type": "header", "text": text }));
    }
    for (section, kept) in message.sections.iter().zip(&fit.kept) {
        blocks.extend(packed(pieces(section, *kept)));
    }
    let left_out = message.sections.len() - fit.kept.len();
    if left_out > 0 {
        blocks.push(block(&format!("_and {left_out} more sections_")));
    }
    let footer = written(&message.footer, FOOTER);
    if !footer.is_empty() {
        blocks.push(json!({ "type": "context", "elements": [mrkdwn(&footer)] }));
    }
    blocks
}

/// The texts of a section that must not be torn apart.
fn pieces(section: &Section, kept: Kept) -> Vec<String> {
    let mut pieces = Vec::new();
    if let Some(heading) = &section.heading {
        pieces.push(written(&[Line::default().bold(heading)], PIECE));
    }
    let lines = &section.lines[..kept.lines];
    pieces.extend(
        lines
            .iter()
            .map(|line| written(std::slice::from_ref(line), PIECE)),
    );
    if kept.lines < section.lines.len() {
        pieces.push("…".to_owned());
    }
    let entries = &section.entries[..kept.entries];
    pieces.extend(entries.iter().map(|entry| written(&entry.lines, PIECE)));
    let unlisted = kept.unlisted(section);
    if unlisted > 0 {
        pieces.push(format!("_and {unlisted} more_"));
    }
    pieces.retain(|piece| !piece.is_empty());
    pieces
}

/// Packs pieces into as few blocks as hold them.
fn packed(pieces: Vec<String>) -> Vec<Value> {
    let mut texts: Vec<String> = Vec::new();
    for piece in pieces {
        match texts.last_mut() {
            Some(text) if length(text) + 1 + length(&piece) <= SECTION => {
                text.push('\n');
                text.push_str(&piece);
            }
            _ => texts.push(piece),
        }
    }
    texts.iter().map(|text| block(text)).collect()
}

fn block(text: &str) -> Value {
    json!({ "type": "section", "text": mrkdwn(text) })
}

fn mrkdwn(text: &str) -> Value {
    json!({ "type": "mrkdwn", "text": text, "verbatim": true })
}

/// Lines in Slack's markup, at most `limit` long; what is too long ends in "…", never inside an
/// entity, a link or a bold run.
fn written(lines: &[Line], limit: usize) -> String {
    let mut text = String::new();
    for line in lines {
        let start = if text.is_empty() { "" } else { "\n" };
        if length(&text) + start.len() + 1 >= limit {
            text.push('…');
            return text;
        }
        text.push_str(start);
        for span in &line.0 {
            // One is kept back for the "…".
            let room = limit - 1 - length(&text);
            let (piece, is_whole) = marked_up(span, room);
            text.push_str(&piece);
            if !is_whole {
                text.push('…');
                return text;
            }
        }
    }
    text.trim().to_owned()
}

/// One span within `room`, and whether all of it is there.
fn marked_up(span: &Span, room: usize) -> (String, bool) {
    let (before, raw, after) = match span {
        Span::Plain(text) => (String::new(), spaced(text), ""),
        // An asterisk inside would end the bold run.
        Span::Bold(text) => ("*".to_owned(), clean(text).replace('*', "\u{2217}"), "*"),
        Span::Link { text, url } => match address(url) {
            Some(url) => {
                let text = clean(text);
                (
                    format!("<{url}|"),
                    if text.is_empty() {
                        "link".to_owned()
                    } else {
                        text
                    },
                    ">",
                )
            }
            None => (String::new(), spaced(text), ""),
        },
    };
    if raw.is_empty() {
        return (String::new(), true);
    }
    let frame = length(&before) + after.len();
    if frame >= room {
        return (String::new(), false);
    }
    let inner = fitting(&raw, room - frame, |text| length(&escape(text)));
    if inner.trim().is_empty() {
        return (
            if raw.trim().is_empty() {
                inner.to_owned()
            } else {
                String::new()
            },
            inner.len() == raw.len(),
        );
    }
    (
        format!("{before}{}{after}", escape(inner)),
        inner.len() == raw.len(),
    )
}

/// Cleaned, but with the spaces at its ends that part it from its neighbours.
fn spaced(text: &str) -> String {
    let cleaned = clean(text);
    if cleaned.is_empty() {
        return if text.contains(' ') {
            " ".to_owned()
        } else {
            String::new()
        };
    }
    let before = if text.starts_with(' ') { " " } else { "" };
    let after = if text.ends_with(' ') { " " } else { "" };
    format!("{before}{cleaned}{after}")
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

/// An address safe inside `<...|`, or none.
fn address(url: &str) -> Option<String> {
    let parsed = url::Url::parse(url.trim())
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let text = parsed
        .as_str()
        .replace('|', "%7C")
        .replace('<', "%3C")
        .replace('>', "%3E")
        .replace('&', "&amp;");
    (length(&text) <= ADDRESS).then_some(text)
}

/// The longest beginning of `text` that measures at most `limit`, not parting what is one sign.
fn fitting(text: &str, limit: usize, measure: impl Fn(&str) -> usize) -> &str {
    if measure(text) <= limit {
        return text;
    }
    let mut end = 0;
    let mut used = 0;
    for (start, c) in text.char_indices() {
        let next = start + c.len_utf8();
        used += measure(&text[start..next]);
        if used > limit {
            break;
        }
        end = next;
    }
    while end > 0 && text[end..].starts_with(joins_what_is_before) {
        end -= text[..end].chars().next_back().map_or(0, char::len_utf8);
    }
    text[..end].trim_end_matches('\u{200d}')
}

/// Combining marks, variation selectors, skin tones and joiners belong to the sign before them.
fn joins_what_is_before(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{1ab0}'..='\u{1aff}' | '\u{20d0}'..='\u{20ff}' | '\u{200d}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

/// Plain text within a limit, "…" included.
fn cut(text: &str, limit: usize, measure: impl Fn(&str) -> usize) -> String {
    if measure(text) <= limit {
        return text.to_owned();
    }
    format!("{}…", fitting(text, limit - 1, measure).trim_end())
}
