//! `[[channel]]`: where reports go.

use secrecy::{ExposeSecret, SecretString};

use crate::community::Access;

use super::effective::{list, quoted};
use super::email;
use super::kinds::{self, Kind};
use super::line::Line;
use super::meetup::checked;
use super::narrowing::narrowed_to;
use super::reading::{Section, nearest};
use super::sections::one_of;
use super::timing::line;

/// A place reports are sent to.
#[derive(Debug, Clone)]
pub struct Channel {
    /// How commands, variables and the outbox name it.
    pub name: String,
    /// What is spoken there.
    pub kind: Kind,
    /// Where it is; whoever knows it can post, so it is a secret.
    pub url: SecretString,
    /// What it is sent.
    pub sends: Vec<Sends>,
    /// Which groups it is told of.
    pub access: Access,
    /// Its own time for the digest.
    pub digest: Option<Line>,
    /// What counts as told to it.
    pub memory: Memory,
    /// Whether pictures go with its messages, where the service can show them.
    pub pictures: bool,
}

/// Which namings of a group count as told to a channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Memory {
    /// Those of every channel.
    #[default]
    Shared,
    /// Only its own.
    Own,
}

const MEMORIES: &[(&str, Memory)] = &[("shared", Memory::Shared), ("own", Memory::Own)];

/// What a channel may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sends {
    /// The regular report.
    Digest,
    /// What changed.
    Alerts,
    /// The daemon's own trouble.
    Operator,
    /// Lists of persons.
    People,
    /// To a webhook: the whole report in the digest's place.
    Report,
}

impl Channel {
    /// Whether digests are filed for it: as words, or as the whole report.
    pub fn gets_digests(&self) -> bool {
        let wanted = [Sends::Digest, Sends::Report];
        self.sends.iter().any(|sent| wanted.contains(sent))
    }
}

const SENDS: &[(&str, Sends)] = &[
    ("digest", Sends::Digest),
    ("alerts", Sends::Alerts),
    ("operator", Sends::Operator),
    ("people", Sends::People),
    ("report", Sends::Report),
];

pub(super) fn read(root: &Section<'_, '_>) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    let mut scopes: Vec<String> = Vec::new();
    for mut section in root.tables("channel") {
        let name = name(&section);
        let scope = format!(
            "channel_{}",
            name.as_deref()
                .unwrap_or_default()
                .replace(['-', '.'], "_")
                .to_lowercase()
        );
        if let Some(name) = &name {
            section.name = format!("channel.{name}");
            if scopes.contains(&scope) {
                // Two names that share their environment variables would share their secrets.
                section.problem(
                    "name",
                    format!("is {name}, like that of another channel"),
                    "give each channel its own name",
                );
            }
            scopes.push(scope.clone());
        }
        channels.extend(channel(&section, name, &scope));
        section.finish();
    }
    channels
}

fn name(section: &Section<'_, '_>) -> Option<String> {
    let Some(name) = section.text("name") else {
        if !section.has("name") {
            section.problem(
                "name",
                "is missing",
                "write name = \"...\", by which commands call this channel",
            );
        }
        return None;
    };
    let is_plain = name.len() <= 64
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    if !is_plain {
        section.problem(
            "name",
            format!("is \"{name}\""),
            "write letters, digits, - and _ only, 64 at most",
        );
    }
    is_plain.then_some(name)
}

fn channel(section: &Section<'_, '_>, name: Option<String>, scope: &str) -> Option<Channel> {
    let shout = scope.to_uppercase();
    let kind = kinds::read(section, scope, &shout);
    let url = section.secret(scope, "url", "url_file");
    let written = section.texts("sends", false);
    let written = written.map(|written| one_of(section, "sends", &written, SENDS));
    let sends = section.or_default("sends", written, vec![Sends::Digest], |_| {
        list(["digest"].into_iter())
    });
    let is_webhook = matches!(kind, Some(Kind::Webhook(_)) | None);
    if sends.contains(&Sends::Report) && !is_webhook {
        let cause = "holds \"report\", which only a webhook is sent";
        section.problem("sends", cause, "write \"digest\" instead");
    }
    let access = narrowed_to(section);
    let digest = line(section, "digest");
    let memory = section.text("memory").and_then(|written| {
        let known = MEMORIES.iter().find(|(word, _)| *word == written);
        if known.is_none() {
            let words = [MEMORIES[0].0, MEMORIES[1].0];
            section.problem("memory", format!("is {written}"), nearest(&written, &words));
        }
        known.map(|(_, memory)| *memory)
    });

    let pictures = section.flag("pictures");

    if let Some(url) = &url {
        if section.unnoted("kind").as_deref() == Some("email") {
            email::check(section, url);
        } else if let Err(cause) = checked(url.expose_secret()) {
            section.problem(
                "url",
                cause,
                "write the https address that the service gave you",
            );
        }
    } else if !section.has("url_file") {
        section.problem(
            "url",
            "is missing",
            format!("write url_file, or set GATHERD_{shout}_URL"),
        );
    }
    Some(Channel {
        name: name?,
        kind: kind?,
        url: url?,
        sends,
        access,
        digest,
        memory: section.or_default("memory", memory, Memory::default(), |_| {
            quoted(MEMORIES[0].0)
        }),
        pictures: section.or_default("pictures", pictures, true, bool::to_string),
    })
}
