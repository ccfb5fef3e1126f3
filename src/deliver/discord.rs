//! Discord: a webhook that takes embeds.
//!
//! A topic is an embed, so that each has its heading and colour. Mentions are switched off for the
//! whole message, and every sign that markdown knows is escaped.

use serde_json::{Map, Value, json};

use super::Letter;
use super::answer::{Told, seconds};
use super::cut::{cut, length};
use super::fit::{Fit, Shown, fitted, over};
use super::markup::{Markup, Within, fallback, joined, unbroken};
use super::pictured::{FILE, Pictured};
use crate::report::message::{Message, Tone};

const EMBEDS: usize = 10;
const TITLE: usize = 256;
const DESCRIPTION: usize = 4096;
const FIELDS: usize = 25;
const FIELD_NAME: usize = 256;
const FIELD_VALUE: usize = 1024;
const FOOTER: usize = 2048;
/// All texts of all embeds together.
const TOTAL: usize = 6000;
const CONTENT: usize = 2000;
/// What is said of a picture.
const ALT: usize = 1024;
/// One line or group.
const PIECE: usize = 1500;
/// The footer, so that it cannot push everything else out.
const FOOTER_SHARE: usize = 1500;

const MARKDOWN: Markup = Markup {
    escape: |c, within, text| {
        if within != Within::Code && "\\*_`~|<>[]()#-+:@".contains(c) {
            text.push('\\');
        }
        text.push(c);
    },
    bold: ["**", "**"],
    code: ["`", "`"],
    link: |url| ["[".to_owned(), format!("]({})", unbroken(url))],
    newline: "\n",
};

/// For the footer, which is shown as it is.
const LITERAL: Markup = Markup {
    escape: |c, _, text| {
        text.push(match c {
            '@' => '\u{ff20}',
            '<' => '\u{2039}',
            '>' => '\u{203a}',
            c => c,
        });
    },
    bold: ["", ""],
    code: ["", ""],
    link: |_| <[String; 2]>::default(),
    newline: "\n",
};

/// One embed as it is put together.
struct Embed {
    title: String,
    tone: Tone,
    pieces: Vec<String>,
    facts: Vec<[String; 2]>,
    footer: String,
}

/// The message as embeds, cut by whole groups until it fits.
pub(super) fn payload(letter: &Letter<'_>) -> String {
    let message = letter.message;
    let embeds = fitted(message, render, |embeds| {
        let parts = embeds.iter().map(Embed::over).fold(0.0, f64::max);
        let total = embeds.iter().map(Embed::size).sum();
        parts.max(over(total, TOTAL))
    });
    let mut embeds: Vec<Map<String, Value>> = embeds.iter().filter_map(Embed::json).collect();
    let nobody = json!({ "parse": [] });
    let Some(last) = embeds.last_mut() else {
        let content = MARKDOWN.text(&fallback(message, CONTENT), CONTENT);
        return json!({ "content": content, "allowed_mentions": nobody }).to_string();
    };
    last.insert("timestamp".to_owned(), letter.at.to_rfc3339().into());
    let payload = json!({ "embeds": embeds, "allowed_mentions": nobody });
    Pictured::kept(&payload, message.picture())
}

/// The message with a picture in its first embed, which is uploaded with it.
pub(super) fn with_picture(message: &Value, alt: &str) -> Value {
    let mut with = message.clone();
    with["embeds"][0]["image"] = json!({ "url": format!("attachment://{FILE}") });
    let alt = cut(alt, ALT);
    with["attachments"] = json!([{ "id": 0, "filename": FILE, "description": alt }]);
    with
}

/// Discord answers in JSON, with the time to wait as a number.
pub(super) fn told(body: &str) -> Told {
    let Ok(body) = serde_json::from_str::<Value>(body) else {
        return Told::default();
    };
    let mut why = Vec::new();
    if let Some(message) = body["message"].as_str() {
        why.push(match body["code"].as_i64() {
            Some(code) if code > 0 => format!("{message} (code {code})"),
            _ => message.to_owned(),
        });
    }
    refusals(&body["errors"], "", &mut why);
    Told {
        why: (!why.is_empty()).then(|| why.join("; ")),
        after: body["retry_after"].as_f64().and_then(seconds),
        is_global: body["global"] == true,
    }
}

/// Which parts of a payload were refused, from as deep as they are told.
fn refusals(errors: &Value, path: &str, why: &mut Vec<String>) {
    for (key, inner) in errors.as_object().into_iter().flatten() {
        if key == "_errors" {
            for error in inner.as_array().into_iter().flatten() {
                let message = error["message"].as_str().unwrap_or_default();
                why.push(format!("{}: {message}", path.trim_matches('.')));
            }
        } else if path.len() < 200 {
            refusals(inner, &format!("{path}.{key}"), why);
        }
    }
}

/// The address that answers only once the message is there, or why it is not.
pub(super) fn address(mut url: url::Url) -> url::Url {
    if !url.query_pairs().any(|(name, _)| name == "wait") {
        url.query_pairs_mut().append_pair("wait", "true");
    }
    url
}

fn render(message: &Message, fit: &Fit) -> Vec<Embed> {
    let mut embeds = vec![Embed::new(&message.title, Tone::Neutral)];
    for (nth, shown) in fit.sections(message).iter().enumerate() {
        match shown.heading {
            Some(heading) if embeds.len() < EMBEDS => {
                embeds.push(Embed::new(heading, shown.tone));
            }
            Some(heading) => {
                let bold = MARKDOWN.strong(heading, PIECE);
                push(&mut embeds, |embed| embed.pieces.push(bold));
            }
            None if nth > 0 && embeds.len() < EMBEDS => embeds.push(Embed::new("", shown.tone)),
            None => {}
        }
        push(&mut embeds, |embed| embed.fill(shown));
    }
    if let Some(more) = fit.more_sections(message) {
        push(&mut embeds, |embed| embed.pieces.push(aside(&more)));
    }
    let footer = LITERAL.lines(&message.footer, FOOTER_SHARE.min(FOOTER));
    push(&mut embeds, |embed| embed.footer = footer);
    embeds
}

fn push(embeds: &mut [Embed], what: impl FnOnce(&mut Embed)) {
    if let Some(embed) = embeds.last_mut() {
        what(embed);
    }
}

fn aside(text: &str) -> String {
    format!("*{}*", MARKDOWN.text(text, PIECE))
}

impl Embed {
    fn new(title: &str, tone: Tone) -> Self {
        Self {
            title: MARKDOWN.text(title, TITLE),
            tone,
            pieces: Vec::new(),
            facts: Vec::new(),
            footer: String::new(),
        }
    }

    fn fill(&mut self, shown: &Shown<'_>) {
        let lines = shown.lines.iter().map(|line| MARKDOWN.line(line, PIECE));
        self.pieces.extend(lines);
        if shown.is_cut {
            self.pieces.push("…".to_owned());
        }
        for fact in shown.facts {
            let name = MARKDOWN.text(&fact.label, FIELD_NAME);
            let value = MARKDOWN.line(&fact.value, FIELD_VALUE);
            if !name.is_empty() && !value.is_empty() {
                self.facts.push([name, value]);
            }
        }
        let entries = shown.entries.iter();
        self.pieces
            .extend(entries.map(|entry| MARKDOWN.lines(&entry.lines, PIECE)));
        self.pieces.extend(shown.more.as_deref().map(aside));
    }

    fn description(&self) -> String {
        joined(&self.pieces, "\n")
    }

    fn size(&self) -> usize {
        let facts = self.facts.iter().flatten().map(|text| length(text));
        length(&self.title)
            + length(&self.description())
            + length(&self.footer)
            + facts.sum::<usize>()
    }

    fn over(&self) -> f64 {
        over(length(&self.description()), DESCRIPTION).max(over(self.facts.len(), FIELDS))
    }

    /// None where nothing is in it.
    fn json(&self) -> Option<Map<String, Value>> {
        let mut embed = Map::new();
        let description = self.description();
        for (key, text) in [("title", &self.title), ("description", &description)] {
            if !text.is_empty() {
                embed.insert(key.to_owned(), text.as_str().into());
            }
        }
        if !self.facts.is_empty() {
            let field = |[name, value]: &[String; 2]| json!({ "name": name, "value": value, "inline": true });
            let fields: Vec<Value> = self.facts.iter().map(field).collect();
            embed.insert("fields".to_owned(), fields.into());
        }
        if !self.footer.is_empty() {
            embed.insert("footer".to_owned(), json!({ "text": self.footer }));
        }
        if embed.is_empty() {
            return None;
        }
        let color = match self.tone {
            Tone::Neutral => 0x5b_6b_8c,
            Tone::Attention => 0xe6_9f_00,
            Tone::Good => 0x2e_9e_5b,
        };
        embed.insert("color".to_owned(), color.into());
        Some(embed)
    }
}
