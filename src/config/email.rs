//! A channel of the kind `email`: which way its mail goes, from whom, to whom.

use std::net::IpAddr;
use std::path::PathBuf;

use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

use super::reading::Section;

/// What an e-mail needs besides the way it goes.
#[derive(Debug, Clone)]
pub struct Email {
    /// Whom it is from.
    pub from: Mailbox,
    /// Whom it is to; one at least.
    pub to: Vec<Mailbox>,
    /// Who signs in at the server, where it asks for that.
    pub login: Option<Login>,
}

/// An account at a mail server.
#[derive(Debug, Clone)]
pub struct Login {
    /// Its name there.
    pub username: String,
    /// Its password.
    pub password: SecretString,
}

/// Which way mail goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MailRoute {
    /// Through a mail server.
    Smtp(MailServer),
    /// Through a program of this machine that takes mail as `sendmail` does.
    Sendmail(PathBuf),
}

/// A mail server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name or number; an IPv6 number without brackets.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// Whether TLS begins with the connection; else by STARTTLS, which only this machine may do without.
    pub is_tls_from_the_start: bool,
}

/// The program where the address names none.
const SENDMAIL: &str = "/usr/sbin/sendmail";

impl MailServer {
    /// Whether it is this machine.
    pub fn is_here(&self) -> bool {
        is_here(&self.host)
    }
}

fn is_here(host: &str) -> bool {
    let number = host.parse::<IpAddr>();
    number.map_or(host == "localhost", |number| number.is_loopback())
}

impl MailRoute {
    /// The way of that address: `smtps://host`, `smtp://host` or `sendmail:`.
    ///
    /// # Errors
    ///
    /// Why it is none, as the end of a sentence about it.
    pub fn at(address: &str) -> Result<Self, &'static str> {
        let url = Url::parse(address).map_err(|_| "is not an address")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("carries a name or password before the host");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("goes on behind the host");
        }
        let is_tls_from_the_start = match url.scheme() {
            "smtps" => true,
            "smtp" => false,
            "sendmail" => {
                return match url.path() {
                    _ if url.has_host() => Err("has a host, where sendmail: has a program's path"),
                    "" => Ok(Self::Sendmail(SENDMAIL.into())),
                    path if path.starts_with('/') => Ok(Self::Sendmail(path.into())),
                    _ => Err("names a program, but not by its whole path"),
                };
            }
            _ => return Err("is not an smtps://, smtp:// or sendmail: address"),
        };
        if !matches!(url.path(), "" | "/") {
            return Err("goes on behind the host");
        }
        let host = url.host_str().filter(|host| !host.is_empty());
        let host = host.ok_or("is not an address")?;
        let host = host.trim_start_matches('[').trim_end_matches(']');
        let usual = match (is_tls_from_the_start, is_here(host)) {
            (true, _) => 465,
            (false, false) => 587,
            // Who takes mail of this machine alone asks for no sign-in.
            (false, true) => 25,
        };
        Ok(Self::Smtp(MailServer {
            host: host.to_owned(),
            port: url.port().unwrap_or(usual),
            is_tls_from_the_start,
        }))
    }
}

pub(super) fn read(section: &Section<'_, '_>, scope: &str, shout: &str) -> Option<Email> {
    let from = section.text("from");
    if from.is_none() && !section.has("from") {
        section.problem(
            "from",
            "is missing",
            "write from = \"gatherd <gatherd@example.org>\"",
        );
    }
    let from = from.and_then(|written| mailbox(section, "from", &written, None));
    let written = section.texts("to", false);
    if written.as_ref().is_none_or(Vec::is_empty) && (written.is_some() || !section.has("to")) {
        let cause = "names nobody, and mail is to somebody";
        section.problem("to", cause, "write to = [\"ann@example.org\"]");
    }
    let written = written.unwrap_or_default();
    let read = written
        .iter()
        .map(|(text, line)| mailbox(section, "to", text, Some(*line)));
    let to: Option<Vec<Mailbox>> = read.collect::<Vec<_>>().into_iter().collect();
    Some(Email {
        login: login(section, scope, shout),
        from: from?,
        to: to.filter(|to| !to.is_empty())?,
    })
}

/// An address with or without a name before it.
fn mailbox(
    section: &Section<'_, '_>,
    key: &'static str,
    text: &str,
    line: Option<usize>,
) -> Option<Mailbox> {
    match read_mailbox(text) {
        Ok(read) => Some(read),
        Err(cause) => {
            let line = line.or(section.line_of(key));
            let what = format!("{} holds {text}, which {cause}", section.key(key));
            let remedy = "write it as \"ann@example.org\" or \"Ann <ann@example.org>\"";
            section.reader.report(line, what, remedy);
            None
        }
    }
}

fn read_mailbox(text: &str) -> Result<Mailbox, &'static str> {
    let read: Mailbox = text.parse().map_err(|_| "is no e-mail address")?;
    if AsRef::<str>::as_ref(&read.email).is_ascii() {
        Ok(read)
    } else {
        Err("has letters beyond ASCII in the address (a domain has an xn-- form without)")
    }
}

/// Whether that is an e-mail address, with or without a name before it.
///
/// # Errors
///
/// Why it is none, as the end of a sentence about it.
pub fn is_mailbox(text: &str) -> Result<(), &'static str> {
    read_mailbox(text).map(drop)
}

/// Who signs in: both a name and a password, or neither.
fn login(section: &Section<'_, '_>, scope: &str, shout: &str) -> Option<Login> {
    let username = section.text("username");
    let password = section.secret(scope, "password", "password_file");
    match (username, password) {
        (Some(username), Some(password)) => Some(Login { username, password }),
        (Some(_), None) => {
            if !section.has("password_file") {
                let remedy = format!("write password_file, or set GATHERD_{shout}_PASSWORD");
                section.problem("password", "is missing, where username is written", remedy);
            }
            None
        }
        (None, Some(_)) => {
            if !section.has("username") {
                let remedy = "write username = \"...\", or remove the password";
                section.problem("username", "is missing, where there is a password", remedy);
            }
            None
        }
        (None, None) => None,
    }
}

/// The way of a channel's address, and whether what is written beside it makes sense there.
pub(super) fn check(section: &Section<'_, '_>, url: &SecretString) {
    match MailRoute::at(url.expose_secret()) {
        Err(cause) => section.problem(
            "url",
            cause,
            "write smtps://host, smtp://host (by STARTTLS) or sendmail:",
        ),
        Ok(MailRoute::Sendmail(_)) if section.has("username") || section.has("password_file") => {
            section.problem(
                "username",
                "is written, but sendmail: signs in nowhere",
                "remove username and password, or write smtps://host",
            );
        }
        Ok(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn smtp(host: &str, port: u16, is_tls_from_the_start: bool) -> Result<MailRoute, &'static str> {
        Ok(MailRoute::Smtp(MailServer {
            host: host.to_owned(),
            port,
            is_tls_from_the_start,
        }))
    }

    #[test]
    fn an_address_tells_the_way() {
        for (address, expected) in [
            (
                "smtps://mail.example.org",
                smtp("mail.example.org", 465, true),
            ),
            (
                "smtps://mail.example.org:2465/",
                smtp("mail.example.org", 2465, true),
            ),
            (
                "smtp://mail.example.org",
                smtp("mail.example.org", 587, false),
            ),
            ("smtp://localhost", smtp("localhost", 25, false)),
            ("smtp://127.0.0.1:1025", smtp("127.0.0.1", 1025, false)),
            ("smtp://[::1]", smtp("::1", 25, false)),
            ("sendmail:", Ok(MailRoute::Sendmail(SENDMAIL.into()))),
            (
                "sendmail:/usr/bin/msmtp",
                Ok(MailRoute::Sendmail("/usr/bin/msmtp".into())),
            ),
            (
                "sendmail:msmtp",
                Err("names a program, but not by its whole path"),
            ),
            (
                "sendmail://host/x",
                Err("has a host, where sendmail: has a program's path"),
            ),
            ("smtps://", Err("is not an address")),
            (
                "smtps://a:b@mail.example.org",
                Err("carries a name or password before the host"),
            ),
            ("smtps://mail.example.org/x", Err("goes on behind the host")),
            (
                "smtp://mail.example.org?tls=none",
                Err("goes on behind the host"),
            ),
            (
                "https://mail.example.org",
                Err("is not an smtps://, smtp:// or sendmail: address"),
            ),
            ("mail.example.org", Err("is not an address")),
        ] {
            assert_eq!(MailRoute::at(address), expected, "{address}");
        }
    }

    #[test]
    fn only_loopback_is_this_machine() {
        for (host, expected) in [
            ("localhost", true),
            ("127.0.0.1", true),
            ("::1", true),
            ("127.0.0.1.example.org", false),
            ("192.0.2.1", false),
        ] {
            assert_eq!(is_here(host), expected, "{host}");
        }
    }
}
