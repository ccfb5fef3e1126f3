//! Outside world out: the outbox drained to chat, one file per channel kind.
//!
//! A payload is rendered once, stored, and posted exactly as stored; only the signature of an
//! attempt is made when it is sent. No address, which is a secret, appears in any error.

mod answer;
mod courier;
mod cut;
mod discord;
mod drain;
mod fit;
mod google_chat;
mod letter;
mod markup;
mod matrix;
mod mattermost;
mod outbox;
mod slack;
mod teams;
mod webhook;

use chrono::{DateTime, Utc};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use answer::{Receipt, Told};
use courier::Posting;

pub use answer::Verdict;
pub use courier::{Courier, Patience};
pub use drain::{Drained, Persistence, drain};
pub use letter::Letter;
pub use outbox::{Fate, Lease, Note, Outbox, Parcel};

use crate::config::{self, Kind};
use crate::report::message::{Line, Message, Section};

/// A place messages are sent to.
#[derive(Debug, Clone)]
pub struct Channel {
    name: String,
    url: SecretString,
    service: Service,
}

/// What is spoken there, with what only it needs.
#[derive(Debug, Clone)]
enum Service {
    Slack,
    Discord,
    Teams,
    GoogleChat,
    Mattermost,
    Matrix(matrix::Room),
    Webhook(webhook::Seals),
}

impl Channel {
    /// The channel of these settings.
    pub fn new(settings: &config::Channel) -> Self {
        let service = match &settings.kind {
            Kind::Slack => Service::Slack,
            Kind::Discord => Service::Discord,
            Kind::Teams => Service::Teams,
            Kind::GoogleChat => Service::GoogleChat,
            Kind::Mattermost => Service::Mattermost,
            Kind::Matrix { token, room } => Service::Matrix(matrix::Room {
                token: token.clone(),
                id: room.clone(),
            }),
            Kind::Webhook(secrets) => {
                let has_people = settings.sends.contains(&config::Sends::People);
                Service::Webhook(webhook::Seals::new(secrets, has_people))
            }
        };
        Self {
            name: settings.name.clone(),
            url: settings.url.clone(),
            service,
        }
    }

    /// The name it is configured under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Exactly what is to be posted, within the service's limits.
    pub fn payload(&self, letter: &Letter<'_>) -> String {
        match &self.service {
            Service::Slack => slack::payload(letter.message),
            Service::Discord => discord::payload(letter),
            Service::Teams => teams::payload(letter.message),
            Service::GoogleChat => google_chat::payload(letter),
            Service::Mattermost => mattermost::payload(letter.message),
            Service::Matrix(_) => matrix::payload(letter.message),
            Service::Webhook(seals) => seals.payload(letter),
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
        let address = url::Url::parse(self.url.expose_secret()).ok();
        let mut posting = Posting {
            method: Method::POST,
            address: address.clone(),
            headers: Vec::new(),
            token: None,
            payload,
            url: &self.url,
            told: |_| Told::default(),
            receipt: Receipt::NoPage,
        };
        match &self.service {
            Service::Slack => posting.receipt = Receipt::Word("ok"),
            Service::Discord => {
                posting.address = address.map(discord::address);
                posting.told = discord::told;
            }
            Service::Teams => posting.told = teams::told,
            Service::GoogleChat => {
                posting.address = address.map(|url| google_chat::address(url, key));
                posting.told = google_chat::told;
            }
            Service::Mattermost => {
                posting.told = mattermost::told;
                posting.receipt = Receipt::Word("ok");
            }
            Service::Matrix(room) => {
                posting.method = Method::PUT;
                posting.address = address.and_then(|url| matrix::address(url, room, key));
                posting.token = Some(&room.token);
                posting.told = matrix::told;
            }
            Service::Webhook(seals) => {
                posting.headers = seals.headers(key, payload, now);
                posting.receipt = Receipt::Patient;
            }
        }
        courier.send(posting, now).await
    }

    /// Whether the other speaks to the same service.
    fn is_akin(&self, other: &Self) -> bool {
        std::mem::discriminant(&self.service) == std::mem::discriminant(&other.service)
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
        ..Message::default()
    };
    (message, document)
}
