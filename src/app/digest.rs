//! A channel's digest: the report narrowed to it, beside what is remembered and what it was told.

use super::{
    outbox::Post,
    snapshot::{self, Snapshots},
};
use crate::{
    community::Before,
    config::{Config, Sends},
    deliver::{Channel, Letter},
    mirror::{self, DeliveryKind, Filed, Mirror, NewDelivery, NewReport},
    report::{self, Given, Report, message::Message},
};
use anyhow::{Result, anyhow};
use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Offset as _, SecondsFormat, Utc};
use serde_json::Value;

/// What was told longer ago than this is read back for nothing but the last digest.
const LOOK_BACK: Duration = Duration::days(85);

/// A digest, ready to be sent and kept.
pub(crate) struct Composed {
    /// What is posted.
    message: Message,
    /// The report, with the groups named to write to.
    document: Value,
    report: Report,
    told: Before,
}

impl Composed {
    /// Exactly what is posted to the channel.
    pub(crate) fn payload(&self, channel: &Channel, kind: DeliveryKind) -> String {
        channel.payload(&Letter {
            kind,
            at: Utc::now(),
            message: &self.message,
            document: &self.document,
        })
    }

    /// Files it with the message to the channel: what was filed for the same instant before is not filed
    /// again. It is kept without the names of persons.
    pub(crate) fn file(
        mut self,
        database: &Mirror,
        office: &Post,
        channel: &str,
        kind: DeliveryKind,
        as_of: DateTime<Utc>,
    ) -> Result<Vec<Filed>> {
        let payload_json = self.payload(office.channel(channel)?, kind);
        report::forget_names(&mut self.document, &self.report);
        let report = NewReport {
            kind,
            period: &as_of.to_rfc3339_opts(SecondsFormat::Secs, true),
            as_of,
            payload_json: &self.document.to_string(),
            told: Some(&self.told),
        };
        let delivery = NewDelivery {
            channel: channel.to_owned(),
            payload_json,
        };
        Ok(database.write(Utc::now(), |w| w.file_report(&report, &[delivery]))?)
    }
}

/// Composes a channel's digest as of an instant, from one consistent look at the mirror.
pub(crate) fn digest(
    config: &Config,
    database: &Mirror,
    snapshots: &Snapshots,
    channel: &str,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Composed> {
    let channel = config
        .channels
        .iter()
        .find(|it| it.name == channel)
        .ok_or_else(|| anyhow!("no channel is named \"{channel}\""))?;
    // Where any channel is told of persons, one measurement is to serve them all.
    let with_people = |sends: &[Sends]| sends.contains(&Sends::People);
    let mut settings = snapshot::settings(config, as_of, now);
    settings.with_people = config.channels.iter().any(|it| with_people(&it.sends));
    let (mut report, contacts, before, again) = database.read(|conn| {
        let before = mirror::told_before(conn, &channel.name, as_of, as_of - LOOK_BACK)?;
        // What was told last, counted again by what is known now: where it differs, it is said.
        let again = match before.first() {
            Some(latest) => {
                let settings = snapshot::settings(config, latest.as_of, now);
                Some(snapshots.measured(conn, &settings)?)
            }
            None => None,
        };
        let report = snapshots.report(conn, config, &settings)?;
        Ok((report, mirror::contacts(conn)?, before, again))
    })?;
    if !with_people(&channel.sends) {
        report.people = None;
    }
    let again = again.map(|again| Report::clone(&again).narrowed(&channel.access));
    let report = report.narrowed(&channel.access);
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
    Ok(Composed {
        message: digest.message,
        document: report::document(&report, &digest.please_write_to)?,
        told: Before::of(&report, digest.please_write_to),
        report,
    })
}
