//! E-mail: what an attempt says to a mail server or a program, and what is made of what comes back.

mod answers;
mod parts;
mod sendmail;
mod trust;

use std::time::Duration;

use gatherd::config::{self, Email, Kind, Login, NetworkAccess};
use gatherd::deliver::{Channel, Courier, Letter, Patience, Verdict};
use gatherd::mirror::DeliveryKind;
use secrecy::SecretString;

use super::{SECRET, at, digest, document};

pub const PASSWORD: &str = "correct horse battery";

/// A channel to these addresses.
pub fn post(url: &str, to: &[&str], has_login: bool) -> Channel {
    let settings = super::settings("ops", "email", url, &[SECRET], &[]);
    Channel::new(&config::Channel {
        kind: Kind::Email(Email {
            from: "gatherd <gatherd@example.org>".parse().unwrap(),
            to: to.iter().map(|it| it.parse().unwrap()).collect(),
            login: has_login.then(|| Login {
                username: "postman".to_owned(),
                password: SecretString::from(PASSWORD),
            }),
        }),
        ..settings
    })
}

pub fn courier(whole: Duration, access: &NetworkAccess) -> Courier {
    let connect = Duration::from_secs(30);
    Courier::new(Patience { connect, whole }, access).unwrap()
}

/// A digest of three groups, as it is kept.
pub fn kept(channel: &Channel) -> String {
    channel.payload(&Letter {
        kind: DeliveryKind::Digest,
        at: at("2026-08-31T06:00:00Z"),
        message: &digest(3),
        document: &document(),
    })
}

/// Sends a digest once, with that much patience.
pub async fn sent_within(channel: &Channel, whole: Duration) -> Verdict {
    let courier = courier(whole, &NetworkAccess::default());
    let now = at("2026-08-31T06:00:05Z");
    channel
        .send(&courier, "msg_ab12_7", &kept(channel), now)
        .await
}

pub async fn sent(channel: &Channel) -> Verdict {
    sent_within(channel, Duration::from_secs(60)).await
}
