//! The network as the pages show it.
//!
//! A page never measures: that takes seconds in a large network, and whoever looks would hold up whoever sends.
//! Instead the daemon measures whenever what was read or agreed has changed, at least once an hour and after midnight,
//! and keeps the latest picture here. A page takes it, with what is cheap and must not be old: the memory of contact,
//! and how fresh all of it is. So what somebody notes on a page is there when the page comes back, and its figures
//! follow with the next picture.

pub(crate) use super::picture::{Look, Shown, once};

use super::{
    beginning,
    database::Database,
    health::Readings,
    network_figure::{self, Asked},
    on_demand::OnDemand,
    snapshot::{self, Snapshots},
    years,
};
use crate::{
    community::Access,
    config::Config,
    metrics::{self, Year},
    mirror::{self, MirrorError},
    report::Outline,
};
use chrono::{DateTime, Duration, SubsecRound, Utc};
use std::sync::{
    Arc, PoisonError, RwLock,
    atomic::{AtomicI64, Ordering},
};
use tokio::sync::Notify;

/// Whoever asked for the lists of persons is taken to look at them so long.
const LOOKED_AT: Duration = Duration::hours(1);

/// The latest picture, for whoever looks.
#[derive(Default)]
pub(crate) struct Showing {
    shown: RwLock<Option<Arc<Shown>>>,
    /// Something was done that figures rest on: whoever did it waits for the next picture.
    wanted: Notify,
    years: OnDemand<(Access, i32), Year>,
    figures: OnDemand<Asked, Option<Outline>>,
    /// When somebody last asked for the lists of persons, in seconds since 1970; 0: never. They take longer to
    /// make than all else, so they are made only while somebody looks at them.
    people_asked_at: AtomicI64,
}

impl Showing {
    /// Measures, if there is a reason to: whether it did.
    pub(crate) async fn measure(
        self: &Arc<Self>,
        config: &Arc<Config>,
        database: &Database,
        snapshots: &Snapshots,
        now: DateTime<Utc>,
    ) -> Result<bool, MirrorError> {
        let (showing, config) = (Arc::clone(self), Arc::clone(config));
        let (snapshots, now) = (snapshots.clone(), now.trunc_subsecs(0));
        let measured = database.read(move |conn| {
            let version = mirror::figures_version(conn)?;
            let latest = showing.latest();
            let wants_people = showing.wants_people(now);
            let is_good = |it: Arc<Shown>| {
                it.has_people >= wants_people && !it.is_outdated(&config, version, now)
            };
            if latest.is_some_and(is_good) {
                return Ok(false);
            }
            let mut settings = snapshot::settings(&config, now, now);
            settings.with_people = wants_people;
            let ways = ways(&config);
            let shown = Shown::measure(conn, &config, &snapshots, ways, &settings)?;
            let mut kept = showing
                .shown
                .write()
                .unwrap_or_else(PoisonError::into_inner);
            *kept = Some(Arc::new(shown));
            Ok(true)
        });
        measured.await
    }

    /// Asks for a picture with the lists of persons.
    pub(crate) fn ask_for_people(&self) {
        let now = Utc::now().timestamp();
        self.people_asked_at.store(now, Ordering::Relaxed);
        self.ask();
    }

    fn wants_people(&self, now: DateTime<Utc>) -> bool {
        let asked_at = self.people_asked_at.load(Ordering::Relaxed);
        now.timestamp() - asked_at < LOOKED_AT.num_seconds()
    }

    /// The latest picture; none: nothing was measured yet.
    pub(crate) fn latest(&self) -> Option<Arc<Shown>> {
        let shown = self.shown.read().unwrap_or_else(PoisonError::into_inner);
        shown.as_ref().map(Arc::clone)
    }

    /// Counts what somebody asked for since: years, and what figures are made of.
    pub(crate) async fn count_asked(
        self: &Arc<Self>,
        config: &Arc<Config>,
        database: &Database,
        snapshots: &Snapshots,
        now: DateTime<Utc>,
    ) -> Result<(), MirrorError> {
        let now = now.trunc_subsecs(0);
        while let Some(asked) = self.years.next() {
            let (showing, config) = (Arc::clone(self), Arc::clone(config));
            let counting = database.read(move |conn| {
                let version = mirror::figures_version(conn)?;
                let settings = snapshot::settings(&config, now, now);
                let year = years::count(conn, &settings, &asked.0, asked.1)?;
                showing.years.keep(asked, (version, now), year);
                Ok(())
            });
            counting.await?;
        }
        while let Some(asked) = self.figures.next() {
            let (showing, config) = (Arc::clone(self), Arc::clone(config));
            let as_of = self.latest().map_or(now, |it| it.as_of);
            let snapshots = snapshots.clone();
            let counting = database.read(move |conn| {
                let version = mirror::figures_version(conn)?;
                let told = network_figure::count(conn, &config, &snapshots, &asked, as_of)?;
                showing.figures.keep(asked, (version, as_of), told);
                Ok(())
            });
            counting.await?;
        }
        Ok(())
    }

    /// A calendar year as somebody sees it who may see so much; none: it is being counted, and comes.
    pub(crate) fn year(&self, access: &Access, year: i32) -> Option<Arc<Year>> {
        self.made(&self.years, &(access.clone(), year))
    }

    /// What is behind a figure of the network, as somebody sees it who may see so much, and maybe persons; none: it is
    /// being counted, and comes. Within, none: it is no figure of the network.
    pub(crate) fn figure(
        &self,
        access: &Access,
        entry: &'static metrics::Entry,
        with_names: bool,
    ) -> Option<Arc<Option<Outline>>> {
        let asked = Asked {
            access: access.clone(),
            key: entry.key,
            with_names,
        };
        self.made(&self.figures, &asked)
    }

    fn made<K: Clone + PartialEq, V>(&self, made: &OnDemand<K, V>, key: &K) -> Option<Arc<V>> {
        let latest = self.latest()?;
        let (found, is_to_make) = made.find(key, (latest.version, latest.as_of));
        if is_to_make {
            self.ask();
        }
        found
    }

    /// Asks for a new picture.
    pub(crate) fn ask(&self) {
        self.wanted.notify_one();
    }

    /// Waits until somebody asks.
    pub(crate) async fn asked(&self) {
        self.wanted.notified().await;
    }

    /// The latest picture as somebody sees it who may see so much; none: there is none yet.
    pub(crate) async fn look(
        &self,
        config: &Arc<Config>,
        database: &Database,
        access: &Access,
    ) -> Result<Option<Look>, MirrorError> {
        let Some(shown) = self.latest() else {
            return Ok(None);
        };
        let (config, access) = (Arc::clone(config), access.clone());
        let look = database.read(move |conn| {
            let readings = Readings::look(conn, &config)?;
            let beginning = beginning::look(conn, &config, &readings)?;
            let known = (readings.freshness(), mirror::contacts(conn)?);
            let look = shown.seen(&access, Utc::now(), &config, known);
            Ok(look.map(|it| it.at_the_beginning(beginning)))
        });
        look.await
    }
}

/// The ways in which somebody sees the network: the whole of it, and the part of each viewer.
fn ways(config: &Config) -> Vec<Access> {
    let mut ways = vec![Access::default()];
    for viewer in &config.http.viewers {
        if !ways.contains(&viewer.access) {
            ways.push(viewer.access.clone());
        }
    }
    ways
}
