mod attempts;
mod draining;
mod receiver;
mod slack;
mod webhook;

use chrono::{DateTime, Utc};
use gatherd::config::{self, Kind, Sends};
use gatherd::deliver::{Channel, Letter};
use gatherd::mirror::DeliveryKind;
use gatherd::report::message::{Entry, Line, Message, Section};
use secrecy::SecretString;
use serde_json::{Value, json};

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Both kinds that are built; whatever holds for one must hold for the other.
pub const KINDS: [&str; 2] = ["slack", "webhook"];

pub fn channel(kind: &str, url: &str) -> Channel {
    channel_that_sends(kind, url, &[SECRET], &[Sends::Digest])
}

pub fn channel_that_sends(kind: &str, url: &str, secrets: &[&str], sends: &[Sends]) -> Channel {
    Channel::new(&config::Channel {
        name: "ops".to_owned(),
        kind: match kind {
            "slack" => Kind::Slack,
            _ => Kind::Webhook(
                secrets
                    .iter()
                    .map(|secret| SecretString::from(*secret))
                    .collect(),
            ),
        },
        url: SecretString::from(url),
        sends: sends.to_vec(),
        groups: Vec::new(),
        countries: Vec::new(),
        timezones: Vec::new(),
        digest: None,
    })
}

pub fn payload(channel: &Channel, message: &Message, document: &Value) -> Value {
    let letter = Letter {
        kind: DeliveryKind::Digest,
        at: at("2026-08-31T06:00:00Z"),
        message,
        document,
    };
    serde_json::from_str(&channel.payload(&letter)).unwrap()
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A digest of that many groups.
pub fn digest(groups: usize) -> Message {
    let entry = |n: usize| {
        Entry {
        lines: vec![
            Line::default()
                .text(format!("{n}. "))
                .link(format!("Group {n}"), format!("https://www.meetup.com/group-{n}/"))
                .text(" · a longer pause than usual · nothing for 19 weeks, its longest in two years."),
        ],
    }
    };
    Message {
        title: "ACME user groups · Monday 31 August".to_owned(),
        fallback: "46 groups met in the last 12 months".to_owned(),
        sections: vec![
            Section {
                heading: None,
                lines: vec![
                    Line::default()
                        .bold("46 groups met")
                        .text(" in the last 12 months; 86 the year before."),
                ],
                ..Section::default()
            },
            Section {
                heading: Some(format!("Please write to ({groups})")),
                entries: (1..=groups).map(entry).collect(),
                ..Section::default()
            },
            Section {
                heading: Some("Next two weeks".to_owned()),
                entries: (1..=2).map(entry).collect(),
                ..Section::default()
            },
        ],
        footer: vec![Line::plain("Data to 06:00 UTC, all groups read.")],
    }
}

pub fn document() -> Value {
    json!({ "schema_version": 1, "groups": [{ "name": "São Paulo <!channel>" }], "people": { "ambassadors": [] } })
}
