//! What is spoken at a channel, and what only some services need.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::email::{self, Email};
use super::reading::{Section, nearest};

/// The services, each with what only it needs.
#[derive(Debug, Clone)]
pub enum Kind {
    /// A Slack incoming webhook.
    Slack,
    /// A Discord webhook.
    Discord,
    /// A Microsoft Teams workflow that takes cards.
    Teams,
    /// The webhook of a Google Chat space.
    GoogleChat,
    /// A Mattermost incoming webhook.
    Mattermost,
    /// A Matrix room; the channel's address is that of the homeserver.
    Matrix {
        /// The access token of the account that posts.
        token: SecretString,
        /// The room's id, `!...`.
        room: String,
    },
    /// E-mail; the channel's address is that of the way it goes.
    Email(Email),
    /// A Standard Webhook with its secrets, `whsec_...`, the newest first.
    Webhook(Vec<SecretString>),
}

/// The words for the kinds in the configuration.
pub const WORDS: [&str; 8] = [
    "slack",
    "discord",
    "teams",
    "google_chat",
    "mattermost",
    "matrix",
    "email",
    "webhook",
];
/// Keys that only one kind takes.
const OWN: [(&str, &str); 10] = [
    ("secret", "webhook"),
    ("secret_file", "webhook"),
    ("token", "matrix"),
    ("token_file", "matrix"),
    ("room", "matrix"),
    ("from", "email"),
    ("to", "email"),
    ("username", "email"),
    ("password", "email"),
    ("password_file", "email"),
];

/// What a channel of a kind needs besides its address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// Nothing.
    Nothing,
    /// A key by which messages are signed.
    Key,
    /// A room, and the token of an account in it.
    Room,
    /// Whom it is from and to, and mostly an account.
    Addresses,
}

/// What a channel of that word needs.
pub fn needs(word: &str) -> Needs {
    match word {
        "webhook" => Needs::Key,
        "matrix" => Needs::Room,
        "email" => Needs::Addresses,
        _ => Needs::Nothing,
    }
}

/// A service by the name that people know.
pub fn spoken(word: &str) -> &str {
    match word {
        "slack" => "Slack",
        "discord" => "Discord",
        "teams" => "Microsoft Teams",
        "google_chat" => "Google Chat",
        "mattermost" => "Mattermost",
        "matrix" => "Matrix",
        "email" => "e-mail",
        other => other,
    }
}

pub(super) fn read(section: &Section<'_, '_>, scope: &str, shout: &str) -> Option<Kind> {
    let written = section.text("kind");
    for (key, owner) in OWN {
        let is_other = |kind: &str| kind != owner && WORDS.contains(&kind);
        if section.has(key) && written.as_deref().is_some_and(is_other) {
            let cause = format!("is written, but only {owner} takes one");
            section.problem(key, cause, "remove it");
        }
    }
    match written.as_deref() {
        Some("slack") => Some(Kind::Slack),
        Some("discord") => Some(Kind::Discord),
        Some("teams") => Some(Kind::Teams),
        Some("google_chat") => Some(Kind::GoogleChat),
        Some("mattermost") => Some(Kind::Mattermost),
        Some("matrix") => matrix(section, scope, shout),
        Some("email") => email::read(section, scope, shout).map(Kind::Email),
        Some("webhook") => webhook(section, scope, shout),
        Some(other) => {
            section.problem("kind", format!("is {other}"), nearest(other, &WORDS));
            None
        }
        None => {
            if !section.has("kind") {
                let remedy = format!("write kind = \"...\", one of: {}", WORDS.join(", "));
                section.problem("kind", "is missing", remedy);
            }
            None
        }
    }
}

/// The account that posts, and where.
fn matrix(section: &Section<'_, '_>, scope: &str, shout: &str) -> Option<Kind> {
    let token = section.secret(scope, "token", "token_file");
    if token.is_none() && !section.has("token_file") {
        let remedy = format!(
            "write token_file, or set GATHERD_{shout}_TOKEN, to the access token of the account that posts"
        );
        section.problem("token", "is missing", remedy);
    }
    let room = section.text("room");
    let remedy =
        "write the room's own id, which begins with \"!\" (in its settings, under advanced)";
    match &room {
        None if !section.has("room") => section.problem("room", "is missing", remedy),
        Some(id) if !id.starts_with('!') || id.len() > 255 || id.contains(char::is_whitespace) => {
            section.problem("room", format!("is {id}, which is no room id"), remedy);
            return None;
        }
        _ => {}
    }
    Some(Kind::Matrix {
        token: token?,
        room: room?,
    })
}

/// A signing key shorter than this is too easy to guess.
const SHORTEST_KEY: usize = 24;
const MAKE_KEY: &str = "make one with: echo whsec_$(head -c 32 /dev/urandom | base64)";

/// The signing secrets: one, or several while a key rotates.
fn webhook(section: &Section<'_, '_>, scope: &str, shout: &str) -> Option<Kind> {
    let Some(secret) = section.secret_lines(scope, "secret", "secret_file") else {
        if !section.has("secret_file") {
            let remedy = format!(
                "write secret_file, or set GATHERD_{shout}_SECRET, to whsec_ and a base64 key"
            );
            section.problem(
                "secret",
                "is missing, and a webhook is always signed",
                remedy,
            );
        }
        return None;
    };
    let secrets: Vec<SecretString> = secret
        .expose_secret()
        .split_whitespace()
        .map(SecretString::from)
        .collect();
    // In bytes; none where it is no key.
    let length = |secret: &SecretString| {
        let text = secret.expose_secret();
        let key = STANDARD.decode(text.strip_prefix("whsec_").unwrap_or(text));
        key.map_or(0, |key| key.len())
    };
    let shortest = secrets.iter().map(length).min().unwrap_or(0);
    if shortest == 0 {
        let remedy = format!("write whsec_ and a base64 key; {MAKE_KEY}");
        section.problem("secret", "is not a webhook secret", remedy);
        return None;
    }
    if shortest < SHORTEST_KEY {
        let cause = format!(
            "has a key of {shortest} bytes, where Standard Webhooks asks for {SHORTEST_KEY} at least"
        );
        section.warning("secret", cause, format!("replace it; {MAKE_KEY}"));
    }
    Some(Kind::Webhook(secrets))
}
