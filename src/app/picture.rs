//! A picture: the network as it was measured once, and as somebody sees it.

use super::{
    beginning::Beginning, database::Database, digest::Gathered, health::freshness, regions,
    snapshot::Snapshots, within,
};
use crate::{
    community::{Access, Contact, MemberId, Order, Status},
    config::{Config, Region},
    metrics::{self, Lately, NetworkFigures},
    mirror::{self, MirrorError},
    report::{
        self, Awaited, Call, Digest, Freshness, GroupLine, GroupReport, Report, message::Line,
    },
};
use anyhow::{Context as _, Result};
use chrono::{DateTime, Duration, FixedOffset, NaiveDate, Utc};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Instant,
};

/// A picture is not older than this, though nothing changed: days pass.
const OLDEST: Duration = Duration::hours(1);
/// While much changes, as in a first backfill, measuring takes at most this part of the time.
const PART: i32 = 10;
/// However fast it is, it is not done more often.
const PAUSE: Duration = Duration::seconds(5);

/// A picture: the network as of an instant, for each way of seeing it.
pub(crate) struct Shown {
    /// When it was measured, which is the instant as of which everything is counted.
    pub as_of: DateTime<Utc>,
    /// Of the figures.
    pub version: i64,
    /// Whether it has the lists of persons.
    pub has_people: bool,
    took: Duration,
    /// As it was a year before.
    before: Arc<Report>,
    lately: Vec<Lately>,
    parts: Vec<(Access, Gathered)>,
    /// The groups of each network, by urlname.
    networks: BTreeMap<String, BTreeSet<String>>,
}

/// A picture as somebody sees it now.
pub(crate) struct Look {
    shown: Arc<Shown>,
    gathered: Gathered,
    /// What is remembered of contact.
    pub contacts: Vec<Contact>,
    /// Parts of the network by name.
    pub regions: Vec<Region>,
    staff: Vec<MemberId>,
    beginning: Option<Beginning>,
}

/// A picture for one who looks once, as of the settings' instant: measured now.
///
/// # Errors
/// If the mirror cannot be read, or no group is where `access` lets through.
pub(crate) async fn once(
    config: &Config,
    database: &Database,
    access: &Access,
    settings: metrics::Settings,
) -> Result<Look> {
    let (config, access) = (config.clone(), access.clone());
    let looking = database.with(move |mirror| {
        let snapshots = Snapshots::default();
        let ways = vec![access.clone()];
        let (shown, remembered) = mirror.read(|conn| {
            let shown = Shown::measure(conn, &config, &snapshots, ways, &settings)?;
            let remembered = (freshness(conn, &config)?, mirror::contacts(conn)?);
            Ok((shown, remembered))
        })?;
        let look = Arc::new(shown).seen(&access, settings.as_of, &config, remembered);
        let look = look.context("nothing was measured")?;
        if access.groups.is_empty() && look.report().groups.is_empty() {
            let whole = mirror.read(|conn| snapshots.measured(conn, &settings))?;
            within::check(&whole, &access)?;
        }
        Ok(look)
    });
    looking.await
}

impl Shown {
    /// A group by its id, whoever sees it.
    pub(crate) fn group(&self, id: &str) -> Option<&GroupReport> {
        let (_, whole) = self.parts.first()?;
        whole.report.groups.iter().find(|it| it.figures.id == id)
    }

    /// Measures it.
    pub(super) fn measure(
        conn: &rusqlite::Connection,
        config: &Config,
        snapshots: &Snapshots,
        ways: Vec<Access>,
        settings: &metrics::Settings,
    ) -> Result<Self, MirrorError> {
        let began = Instant::now();
        let then = metrics::Settings {
            as_of: settings.as_of - Duration::days(365),
            with_people: false,
            ..settings.clone()
        };
        let before = snapshots.measured(conn, &then)?;
        let mut parts = Vec::new();
        for way in ways {
            let seen = Gathered::read(conn, config, snapshots, None, &way, settings)?;
            parts.push((way, seen));
        }
        Ok(Self {
            as_of: settings.as_of,
            has_people: settings.with_people,
            version: mirror::figures_version(conn)?,
            lately: metrics::lately(conn, settings)?,
            networks: mirror::groups_of_networks(conn)?,
            before,
            parts,
            took: Duration::from_std(began.elapsed()).unwrap_or(Duration::MAX),
        })
    }

    /// How many groups there are of each status; none: their history is still being read.
    pub(crate) fn statuses(&self) -> BTreeMap<Option<Status>, u64> {
        let mut counts = BTreeMap::new();
        let all = self.parts.iter().find(|(way, _)| !way.is_narrow());
        for group in all.iter().flat_map(|(_, it)| &it.report.groups) {
            *counts.entry(group.figures.status).or_default() += 1;
        }
        counts
    }

    /// Whether another is due.
    pub(super) fn is_outdated(&self, config: &Config, version: i64, now: DateTime<Utc>) -> bool {
        let age = now - self.as_of;
        // The clock was set back.
        if age < Duration::zero() {
            return true;
        }
        let day = |at: DateTime<Utc>| at.with_timezone(&config.schedule.timezone).date_naive();
        let is_changed = version != self.version;
        let may_again = age >= PAUSE.max(self.took * PART);
        (is_changed && may_again) || age >= OLDEST || day(now) != day(self.as_of)
    }

    /// As somebody sees it who may see so much, with what is remembered.
    pub(super) fn seen(
        self: Arc<Self>,
        access: &Access,
        now: DateTime<Utc>,
        config: &Config,
        (fresh, mut contacts): (Freshness, Vec<Contact>),
    ) -> Option<Look> {
        let (_, gathered) = self.parts.iter().find(|(way, _)| way == access)?;
        let mut gathered = gathered.clone();
        let report = gathered.report.with_freshness(fresh);
        gathered.report = report.narrowed(access);
        // What somebody keeps on a page is known when it comes back.
        gathered.is_looked_at(now);
        regions::add_owners(&mut contacts, &gathered.report, &config.regions);
        if access.is_narrow() {
            let is_seen = |contact: &Contact| gathered.report.group(&contact.urlname).is_some();
            contacts.retain(is_seen);
        }
        Some(Look {
            shown: Arc::clone(&self),
            gathered,
            contacts,
            regions: config.regions.clone(),
            staff: config.staff.clone().unwrap_or_default(),
            beginning: None,
        })
    }
}

impl Look {
    /// The same, with how far the first reading is.
    pub(super) fn at_the_beginning(self, beginning: Option<Beginning>) -> Self {
        Self { beginning, ..self }
    }

    /// How far the first reading is; none: everything was read once, or nobody looks live.
    pub(crate) fn beginning(&self) -> Option<&Beginning> {
        self.beginning.as_ref()
    }

    /// The report.
    pub(crate) fn report(&self) -> &Report {
        &self.gathered.report
    }

    /// The same, without lists of persons unless they may be seen.
    pub(crate) fn hide_people(&mut self) {
        self.gathered.report.people = None;
    }

    /// The network's figures, as far as the reader sees it.
    pub(crate) fn network(&self) -> &NetworkFigures {
        self.gathered.network()
    }

    /// The date of the picture, by the sponsor's clock.
    pub(crate) fn today(&self) -> NaiveDate {
        self.gathered.today()
    }

    /// When it is looked at, by the sponsor's clock.
    pub(crate) fn looked_at(&self) -> DateTime<FixedOffset> {
        self.gathered.looked_at()
    }

    /// When it was measured.
    pub(crate) fn as_of(&self) -> DateTime<Utc> {
        self.shown.as_of
    }

    /// The Monday message as it would be now.
    pub(crate) fn digest(&self) -> Digest {
        let given = self.gathered.given(&self.contacts, &self.staff, true);
        report::digest(self.report(), &given)
    }

    /// Every group that a word would help.
    pub(crate) fn calls(&self) -> Vec<Call> {
        let given = self.gathered.given(&self.contacts, &self.staff, true);
        report::calls(self.report(), &given)
    }

    /// Every group that is waited for.
    pub(crate) fn awaited(&self) -> Vec<Awaited> {
        let given = self.gathered.given(&self.contacts, &self.staff, true);
        report::awaited(self.report(), &given)
    }

    /// Which figures told before are others by what is known now, and why.
    pub(crate) fn restated(&self) -> Vec<Line> {
        let given = self.gathered.given(&self.contacts, &self.staff, true);
        report::restated(self.report(), &given)
    }

    /// A line for each group, in an order.
    pub(crate) fn lines(&self, order: Option<Order>) -> Vec<GroupLine> {
        let known = (&self.contacts[..], self.looked_at().to_utc());
        report::overview(self.report(), known, order)
    }

    /// What was held in the week before, of the groups that the reader sees.
    pub(crate) fn lately(&self) -> impl Iterator<Item = &Lately> {
        let seen = &self.shown.lately;
        seen.iter()
            .filter(|it| self.report().group(&it.group).is_some())
    }

    /// The groups as they were a year before.
    pub(crate) fn before(&self) -> impl Iterator<Item = &GroupReport> {
        self.shown.before.groups.iter()
    }

    /// Whether a group is in a region of that name; nothing asked for is everywhere.
    pub(crate) fn is_in_region(&self, name: &str, urlname: &str) -> bool {
        let Some(group) = self.report().group(urlname) else {
            return false;
        };
        name.is_empty()
            || self
                .region_of(group)
                .is_some_and(|it| it.eq_ignore_ascii_case(name))
    }

    /// The networks of which the reader sees a group, by urlname.
    pub(crate) fn networks(&self) -> BTreeSet<&str> {
        let is_seen = |group: &String| self.report().group(group).is_some();
        let all = self.shown.networks.iter();
        all.filter(|(_, groups)| groups.iter().any(is_seen))
            .map(|(network, _)| network.as_str())
            .collect()
    }

    /// Whether a group is in a network of that urlname; nothing asked for is everywhere.
    pub(crate) fn is_in_network(&self, network: &str, urlname: &str) -> bool {
        let mut all = self.shown.networks.iter();
        network.is_empty()
            || all.any(|(of, groups)| of.eq_ignore_ascii_case(network) && groups.contains(urlname))
    }

    /// The name of a group's region.
    pub(crate) fn region_of(&self, group: &GroupReport) -> Option<&str> {
        regions::of(&self.regions, &group.figures).map(|it| it.name.as_str())
    }

    /// What is remembered of contact with a group.
    pub(crate) fn contact(&self, group: &GroupReport) -> Option<&Contact> {
        let id = group.figures.id.as_str();
        self.contacts.iter().find(|it| it.group.as_str() == id)
    }
}
