//! A digest: the report narrowed to whom it is for, beside what is remembered and what was told before.

use super::{
    database::Database,
    first_look,
    outbox::Post,
    regions,
    snapshot::{self, Snapshots},
    within,
};
use crate::{
    community::{Access, Before, Contact, MemberId, Named, Telling},
    config::{Channel as Configured, Config, Memory, Sends},
    deliver::{Channel, Letter},
    metrics::{self, Logged, NetworkFigures},
    mirror::{self, DeliveryKind, Filed, Mirror, MirrorError, NewDelivery, NewReport},
    report::{self, Given, Report, message::Message},
};
use anyhow::{Result, anyhow};
use chrono::{
    DateTime, Datelike as _, Duration, FixedOffset, NaiveDate, Offset as _, SecondsFormat, Utc,
};
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
    /// Only groups that somebody of these looks after; empty: whoever does.
    pub owners: Vec<String>,
    /// Whether every group is listed at its end.
    pub shows_all: bool,
    /// Whether groups of which only the last 12 months are read are told of as if that were all. For eyes on a
    /// terminal alone: what is so composed is never sent or kept.
    pub may_be_first: bool,
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

    /// What a reader sees of it in a chat, in lines; none where only programs read.
    pub(crate) fn shown(&self, channel: &Configured, now: DateTime<Utc>) -> Option<String> {
        let channel = Channel::new(channel);
        channel.shown(&self.payload(&channel, DeliveryKind::Manual, now))
    }

    /// Files it with the message to the channel: what was filed for the same instant before is not filed
    /// again. It is kept without the names of persons.
    pub(crate) async fn file(
        mut self,
        database: &Database,
        office: &Post,
        channel: &str,
        kind: DeliveryKind,
        (as_of, now): (DateTime<Utc>, DateTime<Utc>),
    ) -> Result<Vec<Filed>> {
        let (office, channel) = (office.clone(), channel.to_owned());
        let filing = database.with(move |mirror| {
            self.message = office.with_links(&self.message, &channel, now);
            let delivery = NewDelivery {
                payload_json: self.payload(office.channel(&channel)?, kind, now),
                channel,
            };
            report::forget_names(&mut self.document, &self.report);
            let report = NewReport {
                kind,
                period: &as_of.to_rfc3339_opts(SecondsFormat::Secs, true),
                as_of,
                payload_json: &self.document.to_string(),
                told: Some(&self.told),
            };
            Ok(mirror.write(now, |w| w.file_report(&report, &[delivery]))?)
        });
        filing.await
    }
}

/// Composes a channel's digest as of an instant, from one consistent look at the mirror.
pub(crate) async fn digest(
    config: &Config,
    database: &Database,
    snapshots: &Snapshots,
    channel: &str,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Composed> {
    let reader = Reader {
        channel: Some(channel.to_owned()),
        ..Reader::default()
    };
    composed(config, database, snapshots, reader, as_of, now).await
}

/// The same for any reader.
pub(crate) async fn composed(
    config: &Config,
    database: &Database,
    snapshots: &Snapshots,
    reader: Reader,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Composed> {
    let (config, snapshots) = (config.clone(), snapshots.clone());
    let composing =
        database.with(move |mirror| compose(&config, mirror, &snapshots, &reader, as_of, now));
    composing.await
}

fn compose(
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
    settings.with_people =
        config.privacy.names && config.channels.iter().any(|it| sends(it, Sends::People));
    let unread = match reader.may_be_first {
        true => database.read(|conn| first_look::unread(conn, as_of))?,
        false => None,
    };
    settings.first_look = unread.is_some();
    let contacts = database.read(mirror::contacts)?;
    let within = match reader.owners.is_empty() {
        true => reader.within.clone(),
        false => {
            let mut looked_after = contacts.clone();
            let whole = database.read(|conn| snapshots.measured(conn, &settings))?;
            regions::add_owners(&mut looked_after, &whole, &config.regions);
            Access {
                groups: regions::owned_by(&looked_after, &reader.owners)?.groups,
                ..reader.within.clone()
            }
        }
    };
    let mut gathered = database
        .read(|conn| Gathered::read(conn, config, snapshots, channel, &within, &settings))?;
    if !channel.is_some_and(|it| sends(it, Sends::People)) {
        gathered.report.people = None;
    }
    if within.is_narrow() && gathered.report.groups.is_empty() {
        let whole = database.read(|conn| snapshots.measured(conn, &settings))?;
        within::check(&whole, &within)?;
    }
    let staff = config.staff.as_deref().unwrap_or_default();
    // Whoever asks here runs it.
    let is_for_operator = channel.is_none_or(|it| sends(it, Sends::Operator));
    let given = gathered.given(&contacts, staff, is_for_operator);
    let mut digest = report::digest(&gathered.report, &given);
    let report = gathered.report;
    if let Some(unread) = unread {
        first_look::head(&mut digest.message, unread, as_of);
    }
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

/// All that a digest is composed of but the memory of contact: what was measured of the groups that its reader
/// sees, and what was told before.
#[derive(Debug, Clone)]
pub(crate) struct Gathered {
    pub(crate) report: Report,
    memory: Remembered,
    own: Option<NetworkFigures>,
    logged: BTreeMap<String, Logged>,
    now: DateTime<FixedOffset>,
    is_monthly: bool,
}

impl Gathered {
    /// For a channel, or for whoever looks; only groups that `within` lets through, too.
    pub(crate) fn read(
        conn: &rusqlite::Connection,
        config: &Config,
        snapshots: &Snapshots,
        channel: Option<&Configured>,
        within: &Access,
        settings: &metrics::Settings,
    ) -> Result<Self, MirrorError> {
        let as_of = settings.as_of;
        let everything = Access::default();
        let access = channel.map_or(&everything, |it| &it.access);
        // A first look is nothing to compare with what was told.
        let mut memory = match settings.first_look {
            true => Remembered::default(),
            false => remember(conn, config, snapshots, channel, settings)?,
        };
        let report = snapshots.report(conn, config, settings)?;
        let own = snapshots.own(conn, settings, &[access, within])?;
        let logged = match memory.before.first() {
            Some(before) => metrics::logged(conn, before.as_of, as_of)?,
            None => BTreeMap::new(),
        };
        let narrowed = |report: Report| report.narrowed(access).narrowed(within);
        memory.again = memory.again.map(narrowed);
        let local = as_of.with_timezone(&config.schedule.timezone);
        let month = |day: NaiveDate| (day.year(), day.month());
        let is_monthly = memory.before.first().is_some_and(|before| {
            let then = before.as_of.with_timezone(&config.schedule.timezone);
            month(then.date_naive()) != month(local.date_naive())
        });
        Ok(Self {
            report: narrowed(report),
            memory,
            own,
            logged,
            now: as_of.with_timezone(&local.offset().fix()),
            is_monthly,
        })
    }

    /// That it is looked at later than it was measured: what was remembered since is known.
    pub(crate) fn is_looked_at(&mut self, now: DateTime<Utc>) {
        self.now = now.with_timezone(&self.now.timezone());
    }

    /// The network's figures, as far as the reader sees it.
    pub(crate) fn network(&self) -> &NetworkFigures {
        self.own.as_ref().unwrap_or(&self.report.network)
    }

    /// When that is.
    pub(crate) fn looked_at(&self) -> DateTime<FixedOffset> {
        self.now
    }

    /// The date of it.
    pub(crate) fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// As a digest takes it.
    pub(crate) fn given<'a>(
        &'a self,
        contacts: &'a [Contact],
        staff: &'a [MemberId],
        is_for_operator: bool,
    ) -> Given<'a> {
        Given {
            now: self.now,
            contacts,
            before: &self.memory.before,
            elsewhere: &self.memory.elsewhere,
            logged: &self.logged,
            again: self.memory.again.as_ref(),
            staff,
            is_monthly: self.is_monthly,
            own: self.own.as_ref(),
            is_for_operator,
        }
    }
}

/// What was told before.
#[derive(Debug, Clone, Default)]
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
