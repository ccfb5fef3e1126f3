//! A channel's digest: the report narrowed to it, beside what is remembered and what it was told.

use super::{health, snapshot};
use crate::{
    config::{Config, Sends},
    metrics::measure,
    mirror::{self, Mirror},
    report::{self, Before, Freshness, Given, compose, message::Message},
};
use anyhow::{Result, anyhow};
use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Offset as _, Utc};
use serde_json::Value;

/// What was told longer ago than this is read back for nothing but the last digest.
const LOOK_BACK: Duration = Duration::days(85);

/// A digest, ready to be sent and kept.
pub(crate) struct Composed {
    /// What is posted.
    pub message: Message,
    /// The report, with the groups named to write to.
    pub document: Value,
}

/// Composes a channel's digest as of an instant, from one consistent look at the mirror.
pub(crate) fn digest(
    config: &Config,
    database: &Mirror,
    channel: &str,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Composed> {
    let channel = config
        .channels
        .iter()
        .find(|it| it.name == channel)
        .ok_or_else(|| anyhow!("no channel is named \"{channel}\""))?;
    let mut settings = snapshot::settings(config, as_of, now);
    settings.with_people = channel.sends.contains(&Sends::People);
    let (measured, freshness, contacts, told, again) = database.read(|conn| {
        let told = mirror::reports_told(conn, &channel.name, as_of, as_of - LOOK_BACK)?;
        // What was told last, counted again by what is known now: where it differs, it is said.
        let again = match told.first() {
            Some(latest) => {
                let settings = snapshot::settings(config, latest.as_of, now);
                Some((measure(conn, &settings)?, settings))
            }
            None => None,
        };
        Ok((
            measure(conn, &settings)?,
            health::freshness(conn, config)?,
            mirror::contacts(conn)?,
            told,
            again,
        ))
    })?;
    let again = again.map(|(measured, settings)| {
        compose(measured, &settings, Freshness::default()).narrowed(&channel.access)
    });
    let report = compose(measured, &settings, freshness).narrowed(&channel.access);
    let before: Vec<Before> = told
        .iter()
        .filter_map(|it| Before::read(&it.payload_json))
        .collect();
    let local = as_of.with_timezone(&config.schedule.timezone);
    let month = |day: NaiveDate| (day.year(), day.month());
    let is_monthly = before.first().is_some_and(|before| {
        let then = before.as_of.with_timezone(&config.schedule.timezone);
        month(then.date_naive()) != month(local.date_naive())
    });
    let given = Given {
        now: as_of.with_timezone(&local.offset().fix()),
        contacts: &contacts,
        before: &before,
        again: again.as_ref(),
        events_per_year: config.events_per_year,
        staff: config.staff.as_deref().unwrap_or_default(),
        is_monthly,
        is_narrowed: channel.access.is_narrow(),
    };
    let digest = report::digest(&report, &given);
    let mut document = serde_json::to_value(&report)?;
    document["please_write_to"] = serde_json::to_value(&digest.please_write_to)?;
    Ok(Composed {
        message: digest.message,
        document,
    })
}
