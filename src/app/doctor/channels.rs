//! The channels: whether their services are there. Nothing is posted unless asked for.

use super::sheet::Sheet;
use crate::{
    app::exit::Exit,
    client::{Unreached, reach},
    config::{self, Config},
    deliver::{Channel, Courier, Letter, Patience, Verdict, test_line},
    mirror::DeliveryKind,
};
use chrono::Utc;
use secrecy::ExposeSecret;

const REMEDY: &str = "compare its url with the one that the service shows";

pub(super) async fn check(config: &Config, post: bool, sheet: &mut Sheet) {
    for channel in &config.channels {
        let about = format!("channel {}", channel.name);
        if let config::Kind::Email(_) = channel.kind {
            by_mail(config, channel, post, &about, sheet).await;
            continue;
        }
        // The address is a secret, so no part of it is shown.
        let Ok(url) = url::Url::parse(channel.url.expose_secret()) else {
            sheet.error(
                &about,
                &format!("its address is none\n{REMEDY}"),
                Exit::Failed,
            );
            continue;
        };
        match reach(&url, &config.network_access).await {
            Ok(_) if post => match posted(config, channel).await {
                Ok(None) => sheet.ok(&about, "a test line arrived"),
                Ok(Some(lacks)) => {
                    let said = format!("a test line arrived, {lacks}\n{REMEDY}");
                    sheet.error(&about, &said, Exit::Failed);
                }
                Err(why) => {
                    let said = format!("a test line did not arrive: {why}\n{REMEDY}");
                    sheet.error(&about, &said, Exit::Failed);
                }
            },
            Ok(_) => {
                sheet.ok(&about, "its service answers; --post sends a test line");
            }
            Err(Unreached::NoName) => {
                let said = format!("the host of its address is not known\n{REMEDY}");
                sheet.error(&about, &said, Exit::Failed);
            }
            Err(unreached) => {
                let remedy = unreached.remedy();
                let said =
                    format!("its service cannot be reached: {unreached}\n{remedy}; {REMEDY}");
                sheet.error(&about, &said, Exit::Failed);
            }
        }
    }
}

const MAIL_REMEDY: &str =
    "compare url, username, password and to with what your mail server asks for";

/// Whether a mail server takes name and password; whether a program is there.
async fn by_mail(
    config: &Config,
    channel: &config::Channel,
    post: bool,
    about: &str,
    sheet: &mut Sheet,
) {
    let reached = match Courier::new(Patience::default(), &config.network_access) {
        Ok(courier) => Channel::new(channel).reach_by_mail(&courier).await,
        Err(why) => Some(Err(why)),
    };
    match reached {
        Some(Err(why)) => {
            let said = format!("mail would not be taken: {why}\n{MAIL_REMEDY}");
            sheet.error(about, &said, Exit::Failed);
        }
        _ if !post => sheet.ok(about, "mail would be taken; --post sends a test line"),
        _ => match posted(config, channel).await {
            Ok(None) => sheet.ok(about, "a test line was taken"),
            Ok(Some(lacks)) => {
                let said = format!("a test line was taken, {lacks}\n{MAIL_REMEDY}");
                sheet.error(about, &said, Exit::Failed);
            }
            Err(why) => {
                let said = format!("a test line was not taken: {why}\n{MAIL_REMEDY}");
                sheet.error(about, &said, Exit::Failed);
            }
        },
    }
}

/// Posts a test line to a channel, and how it went where only in part; or why it does not arrive.
pub(crate) async fn posted(
    config: &Config,
    settings: &config::Channel,
) -> Result<Option<String>, String> {
    let channel = Channel::new(settings);
    let courier = Courier::new(Patience::default(), &config.network_access)?;
    let now = Utc::now();
    let (message, document) = test_line(&settings.name);
    let letter = Letter {
        kind: DeliveryKind::Test,
        at: now,
        message: &message,
        document: &document,
    };
    let payload = channel.payload(&letter);
    let key = format!("doctor-{}", now.timestamp_millis());
    match channel.send(&courier, &key, &payload, now).await {
        Verdict::Sent => Ok(None),
        Verdict::SentInPart { lacks } => Ok(Some(lacks)),
        Verdict::Later { why, .. }
        | Verdict::Doubtful { why }
        | Verdict::Dead { why }
        | Verdict::Gone { why } => Err(why),
    }
}
