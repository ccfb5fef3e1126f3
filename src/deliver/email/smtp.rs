//! Through a mail server: one connection a message, encrypted but to this machine itself.

use std::error::Error as _;
use std::net::SocketAddr;

use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as From, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use secrecy::ExposeSecret as _;
use tokio::time::timeout;

use super::mail::{Mail, dead, later, traces};
use crate::client::Unreached;
use crate::config::{Email, Login, MailServer};
use crate::deliver::answer::{Verdict, said};
use crate::deliver::courier::{Courier, without};

const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// How many times as long as for all before it the last answer is waited for: a server looks the message through first.
const LOOKING_THROUGH: u32 = 2;

/// What went wrong before any of the message was sent.
enum Unsent {
    /// The server said so, in that status.
    Answered(u16, String),
    /// Nothing was said.
    Unreached(Unreached),
    /// The connection ended, or what came was no answer.
    BrokeOff,
    /// What there is cannot work.
    Hopeless(String),
}

pub(super) async fn send(server: &MailServer, courier: &Courier, mail: &Mail<'_>) -> Verdict {
    let patience = courier.patience();
    let begin = async {
        let mut connection = open(server, courier, mail.settings).await?;
        let refused = address(&mut connection, mail).await?;
        Ok::<_, Unsent>((connection, refused))
    };
    let Ok(begun) = timeout(patience.whole, begin).await else {
        return later("no answer in time; nothing was sent".to_owned());
    };
    let (mut connection, refused) = match begun {
        Ok(begun) => begun,
        Err(unsent) => return unsent.verdict(),
    };
    let addresses = mail.settings.to.len();
    if refused.len() == addresses
        || (mail.waits_for_all && refused.iter().any(Refused::is_temporary))
    {
        let _ = timeout(patience.connect, connection.quit()).await;
        let why = told(&refused, addresses);
        return match refused.iter().any(Refused::is_temporary) {
            true if refused.len() < addresses => later(format!("{why}; the others wait for it")),
            true => later(why),
            false => dead(why),
        };
    }
    let give = async {
        let ready = connection.command(Data).await;
        ready.map_err(|error| Unsent::of(&error, mail.settings).verdict())?;
        let taken = connection.message(&mail.bytes).await;
        taken.map_err(|error| match Unsent::of(&error, mail.settings) {
            Unsent::Answered(status, why) => Unsent::Answered(status, why).verdict(),
            _ => later(
                "the connection broke off; the message may have arrived all the same".to_owned(),
            ),
        })
    };
    match timeout(patience.whole * LOOKING_THROUGH, give).await {
        Err(_) => {
            return later(
                "no answer in time; the message may have arrived all the same".to_owned(),
            );
        }
        Ok(Err(verdict)) => return verdict,
        Ok(Ok(_)) => {}
    }
    // It was taken, whatever becomes of the farewell.
    let _ = timeout(patience.connect, connection.quit()).await;
    match refused.is_empty() {
        true => Verdict::Sent,
        false => Verdict::SentInPart {
            lacks: format!("not to everybody: {}", told(&refused, addresses)),
        },
    }
}

pub(super) async fn reach(
    server: &MailServer,
    courier: &Courier,
    settings: &Email,
) -> Result<(), String> {
    let patience = courier.patience();
    match timeout(patience.whole, open(server, courier, settings)).await {
        Err(_) => Err("no answer in time".to_owned()),
        Ok(Err(unsent)) => Err(unsent.why()),
        Ok(Ok(mut connection)) => {
            let _ = timeout(patience.connect, connection.quit()).await;
            Ok(())
        }
    }
}

/// A connection over which mail may be given: encrypted, or to this machine; and signed in.
async fn open(
    server: &MailServer,
    courier: &Courier,
    settings: &Email,
) -> Result<AsyncSmtpConnection, Unsent> {
    let failed = |error: &Error| Unsent::of(error, settings);
    let found = tokio::net::lookup_host((server.host.as_str(), server.port)).await;
    let found: Vec<SocketAddr> = found.map(Iterator::collect).unwrap_or_default();
    if found.is_empty() {
        return Err(Unsent::Unreached(Unreached::NoName));
    }
    let hello = ClientId::Domain(settings.from.email.domain().to_owned());
    let tls = trusting(server, courier)?;
    let at_once = server.is_tls_from_the_start.then(|| tls.clone());
    let connect = Some(courier.patience().connect);
    let connection =
        AsyncSmtpConnection::connect_tokio1(found.as_slice(), connect, &hello, at_once, None).await;
    let mut connection = connection.map_err(|error| failed(&error))?;
    let has_login = |connection: &AsyncSmtpConnection| {
        let offered = connection.server_info().get_auth_mechanism(&MECHANISMS);
        offered.is_some()
    };
    let wants_tls = match server.is_here() {
        false => !connection.is_encrypted(),
        // Within this machine nobody can read along; but a server may take no password otherwise.
        true => settings.login.is_some() && !has_login(&connection) && connection.can_starttls(),
    };
    if wants_tls {
        if !connection.can_starttls() {
            let _ = timeout(courier.patience().connect, connection.quit()).await;
            return Err(Unsent::Hopeless(
                "the server offers no STARTTLS, so that everybody on the way could read along; nothing was sent\n\
                 write smtps://host, if it takes TLS from the start"
                    .to_owned(),
            ));
        }
        connection
            .starttls(tls, &hello)
            .await
            .map_err(|error| failed(&error))?;
    }
    if let Some(Login { username, password }) = &settings.login {
        if !has_login(&connection) {
            let why =
                "the server takes no sign-in by name and password (neither AUTH PLAIN nor LOGIN)";
            return Err(Unsent::Hopeless(why.to_owned()));
        }
        let credentials = Credentials::new(username.clone(), password.expose_secret().to_owned());
        connection
            .auth(&MECHANISMS, &credentials)
            .await
            .map_err(|error| failed(&error))?;
    }
    Ok(connection)
}

/// Whom the server is taken for: by this machine's certificates and the company's own.
fn trusting(server: &MailServer, courier: &Courier) -> Result<TlsParameters, Unsent> {
    let unusable = |error: &Error| Unsent::Unreached(Unreached::NoTrust(error.to_string()));
    let mut builder = TlsParameters::builder(server.host.clone());
    for own in courier.access().certificates() {
        let own = Certificate::from_der(own.to_vec()).map_err(|error| unusable(&error))?;
        builder = builder.add_root_certificate(own);
    }
    builder.build_rustls().map_err(|error| unusable(&error))
}

/// Says whom it is from and to; answers who of these is refused.
async fn address(
    connection: &mut AsyncSmtpConnection,
    mail: &Mail<'_>,
) -> Result<Vec<Refused>, Unsent> {
    let failed = |error: &Error| Unsent::of(error, mail.settings);
    let from = From::new(Some(mail.settings.from.email.clone()), Vec::new());
    connection
        .command(from)
        .await
        .map_err(|error| failed(&error))?;
    let mut refused = Vec::new();
    for (nth, to) in mail.settings.to.iter().enumerate() {
        let Err(error) = connection
            .command(Rcpt::new(to.email.clone(), Vec::new()))
            .await
        else {
            continue;
        };
        match failed(&error) {
            // It closes the connection.
            Unsent::Answered(421, why) => return Err(Unsent::Answered(421, why)),
            Unsent::Answered(status, why) => refused.push(Refused { nth, status, why }),
            other => return Err(other),
        }
    }
    Ok(refused)
}

/// An address that is not taken.
struct Refused {
    /// Its place in `to`, from 0.
    nth: usize,
    status: u16,
    why: String,
}

impl Refused {
    fn is_temporary(&self) -> bool {
        self.status < 500
    }
}

/// Which addresses are refused, by their places: they are people's, and this goes into the log.
fn told(refused: &[Refused], addresses: usize) -> String {
    let one = |it: &Refused| match addresses {
        1 => format!("the address in `to`: {}", it.why),
        _ => format!("address {} of {addresses} in `to`: {}", it.nth + 1, it.why),
    };
    refused.iter().map(one).collect::<Vec<_>>().join("; ")
}

impl Unsent {
    fn of(error: &Error, settings: &Email) -> Self {
        if let Some(code) = error.status() {
            let words = error.source().map(ToString::to_string).unwrap_or_default();
            let status = u16::from(code);
            return Self::Answered(status, said(status, &without(&words, traces(settings))));
        }
        match Unreached::of(error) {
            Some(unreached) => Self::Unreached(unreached),
            None => Self::BrokeOff,
        }
    }

    fn why(self) -> String {
        match self {
            Self::Answered(_, why) | Self::Hopeless(why) => why,
            Self::Unreached(unreached) => unreached.to_string(),
            Self::BrokeOff => "the connection broke off; nothing was sent".to_owned(),
        }
    }

    fn verdict(self) -> Verdict {
        match self {
            Self::Answered(status, _) if status >= 500 => dead(self.why()),
            Self::Hopeless(why) => dead(why),
            _ => later(self.why()),
        }
    }
}
