//! `[http]`: where the daemon's pages are, and who may see what there.
//!
//! On loopback without any, whoever is on this machine sees all and may write. Whatever others can reach (another
//! address, a public one, a proxy in front) demands them, each with a token of its own.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::effective::quoted;
use super::meetup::checked;
use super::narrowing::narrowed_to;
use super::reading::Section;
use super::sections::one_of;
use crate::community::Access;

/// The pages.
#[derive(Debug, Clone)]
pub struct Http {
    /// Where they are served; none: nowhere.
    pub listen: Option<SocketAddr>,
    /// Under which address others see them; its path is the prefix of all of them.
    pub public_url: Option<Url>,
    /// Who may say on whose behalf a request comes.
    pub trusted_proxies: Vec<IpNet>,
    /// Who may look; none: whoever is on this machine.
    pub viewers: Vec<Viewer>,
}

/// Somebody who may look.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// How they are called where something is kept in their name.
    pub name: String,
    /// What they show.
    pub token: SecretString,
    /// Which groups they see.
    pub access: Access,
    /// What else they may.
    pub rights: Vec<Right>,
}

/// What somebody may besides looking at groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Right {
    /// See lists of persons.
    People,
    /// See what is spent.
    Money,
    /// Keep notes, askings and the like.
    Write,
}

impl Right {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::People, Self::Money, Self::Write];
}

const RIGHTS: &[(&str, Right)] = &[
    ("people", Right::People),
    ("money", Right::Money),
    ("write", Right::Write),
];

/// What `listen` says where there are to be no pages.
const OFF: &str = "off";
/// As short a token as will do: shorter ones are guessed.
const SHORTEST_TOKEN: usize = 16;
/// How the one of a configuration from before there were viewers is called.
const ONLY_TOKEN: &str = "token";

pub(super) fn read(section: &Section<'_, '_>) -> Http {
    let listen = listen(section);
    let public_url = public_url(section);
    let trusted_proxies = proxies(section);
    let mut viewers = viewers(section);
    if let Some(token) = section.secret("http", "token", "token_file") {
        let remedy = "write a [[http.user]] with name, token_file and rights instead";
        section.warning(
            if section.has("token_file") {
                "token_file"
            } else {
                "token"
            },
            format!(
                "is one token for everybody: it counts as a user \"{ONLY_TOKEN}\" who may do all"
            ),
            remedy,
        );
        viewers.push(Viewer {
            name: ONLY_TOKEN.to_owned(),
            token,
            access: Access::default(),
            rights: Right::ALL.to_vec(),
        });
    }
    let has_viewers = !viewers.is_empty() || section.has("user") || section.has("token_file");
    let remedy = "add [[http.user]] with name and token_file for each who may look, or listen on 127.0.0.1 alone";
    let demands = [
        (
            "listen",
            listen.is_some_and(|it| !it.ip().is_loopback()),
            format!(
                "is {}, which others can reach without a token",
                listen.map_or_else(String::new, |it| it.to_string())
            ),
        ),
        (
            "public_url",
            public_url.is_some(),
            "is written, but nobody has a token".to_owned(),
        ),
        (
            "trusted_proxies",
            !trusted_proxies.is_empty(),
            "is written, but nobody has a token".to_owned(),
        ),
    ];
    if !has_viewers {
        for (key, is_open, cause) in demands {
            if is_open {
                section.problem(key, cause, remedy);
            }
        }
    }
    section.finish();
    Http {
        listen,
        public_url,
        trusted_proxies,
        viewers,
    }
}

fn listen(section: &Section<'_, '_>) -> Option<SocketAddr> {
    let default = SocketAddr::from((Ipv4Addr::LOCALHOST, 8787));
    let written = section.text("listen");
    let found = section
        .variable("listen", "GATHERD_HTTP_LISTEN")
        .or(written);
    let written = section.or_default("listen", found, default.to_string(), |it| quoted(it));
    if written == OFF {
        return None;
    }
    let parsed = written
        .replace("localhost:", "127.0.0.1:")
        .parse::<SocketAddr>();
    if parsed.is_err() {
        let remedy = "write address and port, such as \"127.0.0.1:8787\" or \"[::1]:8787\", or \"off\" for no pages";
        section.problem(
            "listen",
            format!("is {written}, which is no address to listen on"),
            remedy,
        );
    }
    Some(parsed.unwrap_or(default))
}

fn public_url(section: &Section<'_, '_>) -> Option<Url> {
    let written = section.text("public_url")?;
    let remedy = "write the address under which others see the pages, such as \"https://groups.example.com/\"";
    match checked(&written) {
        Ok(mut url) if url.query().is_none() && url.fragment().is_none() => {
            // Pages stand below it.
            if !url.path().ends_with('/') {
                let path = format!("{}/", url.path());
                url.set_path(&path);
            }
            Some(url)
        }
        Ok(_) => {
            section.problem("public_url", "has more than a host and a path", remedy);
            None
        }
        Err(cause) => {
            section.problem("public_url", cause, remedy);
            None
        }
    }
}

fn proxies(section: &Section<'_, '_>) -> Vec<IpNet> {
    let mut nets = Vec::new();
    for (written, line) in section.texts("trusted_proxies", false).unwrap_or_default() {
        let one = written.parse::<IpAddr>().map(IpNet::from);
        match written.parse::<IpNet>().or(one) {
            Ok(net) => nets.push(net),
            Err(_) => section.reader.report(
                Some(line),
                format!(
                    "{} holds {written}, which is no address of a proxy",
                    section.key("trusted_proxies")
                ),
                "write an address such as \"10.0.0.7\", or a net such as \"10.0.0.0/24\"",
            ),
        }
    }
    nets
}

fn viewers(section: &Section<'_, '_>) -> Vec<Viewer> {
    let mut viewers: Vec<Viewer> = Vec::new();
    let mut scopes: Vec<String> = Vec::new();
    for mut section in section.tables("user") {
        section.name = "http.user".to_owned();
        let name = section.text("name");
        if name.is_none() && !section.has("name") {
            let remedy = "write name = \"...\", in which notes of theirs are kept";
            section.problem("name", "is missing", remedy);
        }
        let is_plain = |name: &String| {
            (1..=64).contains(&name.len())
                && name
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
        };
        if let Some(name) = name.as_ref().filter(|it| !is_plain(it)) {
            let remedy = "write letters, digits, - and _ only, 64 at most";
            section.problem("name", format!("is \"{name}\""), remedy);
        }
        let name = name.filter(is_plain);
        let scope = format!(
            "http_user_{}",
            name.as_deref()
                .unwrap_or_default()
                .replace(['-', '.'], "_")
                .to_lowercase()
        );
        if let Some(name) = &name {
            section.name = format!("http.user.{name}");
            if scopes.contains(&scope) {
                section.problem(
                    "name",
                    format!("is {name}, like that of another user"),
                    "give each user its own name",
                );
            }
            scopes.push(scope.clone());
        }
        let token = token(&section, &scope, &viewers);
        let access = narrowed_to(&section);
        let rights = match section.texts("rights", false) {
            None => Vec::new(),
            Some(written) => one_of(&section, "rights", &written, RIGHTS),
        };
        section.finish();
        if let (Some(name), Some(token)) = (name, token) {
            viewers.push(Viewer {
                name,
                token,
                access,
                rights,
            });
        }
    }
    viewers
}

fn token(section: &Section<'_, '_>, scope: &str, others: &[Viewer]) -> Option<SecretString> {
    let token = section.secret(scope, "token", "token_file");
    let Some(token) = token else {
        if !section.has("token") && !section.has("token_file") {
            let remedy = format!(
                "write token_file, or set GATHERD_{}_TOKEN; `openssl rand -hex 24` makes one",
                scope.to_uppercase()
            );
            section.problem("token", "is missing", remedy);
        }
        return None;
    };
    let text = token.expose_secret();
    let remedy = "make a new one, such as with `openssl rand -hex 24`";
    if text.len() < SHORTEST_TOKEN {
        section.problem(
            "token",
            format!("has fewer than {SHORTEST_TOKEN} characters"),
            remedy,
        );
    }
    let is_taken = |other: &Viewer| other.token.expose_secret() == text;
    if let Some(other) = others.iter().find(|it| is_taken(it)) {
        let cause = format!("is that of {}, too", other.name);
        section.problem("token", cause, remedy);
    }
    Some(token)
}
