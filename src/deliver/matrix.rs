//! Matrix: a room of a homeserver, posted to with the token of an account.
//!
//! The message's key is the transaction's id, so that the server takes it once however often it is
//! sent. It is a notice, as of a program, and says that it mentions nobody; older clients, which look
//! for "@room" in the text, find none. A picture is a message of its own after it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::answer::{Receipt, Told, Verdict};
use super::courier::{Body, Courier, Posting};
use super::fit::{Fit, Shown, fitted, over};
use super::markup::{Markup, Within, anchor, fallback, html, unbroken};
use super::pictured::{self, FILE, Pictured};
use crate::chart::GroupsMet;
use crate::report::message::Message;

/// A room, and the token of an account that may write there.
#[derive(Debug, Clone)]
pub(super) struct Room {
    pub(super) token: SecretString,
    pub(super) id: String,
}

/// The payload in bytes; the server adds its own to it, up to 65,536 in all.
const BUDGET: usize = 56_000;
const TITLE: usize = 300;
/// One line or group.
const PIECE: usize = 3000;

const HTML: Markup = Markup {
    escape: |c, within, text| match c {
        '@' => text.push('\u{ff20}'),
        c => html(c, within, text),
    },
    bold: ["<strong>", "</strong>"],
    code: ["<code>", "</code>"],
    link: anchor,
    newline: "<br>",
};

/// For clients that show no HTML: addresses are written out.
const LITERAL: Markup = Markup {
    escape: |c, _: Within, text| text.push(if c == '@' { '\u{ff20}' } else { c }),
    bold: ["", ""],
    code: ["", ""],
    link: |url| [String::new(), format!(" ({})", unbroken(url))],
    newline: "\n",
};

/// The message as a notice in HTML and in plain text, cut by whole groups until it fits.
pub(super) fn payload(message: &Message) -> String {
    let notice = fitted(message, envelope, |notice| {
        over(notice.to_string().len(), BUDGET)
    });
    Pictured::kept(&notice, message.picture())
}

/// Homeservers answer in JSON, older ones with the time to wait in it.
pub(super) fn told(body: &str) -> Told {
    let body: Value = serde_json::from_str(body).unwrap_or_default();
    let why = match (body["errcode"].as_str(), body["error"].as_str()) {
        (Some(code), Some(error)) => Some(format!("{code}: {error}")),
        (code, error) => error.or(code).map(str::to_owned),
    };
    Told {
        why,
        after: body["retry_after_ms"].as_u64().map(Duration::from_millis),
        ..Told::default()
    }
}

/// Where the message of that key goes; none if the server's address cannot have a path.
pub(super) fn address(mut url: url::Url, room: &Room, key: &str) -> Option<url::Url> {
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(["_matrix", "client", "v3", "rooms", &room.id])
        .extend(["send", "m.room.message", key]);
    Some(url)
}

/// What it takes to show a picture below a message that was sent.
pub(super) struct Showing<'a> {
    pub(super) courier: &'a Courier,
    pub(super) url: &'a SecretString,
    pub(super) room: &'a Room,
    /// Of the message.
    pub(super) key: &'a str,
}

impl Showing<'_> {
    /// Uploads the picture and sends it as an image, by a key of its own, so that it too comes once. Else why
    /// not: it is not tried again, since the server forgets keys.
    pub(super) async fn show(
        &self,
        groups_met: &GroupsMet,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let png = pictured::drawn(groups_met).await?;
        let (wide, high) = pictured::size(&png).unwrap_or_default();
        let info = json!({ "mimetype": "image/png", "size": png.len(), "w": wide, "h": high });
        let server = self.server();
        let body = Body::Other {
            kind: "image/png".to_owned(),
            bytes: png,
        };
        let uploaded = self.posting(Method::POST, server.clone().and_then(upload), body);
        let (verdict, answer) = self.courier.ask(uploaded, now).await;
        done(verdict)?;
        let answer: Value = serde_json::from_str(&answer).unwrap_or_default();
        let content = answer["content_uri"].as_str().unwrap_or_default();
        if !url::Url::parse(content).is_ok_and(|it| it.has_host()) {
            return Err("the server did not say where it keeps the picture".to_owned());
        }
        let image = json!({
            "msgtype": "m.image",
            "body": LITERAL.text(&groups_met.alt(), PIECE),
            "url": content,
            "info": info,
            "m.mentions": {},
        })
        .to_string();
        let key = format!("{}-picture", self.key);
        let place = server.and_then(|url| address(url, self.room, &key));
        let shown = self.posting(Method::PUT, place, Body::Json(&image));
        done(self.courier.send(shown, now).await)
    }

    fn server(&self) -> Option<url::Url> {
        url::Url::parse(self.url.expose_secret()).ok()
    }

    fn posting<'a>(
        &'a self,
        method: Method,
        address: Option<url::Url>,
        body: Body<'a>,
    ) -> Posting<'a> {
        Posting {
            method,
            address,
            headers: Vec::new(),
            token: Some(&self.room.token),
            body,
            url: self.url,
            told,
            receipt: Receipt::NoPage,
        }
    }
}

/// Where pictures are uploaded to.
fn upload(mut url: url::Url) -> Option<url::Url> {
    url.path_segments_mut()
        .ok()?
        .pop_if_empty()
        .extend(["_matrix", "media", "v3", "upload"]);
    url.query_pairs_mut().append_pair("filename", FILE);
    Some(url)
}

fn done(verdict: Verdict) -> Result<(), String> {
    match verdict {
        Verdict::Sent | Verdict::SentInPart { .. } => Ok(()),
        Verdict::Later { why, .. }
        | Verdict::Doubtful { why }
        | Verdict::Dead { why }
        | Verdict::Gone { why } => Err(why),
    }
}

fn envelope(message: &Message, fit: &Fit) -> Value {
    let title = message.title.as_str();
    let (mut rich, mut plain) = (String::new(), Vec::new());
    let heading = HTML.text(title, TITLE);
    if !heading.is_empty() {
        rich.push_str(&format!("<h3>{heading}</h3>"));
        plain.push(LITERAL.text(title, TITLE));
    }
    for shown in fit.sections(message) {
        section(&shown, &mut rich, &mut plain);
    }
    if let Some(more) = fit.more_sections(message) {
        rich.push_str(&format!("<p><em>{}</em></p>", HTML.text(&more, PIECE)));
        plain.push(LITERAL.text(&more, PIECE));
    }
    let footer = HTML.lines(&message.footer, PIECE);
    if !footer.is_empty() {
        rich.push_str(&format!("<p><em>{footer}</em></p>"));
        plain.push(LITERAL.lines(&message.footer, PIECE));
    }
    if plain.iter().all(String::is_empty) {
        let fallback = fallback(message, PIECE);
        plain = vec![LITERAL.text(&fallback, PIECE)];
        rich = HTML.text(&fallback, PIECE);
    }
    json!({
        "msgtype": "m.notice",
        "body": plain.join("\n").trim(),
        "format": "org.matrix.custom.html",
        "formatted_body": rich,
        "m.mentions": {},
    })
}

fn section(shown: &Shown<'_>, rich: &mut String, plain: &mut Vec<String>) {
    if let Some(text) = shown.heading {
        let heading = HTML.text(text, TITLE);
        if !heading.is_empty() {
            rich.push_str(&format!("<h4>{heading}</h4>"));
            plain.push(String::new());
            plain.push(LITERAL.text(text, TITLE));
        }
    }
    for line in shown.lines {
        rich.push_str(&wrapped("p", &HTML.line(line, PIECE)));
        plain.push(LITERAL.line(line, PIECE));
    }
    if shown.is_cut {
        rich.push_str("<p>…</p>");
        plain.push("…".to_owned());
    }
    let mut items = String::new();
    for fact in shown.facts {
        let (label, value) = (
            HTML.strong(&fact.label, TITLE),
            HTML.line(&fact.value, PIECE),
        );
        if !label.is_empty() && !value.is_empty() {
            items.push_str(&wrapped("li", &format!("{label}: {value}")));
            let label = LITERAL.text(&fact.label, TITLE);
            plain.push(format!("{label}: {}", LITERAL.line(&fact.value, PIECE)));
        }
    }
    for entry in shown.entries {
        items.push_str(&wrapped("li", &HTML.lines(&entry.lines, PIECE)));
        let text = LITERAL.lines(&entry.lines, PIECE).replace('\n', "\n  ");
        if !text.is_empty() {
            plain.push(format!("- {text}"));
        }
    }
    if let Some(more) = &shown.more {
        items.push_str(&wrapped(
            "li",
            &format!("<em>{}</em>", HTML.text(more, PIECE)),
        ));
        plain.push(LITERAL.text(more, PIECE));
    }
    rich.push_str(&wrapped("ul", &items));
}

fn wrapped(tag: &str, inner: &str) -> String {
    if inner.is_empty() {
        return String::new();
    }
    format!("<{tag}>{inner}</{tag}>")
}
