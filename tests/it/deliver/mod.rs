mod contract;
mod draining;
mod email;
mod pictures;
pub mod post_office;
mod receiver;
mod slack;
mod webhook;

pub use contract::shown_by_all;

use chrono::{DateTime, Utc};
use gatherd::config::{self, Kind, Sends};
use gatherd::deliver::{Channel, Letter};
use gatherd::mirror::DeliveryKind;
use gatherd::report::message::{Entry, Fact, Line, Message, Section, Tone};
use secrecy::SecretString;
use serde_json::{Value, json};

pub const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Every kind there is; whatever holds for one must hold for all.
pub const KINDS: [&str; 8] = [
    "slack",
    "discord",
    "teams",
    "google_chat",
    "mattermost",
    "matrix",
    "email",
    "webhook",
];

/// Those that are sent to over HTTP. What answers mean in e-mail is held by `email`, claim for claim.
pub const POSTED: [&str; 7] = [
    "slack",
    "discord",
    "teams",
    "google_chat",
    "mattermost",
    "matrix",
    "webhook",
];

pub fn channel(kind: &str, url: &str) -> Channel {
    channel_named("ops", kind, url)
}

pub fn channel_named(name: &str, kind: &str, url: &str) -> Channel {
    Channel::new(&settings(name, kind, url, &[SECRET], &[Sends::Digest]))
}

pub fn webhook_that_sends(url: &str, secrets: &[&str], sends: &[Sends]) -> Channel {
    Channel::new(&settings("ops", "webhook", url, secrets, sends))
}

/// One to which no pictures go.
pub fn channel_without_pictures(kind: &str) -> Channel {
    let settings = settings("ops", kind, "https://x", &[SECRET], &[Sends::Digest]);
    Channel::new(&config::Channel {
        pictures: false,
        ..settings
    })
}

fn settings(
    name: &str,
    kind: &str,
    url: &str,
    secrets: &[&str],
    sends: &[Sends],
) -> config::Channel {
    let secret = |secret: &&str| SecretString::from(*secret);
    config::Channel {
        name: name.to_owned(),
        kind: match kind {
            "slack" => Kind::Slack,
            "discord" => Kind::Discord,
            "teams" => Kind::Teams,
            "google_chat" => Kind::GoogleChat,
            "mattermost" => Kind::Mattermost,
            "matrix" => Kind::Matrix {
                token: SecretString::from("syt_secrettoken"),
                room: "!room:example.org".to_owned(),
            },
            "email" => Kind::Email(config::Email {
                from: "gatherd <gatherd@example.org>".parse().unwrap(),
                to: vec!["ann@example.org".parse().unwrap()],
                login: None,
            }),
            "webhook" => Kind::Webhook(secrets.iter().map(secret).collect()),
            other => panic!("no kind {other}"),
        },
        url: SecretString::from(url),
        sends: sends.to_vec(),
        access: gatherd::community::Access::default(),
        digest: None,
        memory: Default::default(),
        pictures: true,
    }
}

pub fn payload(channel: &Channel, message: &Message, document: &Value) -> Value {
    let letter = Letter {
        kind: DeliveryKind::Digest,
        at: at("2026-08-31T06:00:00Z"),
        message,
        document,
    };
    posted(&channel.payload(&letter))
}

/// Of what the outbox keeps, what is posted as text: a picture stands beside it by its figures.
pub fn posted(kept: &str) -> Value {
    let mut kept: Value = serde_json::from_str(kept).unwrap();
    match kept.get("picture") {
        Some(_) => kept["message"].take(),
        None => kept,
    }
}

pub fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A digest of that many groups.
pub fn digest(groups: usize) -> Message {
    let entry = |n: usize| {
        Entry::of(vec![
            Line::default()
                .text(format!("{n}. "))
                .link(format!("Group {n}"), format!("https://www.meetup.com/group-{n}/"))
                .text(" · a longer pause than usual · nothing for 19 weeks, its longest in two years."),
        ])
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
                facts: vec![
                    Fact::new("Events", Line::plain("151 (198 the year before)")),
                    Fact::new("People", Line::plain("1,233 (1,053 the year before)")),
                ],
                ..Section::default()
            },
            Section {
                heading: Some(format!("Please write to ({groups})")),
                tone: Tone::Attention,
                entries: (1..=groups).map(entry).collect(),
                ..Section::default()
            },
            Section {
                heading: Some("Next two weeks".to_owned()),
                entries: (1..=2).map(entry).collect(),
                ..Section::default()
            },
        ],
        elsewhere: "gatherd report lists them all".to_owned(),
        footer: vec![Line::plain("Data to 06:00 UTC, all groups read.")],
    }
}

/// The same with how many groups met month by month.
pub fn pictured(groups: usize) -> Message {
    let groups_met = crate::charts::groups_met::of("ACME <!channel> **b**", "the network");
    let mut message = digest(groups);
    let opening = &mut message.sections[0];
    opening.lines.push(
        Line::plain(format!("{}: ", groups_met.heading()))
            .code(groups_met.strip())
            .text(format!(" {}.", groups_met.in_words())),
    );
    opening.picture = Some(groups_met);
    message
}

pub fn document() -> Value {
    json!({ "schema_version": 1, "groups": [{ "name": "São Paulo <!channel>" }], "people": { "ambassadors": [] } })
}
