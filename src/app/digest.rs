//! A digest: the report narrowed to whom it is for, beside what is remembered and what was told before.

use super::{
    outbox::Post,
    snapshot::{self, Snapshots},
    within,
};
use crate::{
    community::{Access, Before, Named, Telling},
    config::{Channel as Configured, Config, Memory, Sends},
    deliver::{Channel, Letter},
    metrics,
    mirror::{self, DeliveryKind, Filed, Mirror, MirrorError, NewDelivery, NewReport},
    report::{self, Given, Report, message::Message},
};
use anyhow::{Result, anyhow};
use chrono::{DateTime, Datelike as _, Duration, NaiveDate, Offset as _, SecondsFormat, Utc};
use serde_json::Value;
use std::collections::BTreeMap;

/// What was told longer ago than this is read back for nothing but the last digest.
const LOOK_BACK: Duration = Duration::days(85);
/// What stands for the last digest where there was none.
const WEEK: Duration = Duration::days(7);

/// For whom a digest is composed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reader {
    /// As that channel gets it; none: for whoever looks.
    pub channel: Option<String>,
    /// Only groups that this lets through, too.
    pub within: Access,
    /// Whether every group is listed at its end.
    pub shows_all: bool,
}

/// A digest, ready to be sent and kept.
pub(crate) struct Composed {
    /// What is posted.
    message: Message,
    /// The report, with the groups named to write to.
    document: Value,
    /// What programs get; none: the document.
    excerpt: Option<Value>,
    report: Report,
    told: Before,
}

impl Composed {
    /// What is posted to people.
    pub(crate) fn message(&self) -> &Message {
        &self.message
    }

    /// What is posted to programs.
    pub(crate) fn document(&self) -> &Value {
        self.excerpt.as_ref().unwrap_or(&self.document)
    }

    /// Whom it asks to write to.
    pub(crate) fn please_write_to(&self) -> &[Named] {
        &self.told.please_write_to
    }

    /// Exactly what is posted to the channel now.
    pub(crate) fn payload(
        &self,
        channel: &Channel,
        kind: DeliveryKind,
        now: DateTime<Utc>,
    ) -> String {
        channel.payload(&Letter {
            kind,
            at: now,
            message: &self.message,
            document: self.document(),
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
        (as_of, now): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<Filed>> {
        let payload_json = self.payload(office.channel(channel)?, kind, now);
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
        Ok(database.write(now, |w| w.file_report(&report, &[delivery]))?)
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
    let reader = Reader {
        channel: Some(channel.to_owned()),
        ..Reader::default()
    };
    composed(config, database, snapshots, &reader, as_of, now)
}

/// The same for any reader.
pub(crate) fn composed(
    config: &Config,
    database: &Mirror,
    snapshots: &Snapshots,
    reader: &Reader,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Composed> {
    let channel = match &reader.channel {
        None => None,
        Some(name) => {
            let found = config.channels.iter().find(|it| it.name == *name);
            Some(found.ok_or_else(|| anyhow!("no channel is named \"{name}\""))?)
        }
    };
    // Where any channel is told of persons, one measurement is to serve them all.
    let sends = |channel: &Configured, what: Sends| channel.sends.contains(&what);
    let mut settings = snapshot::settings(config, as_of, now);
    settings.with_people = config.channels.iter().any(|it| sends(it, Sends::People));
    let everything = Access::default();
    let access = channel.map_or(&everything, |it| &it.access);
    let (mut report, contacts, memory, own, logged) = database.read(|conn| {
        let memory = remember(conn, config, snapshots, channel, &settings)?;
        let report = snapshots.report(conn, config, &settings)?;
        let own = snapshots.own(conn, &settings, &[access, &reader.within])?;
        let logged = match memory.before.first() {
            Some(before) => metrics::logged(conn, before.as_of, as_of)?,
            None => BTreeMap::new(),
        };
        Ok((report, mirror::contacts(conn)?, memory, own, logged))
    })?;
    if !channel.is_some_and(|it| sends(it, Sends::People)) {
        report.people = None;
    }
    if reader.within.is_narrow() {
        within::check(&report, &reader.within)?;
    }
    let narrowed = |report: Report| report.narrowed(access).narrowed(&reader.within);
    let again = memory.again.map(narrowed);
    let report = narrowed(report);
    let local = as_of.with_timezone(&config.schedule.timezone);
    let month = |day: NaiveDate| (day.year(), day.month());
    let is_monthly = memory.before.first().is_some_and(|before| {
        let then = before.as_of.with_timezone(&config.schedule.timezone);
        month(then.date_naive()) != month(local.date_naive())
    });
    let given = Given {
        now: as_of.with_timezone(&local.offset().fix()),
        contacts: &contacts,
        before: &memory.before,
        elsewhere: &memory.elsewhere,
        logged: &logged,
        again: again.as_ref(),
        staff: config.staff.as_deref().unwrap_or_default(),
        is_monthly,
        own: own.as_ref(),
        // Whoever asks here runs it.
        is_for_operator: channel.is_none_or(|it| sends(it, Sends::Operator)),
    };
    let mut digest = report::digest(&report, &given);
    if reader.shows_all {
        "below".clone_into(&mut digest.message.elsewhere);
        digest.message.sections.extend(report::everyone(&report));
    }
    let gets_whole = channel.is_some_and(|it| sends(it, Sends::Report));
    Ok(Composed {
        document: report::document(&report, &digest.please_write_to)?,
        excerpt: match gets_whole {
            true => None,
            false => Some(report::excerpt(&report, &digest)?),
        },
        message: digest.message,
        told: Before::of(&report, digest.please_write_to),
        report,
    })
}

/// What was told before.
struct Remembered {
    before: Vec<Before>,
    elsewhere: Vec<Telling>,
    /// What was told last, counted again by what is known now: where it differs, it is said.
    again: Option<Report>,
}

fn remember(
    conn: &rusqlite::Connection,
    config: &Config,
    snapshots: &Snapshots,
    channel: Option<&Configured>,
    settings: &metrics::Settings,
) -> Result<Remembered, MirrorError> {
    let (as_of, since) = (settings.as_of, settings.as_of - LOOK_BACK);
    let told = |channel: &str| mirror::told_before(conn, channel, as_of, since);
    let before = match channel {
        Some(channel) => told(&channel.name)?,
        None => {
            // The last digest of all groups, whoever got it.
            let whole = config.channels.iter().filter(|it| !it.access.is_narrow());
            let mut all = Vec::new();
            for channel in whole {
                all.push(told(&channel.name)?);
            }
            let latest = all
                .into_iter()
                .max_by_key(|it| it.first().map(|it| it.as_of));
            latest.unwrap_or_default()
        }
    };
    let elsewhere = match channel.map(|it| (it.memory, it.name.as_str())) {
        Some((Memory::Own, _)) => Vec::new(),
        Some((Memory::Shared, name)) => mirror::told_elsewhere(conn, Some(name), as_of, since)?,
        None => mirror::told_elsewhere(conn, None, as_of, since)?,
    };
    let measured = |as_of: DateTime<Utc>| {
        let settings = snapshot::settings(config, as_of, settings.generated_at);
        snapshots.measured(conn, &settings)
    };
    let (before, again) = match (before.first(), channel) {
        (Some(latest), _) => {
            let again = Report::clone(&*measured(latest.as_of)?);
            (before, Some(again))
        }
        (None, Some(_)) => (before, None),
        // Nobody was told anything: what is new is what the last week brought.
        (None, None) => {
            let then = measured(as_of - WEEK)?;
            (vec![Before::of(&then, Vec::new())], None)
        }
    };
    Ok(Remembered {
        before,
        elsewhere,
        again,
    })
}
