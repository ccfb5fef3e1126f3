//! `[meetup]`: where Meetup is and how to sign in there.

use std::path::{Path, PathBuf};

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use super::Need;
use super::effective::quoted;
use super::reading::Section;
use super::secrets::variable_name;

/// How to reach Meetup.
#[derive(Debug, Clone)]
pub struct Meetup {
    /// The GraphQL endpoint.
    pub endpoint: Url,
    /// Where tokens are had.
    pub token_endpoint: Url,
    /// Where a person agrees to the sign-in.
    pub authorize_endpoint: Url,
    /// Present wherever it was needed.
    pub sign_in: Option<SignIn>,
    /// The budget.
    pub points_per_minute: u32,
    /// Questions under way at once.
    pub max_concurrency: u32,
    /// Rows asked per page at most.
    pub page_size: u32,
    /// Where the sign-in page sends the person back to.
    pub redirect_uri: Url,
    /// Directory of the tokens.
    pub state_dir: PathBuf,
}

/// The three ways to sign in; exactly one is configured.
#[derive(Debug, Clone)]
pub enum SignIn {
    /// A ready access token, for a trial: it ends within the hour.
    AccessToken(SecretString),
    /// A client with a rotating refresh token.
    Refresh {
        /// The client's key.
        client_id: String,
        /// The client's secret.
        client_secret: SecretString,
        /// The first token, before its successors are on disk.
        refresh_token: Option<SecretString>,
    },
    /// A signed assertion; needs no person.
    Jwt {
        /// The client's key, issuer of the assertion.
        client_id: String,
        /// The `kid`.
        signing_key_id: String,
        /// Whom it acts for.
        member_id: String,
        /// PEM.
        private_key: SecretString,
    },
}

/// An RSA key in PEM begins so, in either of its two forms.
const PEM: &str = "-----BEGIN";

pub(super) fn read(section: &Section<'_, '_>, database: &Path, need: Need) -> Meetup {
    let reader = section.reader;
    let endpoint = address(section, "endpoint", "https://api.meetup.com/gql-ext");
    let token_endpoint = address(
        section,
        "token_endpoint",
        "https://secure.meetup.com/oauth2/access",
    );
    let authorize_endpoint = address(
        section,
        "authorize_endpoint",
        "https://secure.meetup.com/oauth2/authorize",
    );
    let redirect_uri = address(section, "redirect_uri", "http://localhost:1410/");
    let state_dir = section.text("state_dir").map(|path| reader.path(&path));
    let state_dir = section.or_default("state_dir", state_dir, beside(database, ".state"), path);
    let settings = Meetup {
        endpoint,
        token_endpoint,
        authorize_endpoint,
        sign_in: sign_in(section, need),
        points_per_minute: section.whole_or("points_per_minute", 1..=1_000_000_000, 450),
        max_concurrency: section.whole_or("max_concurrency", 1..=64, 2),
        page_size: section.whole_or("page_size", 1..=10_000, 500),
        redirect_uri,
        state_dir,
    };
    section.finish();
    settings
}

#[allow(clippy::ptr_arg)] // what stands for a key is written by its own type
fn path(path: &PathBuf) -> String {
    quoted(&path.display().to_string())
}

fn beside(database: &Path, suffix: &str) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

/// The secrets' keys, inline and as files.
const SECRETS: [(&str, &str); 3] = [
    ("access_token", "access_token_file"),
    ("client_secret", "client_secret_file"),
    ("refresh_token", "refresh_token_file"),
];

fn sign_in(section: &Section<'_, '_>, need: Need) -> Option<SignIn> {
    let written = section.text("client_id");
    let client_id = section.variable("client_id", &variable_name("meetup", "client_id"));
    let client_id = client_id.or(written);
    let jwt = section.table("jwt");
    let signing_key_id = jwt.text("signing_key_id");
    let member_id = jwt.id("member_id");
    if need == Need::Database {
        // Whoever only reads the database need not be able to read the secrets.
        for (key, key_file) in SECRETS {
            section.has(key);
            section.has(key_file);
        }
        jwt.has("private_key");
        jwt.has("private_key_file");
        jwt.finish();
        return None;
    }
    let [access_token, client_secret, refresh_token] =
        SECRETS.map(|(key, key_file)| section.secret("meetup", key, key_file));
    let private_key = jwt.secret_lines("meetup_jwt", "private_key", "private_key_file");
    jwt.finish();

    // A secret whose file cannot be read is reported by then, and still says which kind is meant.
    let wants_trial = access_token.is_some() || section.has("access_token_file");
    let wants_refresh = client_secret.is_some()
        || refresh_token.is_some()
        || section.has("client_secret_file")
        || section.has("refresh_token_file");
    let kinds: Vec<&str> = [
        (wants_trial, "access_token"),
        (wants_refresh, "client_secret with refresh_token"),
        (jwt.is_present(), "[meetup.jwt]"),
    ]
    .into_iter()
    .filter_map(|(is_wanted, kind)| is_wanted.then_some(kind))
    .collect();
    if kinds.len() > 1 {
        section.problem(
            "sign-in",
            format!("has several kinds: {}", kinds.join(", ")),
            "keep exactly one of them",
        );
        return None;
    }
    let require = |key: &str, is_there: bool, remedy: &str| {
        if !is_there {
            section.problem(key, "is missing for this kind of sign-in", remedy);
        }
    };
    if wants_trial {
        return access_token.map(SignIn::AccessToken);
    }
    if jwt.is_present() {
        require(
            "client_id",
            client_id.is_some(),
            "write client_id in [meetup]: the client's key issues the assertion",
        );
        require(
            "jwt.signing_key_id",
            signing_key_id.is_some(),
            "write signing_key_id in [meetup.jwt]",
        );
        require(
            "jwt.member_id",
            member_id.is_some(),
            "write member_id in [meetup.jwt]",
        );
        let has_key = private_key.is_some() || jwt.has("private_key_file");
        require(
            "jwt.private_key_file",
            has_key,
            "name the PEM file, or set GATHERD_MEETUP_JWT_PRIVATE_KEY",
        );
        if private_key
            .as_ref()
            .is_some_and(|key| !key.expose_secret().starts_with(PEM))
        {
            jwt.problem(
                "private_key_file",
                "holds no private key",
                "name a PEM file (-----BEGIN ... PRIVATE KEY-----)",
            );
        }
        return Some(SignIn::Jwt {
            client_id: client_id?,
            signing_key_id: signing_key_id?,
            member_id: member_id?,
            private_key: private_key?,
        });
    }
    if wants_refresh || client_id.is_some() {
        require(
            "client_id",
            client_id.is_some(),
            "write client_id in [meetup]",
        );
        let has_secret = client_secret.is_some() || section.has("client_secret_file");
        require(
            "client_secret",
            has_secret,
            "write client_secret_file, or set GATHERD_MEETUP_CLIENT_SECRET",
        );
        return Some(SignIn::Refresh {
            client_id: client_id?,
            client_secret: client_secret?,
            refresh_token,
        });
    }
    section.problem(
        "sign-in",
        "is missing",
        "write client_id and client_secret_file, then run `gatherd auth login`; or write [meetup.jwt]; or set GATHERD_MEETUP_ACCESS_TOKEN for a trial",
    );
    None
}

/// An address from the environment, the file, or the default.
fn address(section: &Section<'_, '_>, key: &'static str, default: &str) -> Url {
    let variable = variable_name("meetup", key);
    let written = section.text(key);
    let from_env = section.variable(key, &variable);
    let is_env = from_env.is_some();
    let text = section.or_default(key, from_env.or(written), default.to_owned(), |it| {
        quoted(it)
    });
    match checked(&text) {
        Ok(url) => url,
        Err(cause) => {
            let remedy = "write an https address (http only for loopback), or leave the key out";
            if is_env {
                section
                    .reader
                    .report(None, format!("{variable} {cause}"), remedy);
            } else {
                section.problem(key, cause, remedy);
            }
            fallback(default)
        }
    }
}

fn fallback(default: &str) -> Url {
    let Ok(url) = Url::parse(default) else {
        unreachable!("the default {default} is an address");
    };
    url
}

/// An address we may talk to: https, or anything on loopback.
pub(super) fn checked(text: &str) -> Result<Url, &'static str> {
    let url = Url::parse(text).map_err(|_| "is not an address")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("carries a name or password before the host");
    }
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err("is not https, which only loopback may do without"),
        _ => Err("is not an https address"),
    }
}

/// Whether a text is such an address.
///
/// # Errors
///
/// Why it is none, as the end of a sentence about it.
pub fn is_address(text: &str) -> Result<(), &'static str> {
    checked(text).map(drop)
}

/// Whether the address stays on this machine.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
