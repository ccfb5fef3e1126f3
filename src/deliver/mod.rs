//! Outside world out: the outbox drained to chat, one file per channel kind.
//!
//! A payload is rendered once, stored, and posted exactly as stored; only the signature of an
//! attempt is made when it is sent, and a picture is drawn from its stored figures. No address, which is a secret, appears in any error.

mod answer;
mod courier;
mod cut;
mod discord;
mod drain;
mod email;
mod fit;
mod google_chat;
mod heartbeat;
mod letter;
mod markup;
mod matrix;
mod mattermost;
mod outbox;
mod pictured;
mod shown;
mod slack;
mod teams;
mod webhook;

use chrono::{DateTime, Utc};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};

use answer::{FAIR_ATTEMPTS, Receipt, Told};
use courier::{Body, Posting};
use pictured::{Pictured, undrawn};
use shown::Signs;

pub use answer::Verdict;
pub use courier::{Courier, Patience};
pub use drain::{Drained, Persistence, drain};
pub use heartbeat::Heartbeat;
pub use letter::Letter;
pub use outbox::{Fate, Lease, Note, Outbox, Parcel};

use crate::config::{self, Kind};
use crate::report::message::{Line, Message, Section};

/// A place messages are sent to.
#[derive(Debug, Clone)]
pub struct Channel {
    name: String,
    url: SecretString,
    /// Whether pictures go with its messages.
    has_pictures: bool,
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
    Email(email::Post),
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
            Kind::Email(email) => Service::Email(email::Post::new(email, &settings.url)),
            Kind::Webhook(secrets) => {
                let has_people = settings.sends.contains(&config::Sends::People);
                Service::Webhook(webhook::Seals::new(secrets, has_people))
            }
        };
        Self {
            name: settings.name.clone(),
            url: settings.url.clone(),
            has_pictures: settings.pictures,
            service,
        }
    }

    /// The name it is configured under.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What is to be posted, within the service's limits: exactly that, but that a picture is kept beside it by its
    /// figures.
    pub fn payload(&self, letter: &Letter<'_>) -> String {
        let undrawn = (!self.has_pictures).then(|| letter.message.undrawn());
        let letter = &Letter {
            message: undrawn.as_ref().unwrap_or(letter.message),
            ..*letter
        };
        match &self.service {
            Service::Slack => slack::payload(letter.message),
            Service::Discord => discord::payload(letter),
            Service::Teams => teams::payload(letter.message),
            Service::GoogleChat => google_chat::payload(letter),
            Service::Mattermost => mattermost::payload(letter.message),
            Service::Matrix(_) => matrix::payload(letter.message),
            Service::Email(_) => email::payload(letter),
            Service::Webhook(seals) => seals.payload(letter),
        }
    }

    /// What a payload says there, in lines without markup; none for a webhook, which gets a document for programs.
    #[must_use]
    pub fn shown(&self, payload: &str) -> Option<String> {
        let (signs, instead) = match &self.service {
            Service::Slack => (Signs::Slack, &["text"][..]),
            Service::Discord => (Signs::Markdown, &["allowed_mentions"][..]),
            Service::Teams => (Signs::Markdown, &["summary"][..]),
            Service::GoogleChat => (Signs::Html, &["text", "thread"][..]),
            Service::Mattermost => (Signs::Markdown, &["username"][..]),
            Service::Matrix(_) => (Signs::None, &["formatted_body"][..]),
            Service::Email(_) => (Signs::None, &["html", "subject", "date"][..]),
            Service::Webhook(_) => return None,
        };
        Some(shown::lines(payload, signs, instead))
    }

    /// Posts a stored payload once. `key` is the same for every attempt.
    pub async fn send(
        &self,
        courier: &Courier,
        key: &str,
        payload: &str,
        now: DateTime<Utc>,
    ) -> Verdict {
        self.attempt(courier, (key, payload), 1, now).await
    }

    /// The same for the attempt of that number, from 1: what could keep the message from arriving at all is not tried
    /// for ever.
    async fn attempt(
        &self,
        courier: &Courier,
        (key, payload): (&str, &str),
        nth: u32,
        now: DateTime<Utc>,
    ) -> Verdict {
        if let Service::Email(post) = &self.service {
            return post.send(courier, (&self.name, key, payload), nth).await;
        }
        let pictured = match self.service {
            Service::Discord | Service::Matrix(_) => Pictured::read(payload),
            _ => None,
        };
        let Some(Pictured { message, picture }) = pictured else {
            let posting = self.posting(key, Body::Json(payload), now);
            return courier.send(posting, now).await;
        };
        let text = message.to_string();
        let plain = || self.posting(key, Body::Json(&text), now);
        match &self.service {
            Service::Matrix(room) => {
                // The message comes first, so that nothing of the picture can hold it up.
                let sent = courier.send(plain(), now).await;
                if sent != Verdict::Sent {
                    return sent;
                }
                let showing = matrix::Showing {
                    courier,
                    url: &self.url,
                    room,
                    key,
                };
                match showing.show(&picture, now).await {
                    Ok(()) => Verdict::Sent,
                    Err(why) => Verdict::SentInPart {
                        lacks: undrawn(&why),
                    },
                }
            }
            // Message and picture are one request: what is refused for the picture goes without.
            _ => {
                let why = match pictured::drawn(&picture).await {
                    Err(why) => why,
                    Ok(_) if nth > FAIR_ATTEMPTS => "it did not arrive with it".to_owned(),
                    Ok(png) => {
                        let with = discord::with_picture(&message, &picture.alt());
                        let form = pictured::form(&with, &png);
                        match courier.send(self.posting(key, form, now), now).await {
                            Verdict::Dead { why } => why,
                            verdict => return verdict,
                        }
                    }
                };
                match courier.send(plain(), now).await {
                    Verdict::Sent => Verdict::SentInPart {
                        lacks: undrawn(&why),
                    },
                    verdict => verdict,
                }
            }
        }
    }

    /// One request, with what the service wants besides its body.
    fn posting<'a>(&'a self, key: &str, body: Body<'a>, now: DateTime<Utc>) -> Posting<'a> {
        let address = url::Url::parse(self.url.expose_secret()).ok();
        let mut posting = Posting {
            method: Method::POST,
            address: address.clone(),
            headers: Vec::new(),
            token: None,
            body,
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
            // It has no requests.
            Service::Email(_) => {}
            Service::Webhook(seals) => {
                if let Body::Json(payload) = &posting.body {
                    posting.headers = seals.headers(key, payload, now);
                }
                posting.receipt = Receipt::Patient;
            }
        }
        posting
    }

    /// Whether mail would be taken there, where it is e-mail; none: it is not. In words what is wrong.
    pub async fn reach_by_mail(&self, courier: &Courier) -> Option<Result<(), String>> {
        match &self.service {
            Service::Email(post) => Some(post.reach(courier).await),
            _ => None,
        }
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
