//! How what is to be told of a change is kept and filed, of groups and of the daemon alike.

use super::outbox::Post;
use crate::{
    community::{Alert, AlertKey},
    config::{Channel, Config, Sends},
    deliver::Letter,
    mirror::{DeliveryKind, MirrorError, NewDelivery, NewReport, Writing},
    report::message::Message,
};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::Value;

/// Keeps what is remembered of alerts, and drops what is over.
pub(crate) fn keep(
    w: &Writing<'_>,
    remember: &[Alert],
    forget: &[AlertKey],
) -> Result<(), MirrorError> {
    remember
        .iter()
        .try_for_each(|alert| w.remember_alert(alert))?;
    forget.iter().try_for_each(|key| w.forget_alert(key))
}

/// The channels that are sent such messages.
pub(crate) fn addressees(config: &Config, what: Sends) -> impl Iterator<Item = &Channel> {
    let channels = config.channels.iter();
    channels.filter(move |channel| channel.sends.contains(&what))
}

/// Files one report, whose period is the transition, with a message to each channel it concerns.
pub(crate) fn file<'a>(
    w: &Writing<'_>,
    office: &Post,
    about: &str,
    changes: usize,
    now: DateTime<Utc>,
    document: &Value,
    addressed: impl Iterator<Item = (&'a Channel, Message, Value)>,
) -> Result<(), MirrorError> {
    let at = now.to_rfc3339_opts(SecondsFormat::Secs, true);
    let more = match changes {
        0 | 1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let mut deliveries = Vec::new();
    for (channel, message, document) in addressed {
        let message = office.with_links(&message, &channel.name, now);
        let letter = Letter {
            kind: DeliveryKind::Alert,
            at: now,
            message: &message,
            document: &document,
        };
        // Every configured channel is open in the office.
        if let Ok(open) = office.channel(&channel.name) {
            deliveries.push(NewDelivery {
                channel: channel.name.clone(),
                payload_json: open.payload(&letter),
            });
        }
    }
    let report = NewReport {
        kind: DeliveryKind::Alert,
        period: &format!("{at} {about}{more}"),
        as_of: now,
        payload_json: &document.to_string(),
        told: None,
    };
    w.file_report(&report, &deliveries).map(drop)
}
