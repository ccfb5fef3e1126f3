//! Outside world out: the outbox drained to chat, one file per channel kind.
//!
//! A payload is rendered once, stored, and posted exactly as stored; only the signature of an
//! attempt is made when it is sent. No address, which is a secret, appears in any error.

mod answer;
mod courier;
mod drain;
mod fit;
mod outbox;
mod slack;
mod webhook;

use chrono::{DateTime, Utc};
use secrecy::{ExposeSecret, SecretString};

pub use answer::Verdict;
pub use courier::{Courier, Patience};
pub use drain::{Drained, Persistence, drain};
pub use outbox::{Fate, Lease, Note, Outbox, Parcel};
pub use slack::Slack;
pub use webhook::Webhook;

use crate::config;
use crate::mirror::DeliveryKind;
use crate::report::message::{Line, Message, Section};

/// A place messages are sent to.
#[derive(Debug, Clone)]
pub enum Channel {
    /// A Slack incoming webhook.
    Slack(Slack),
    /// A signed webhook.
    Webhook(Webhook),
}

/// A message about to be addressed: in words for people, and as a document for programs.
#[derive(Debug, Clone)]
pub struct Letter<'a> {
    /// What it is.
    pub kind: DeliveryKind,
    /// When it was composed.
    pub at: DateTime<Utc>,
    /// For people.
    pub message: &'a Message,
    /// For programs: the report's JSON.
    pub document: &'a serde_json::Value,
}

impl Channel {
    /// The channel of these settings.
    pub fn new(settings: &config::Channel) -> Self {
        let has_people = settings.sends.contains(&config::Sends::People);
        match &settings.kind {
            config::Kind::Slack => Self::Slack(Slack::new(&settings.name, settings.url.clone())),
            config::Kind::Webhook(secrets) => Self::Webhook(Webhook::new(
                &settings.name,
                settings.url.clone(),
                secrets,
                has_people,
            )),
        }
    }

    /// The name it is configured under.
    pub fn name(&self) -> &str {
        match self {
            Self::Slack(slack) => slack.name(),
            Self::Webhook(webhook) => webhook.name(),
        }
    }

    /// Exactly what is to be posted, within the service's limits.
    pub fn payload(&self, letter: &Letter<'_>) -> String {
        match self {
            Self::Slack(_) => slack::payload(letter.message),
            Self::Webhook(webhook) => webhook.payload(letter),
        }
    }

    /// Posts a stored payload once. `key` is the same for every attempt.
    pub async fn send(
        &self,
        courier: &Courier,
        key: &str,
        payload: &str,
        now: DateTime<Utc>,
    ) -> Verdict {
        let (url, headers) = match self {
            Self::Slack(slack) => (slack.url(), Vec::new()),
            Self::Webhook(webhook) => (webhook.url(), webhook.headers(key, payload, now)),
        };
        courier.post(url, &headers, payload, now).await
    }
}

/// A test line, for `deliveries test`: in words, and as a document.
pub fn test_line(channel: &str) -> (Message, serde_json::Value) {
    let line =
        format!("This is a test from gatherd. Messages for the channel {channel} arrive here.");
    let document = serde_json::json!({ "channel": channel, "message": line });
    let section = Section {
        lines: vec![Line::plain(&line)],
        ..Section::default()
    };
    let message = Message {
        title: "A test from gatherd".to_owned(),
        fallback: line,
        sections: vec![section],
        footer: Vec::new(),
    };
    (message, document)
}

/// Length as the services may count it: characters or UTF-16 units, whichever is more (it is always
/// the units, since every character is at least one).
fn length(text: &str) -> usize {
    text.encode_utf16().count()
}

/// Hides every trace of a secret address in text that came back from outside.
fn without_secrets(text: &str, url: &SecretString) -> String {
    let url = url.expose_secret();
    let mut traces = vec![url.to_owned()];
    if let Ok(parsed) = url::Url::parse(url) {
        traces.push(parsed.to_string());
        traces.push(parsed.path().to_owned());
        traces.extend(
            parsed
                .path_segments()
                .into_iter()
                .flatten()
                .map(str::to_owned),
        );
        traces.extend(parsed.query().map(str::to_owned));
        traces.extend(parsed.query_pairs().map(|(_, value)| value.into_owned()));
    }
    traces.retain(|trace| trace.len() >= 6);
    traces.sort_by_key(|trace| std::cmp::Reverse(trace.len()));
    traces
        .iter()
        .fold(text.to_owned(), |text, trace| text.replace(trace, "…"))
}
