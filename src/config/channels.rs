//! `[[channel]]`: where reports go.

use chrono_tz::Tz;
use secrecy::{ExposeSecret, SecretString};

use crate::community::{Access, urlname_of};

use super::kinds::{self, Kind};
use super::line::Line;
use super::meetup::checked;
use super::reading::{Section, nearest};
use super::sections::{NO_URLNAME, one_of};
use super::timing::{line, zone};

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
    let sends = match section.texts("sends", false) {
        None => vec![Sends::Digest],
        Some(written) => one_of(section, "sends", &written, SENDS),
    };
    let is_webhook = matches!(kind, Some(Kind::Webhook(_)) | None);
    if sends.contains(&Sends::Report) && !is_webhook {
        let cause = "holds \"report\", which only a webhook is sent";
        section.problem("sends", cause, "write \"digest\" instead");
    }
    let access = Access {
        groups: urlnames(section),
        countries: countries(section),
        timezones: zones(section)
            .iter()
            .map(|zone| zone.name().to_owned())
            .collect(),
    };
    let digest = line(section, "digest");
    let memory = section.text("memory").and_then(|written| {
        let known = MEMORIES.iter().find(|(word, _)| *word == written);
        if known.is_none() {
            let words = [MEMORIES[0].0, MEMORIES[1].0];
            section.problem("memory", format!("is {written}"), nearest(&written, &words));
        }
        known.map(|(_, memory)| *memory)
    });

    if let Some(url) = &url {
        if let Err(cause) = checked(url.expose_secret()) {
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
        memory: memory.unwrap_or_default(),
    })
}

fn urlnames(section: &Section<'_, '_>) -> Vec<String> {
    let written = section.texts("groups", false).unwrap_or_default();
    let mut names = Vec::new();
    for (written, line) in written {
        if let Some(name) = urlname_of(&written) {
            names.push(name);
            continue;
        }
        let what = format!(
            "{} holds {written}, which is not a urlname",
            section.key("groups")
        );
        section.reader.report(Some(line), what, NO_URLNAME);
    }
    names
}

fn countries(section: &Section<'_, '_>) -> Vec<String> {
    let written = section.texts("countries", false).unwrap_or_default();
    let is_code = |code: &str| code.len() == 2 && code.chars().all(|c| c.is_ascii_alphabetic());
    for (code, line) in written.iter().filter(|(code, _)| !is_code(code)) {
        let what = format!(
            "{} holds {code}, which is no country code",
            section.key("countries")
        );
        section
            .reader
            .report(Some(*line), what, "write two letters, such as \"de\"");
    }
    written
        .into_iter()
        .map(|(code, _)| code.to_lowercase())
        .collect()
}

fn zones(section: &Section<'_, '_>) -> Vec<Tz> {
    let mut zones = Vec::new();
    for (written, line) in section.texts("timezones", false).unwrap_or_default() {
        match zone(&written) {
            Ok(zone) => zones.push(zone),
            Err(remedy) => {
                let what = format!(
                    "{} holds {written}, which is no time zone",
                    section.key("timezones")
                );
                section.reader.report(Some(line), what, remedy);
            }
        }
    }
    zones
}
