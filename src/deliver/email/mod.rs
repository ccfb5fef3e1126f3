//! E-mail: the digest as text and HTML, through a mail server or a program like `sendmail`.
//!
//! What the outbox keeps are subject, date and both texts; headers and parts are put around them when it is sent, by
//! every attempt with the same Message-ID.

mod form;
mod mail;
mod mime;
mod sendmail;
mod smtp;

use secrecy::{ExposeSecret, SecretString};

use super::answer::Verdict;
use super::courier::Courier;
use super::pictured::{self, Pictured};
use crate::config::{Email, MailRoute};
use mail::{Mail, dead};

pub(super) use form::payload;

/// Attempts in which an address that is refused for now keeps all others waiting, so that nobody gets a message twice
/// and nobody is left out: a quarter of an hour at least, which is longer than greylisting asks for.
const WAIT_FOR_ALL: u32 = 7;

/// A channel's post.
#[derive(Debug, Clone)]
pub(super) struct Post {
    settings: Email,
    route: Result<MailRoute, &'static str>,
}

impl Post {
    pub(super) fn new(settings: &Email, url: &SecretString) -> Self {
        Self {
            settings: settings.clone(),
            route: MailRoute::at(url.expose_secret()),
        }
    }

    /// Makes attempt number `nth` at sending what was kept.
    pub(super) async fn send(
        &self,
        courier: &Courier,
        (channel, key, payload): (&str, &str, &str),
        nth: u32,
    ) -> Verdict {
        let route = match &self.route {
            Ok(route) => route,
            Err(cause) => return dead(format!("the channel's address is not usable: it {cause}")),
        };
        let (kept, picture) = match Pictured::read(payload) {
            Some(it) => (serde_json::from_value(it.message), Some(it.picture)),
            None => (serde_json::from_str(payload), None),
        };
        let Ok(kept) = kept else {
            return dead(
                "what was filed is no e-mail: the channel was of another kind then".to_owned(),
            );
        };
        let mut undrawn = None;
        let mut drawn = None;
        if let Some(picture) = picture {
            match pictured::drawn(&picture).await {
                Ok(png) => {
                    let alt = picture.alt();
                    drawn = Some(mime::Drawn { png, alt });
                }
                Err(why) => undrawn = Some(pictured::undrawn(&why)),
            }
        }
        let envelope = mime::Envelope {
            channel,
            key,
            from: &self.settings.from,
            to: &self.settings.to,
        };
        let bytes = match mime::message(kept, &envelope, drawn) {
            Ok(bytes) => bytes,
            Err(error) => return dead(format!("no e-mail can be made of it: {error}")),
        };
        let mail = Mail {
            settings: &self.settings,
            bytes,
            waits_for_all: nth <= WAIT_FOR_ALL,
        };
        let verdict = match route {
            MailRoute::Smtp(server) => smtp::send(server, courier, &mail).await,
            MailRoute::Sendmail(program) => sendmail::send(program, courier, &mail).await,
        };
        match (verdict, undrawn) {
            (Verdict::Sent, Some(lacks)) => Verdict::SentInPart { lacks },
            (Verdict::SentInPart { lacks }, Some(more)) => Verdict::SentInPart {
                lacks: format!("{more}; {lacks}"),
            },
            (verdict, _) => verdict,
        }
    }

    /// Whether mail would be taken, as far as can be known without any: the server and its certificate, the name and
    /// password; or the program. In words what is wrong.
    pub(super) async fn reach(&self, courier: &Courier) -> Result<(), String> {
        match self
            .route
            .as_ref()
            .map_err(|cause| format!("its address {cause}"))?
        {
            MailRoute::Smtp(server) => smtp::reach(server, courier, &self.settings).await,
            MailRoute::Sendmail(program) => sendmail::reach(program),
        }
    }
}
