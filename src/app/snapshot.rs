//! A report from the mirror and the configuration.

use super::{database::Database, health::freshness};
use crate::{
    community::Access,
    config::Config,
    metrics::{self, NetworkFigures, Purpose, measure},
    mirror::{self, MirrorError},
    report::{Freshness, Report, compose},
};
use anyhow::Result;
use chrono::{DateTime, SubsecRound, Utc};
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

/// Measurements kept at once: of the latest instants that were asked for.
const KEPT: usize = 5;

/// The network as it was measured, once per instant, for all who ask for it: each measurement is kept
/// until the mirror's figures move. Whoever asks while one is made waits for it. Clones share what is kept.
#[derive(Default, Clone)]
pub(crate) struct Snapshots {
    kept: Arc<Mutex<Vec<Kept>>>,
    made: Arc<AtomicU64>,
}

struct Kept {
    version: i64,
    settings: metrics::Settings,
    report: Arc<Report>,
}

impl Snapshots {
    /// The network as of the settings' instant, as `conn` sees the mirror, without how fresh it is. It may
    /// have lists of persons that were not asked for.
    pub(crate) fn measured(
        &self,
        conn: &rusqlite::Connection,
        settings: &metrics::Settings,
    ) -> Result<Arc<Report>, MirrorError> {
        let version = mirror::figures_version(conn)?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|it| it.version == version);
        if let Some(at) = kept.iter().position(|it| it.settings.stands_for(settings)) {
            let found = kept.remove(at);
            let report = Arc::clone(&found.report);
            kept.push(found);
            return Ok(report);
        }
        let began = Instant::now();
        let measured = measure(conn, settings)?;
        let report = Arc::new(compose(measured, settings, Freshness::default()));
        self.made.fetch_add(1, Ordering::Relaxed);
        tracing::debug!(as_of = %settings.as_of, took = ?began.elapsed(), "measured");
        if kept.len() >= KEPT {
            kept.remove(0);
        }
        kept.push(Kept {
            version,
            settings: settings.clone(),
            report: Arc::clone(&report),
        });
        Ok(report)
    }

    /// The network's figures over some groups alone, as if there were no others; none where all are seen.
    /// They cannot be told from the whole's (whoever goes to two groups is one person, and which groups have
    /// that person in common is in no report), so they are measured: once for all who see the same groups.
    /// What rests on the past of the whole network, so that there are cases enough, stays that of the whole.
    pub(crate) fn own(
        &self,
        conn: &rusqlite::Connection,
        settings: &metrics::Settings,
        access: &[&Access],
    ) -> Result<Option<NetworkFigures>, MirrorError> {
        let narrow = access.iter().filter(|it| it.is_narrow());
        let narrow: Vec<Access> = narrow.map(|it| Access::clone(it)).collect();
        if narrow.is_empty() {
            return Ok(None);
        }
        let whole = self.measured(conn, settings)?;
        let only = metrics::Settings {
            only: narrow,
            with_people: false,
            ..settings.clone()
        };
        let part = self.measured(conn, &only)?;
        Ok(Some(NetworkFigures {
            survival: whole.network.survival,
            guidance: whole.network.guidance.clone(),
            notice: whole.network.notice.clone(),
            ..part.network.clone()
        }))
    }

    /// The report of these settings, with how fresh it is now.
    pub(crate) fn report(
        &self,
        conn: &rusqlite::Connection,
        config: &Config,
        settings: &metrics::Settings,
    ) -> Result<Report, MirrorError> {
        let freshness = freshness(conn, config)?;
        let mut report = Report::clone(&*self.measured(conn, settings)?);
        if !settings.with_people {
            report.people = None;
        }
        Ok(report.with_freshness(freshness))
    }
}

/// Composes the report as of an instant, from one consistent look at the mirror.
pub(crate) async fn report(
    config: &Config,
    database: &Database,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<Report> {
    composed(config, database, &settings(config, as_of, now)).await
}

/// Composes the report of some settings.
pub(crate) async fn composed(
    config: &Config,
    database: &Database,
    settings: &metrics::Settings,
) -> Result<Report> {
    let (config, settings) = (config.clone(), settings.clone());
    let composed = database.read(move |conn| {
        let measured = measure(conn, &settings)?;
        Ok(compose(measured, &settings, freshness(conn, &config)?))
    });
    Ok(composed.await?)
}

/// One group's part of the report, for a purpose. The network's figures are not in it.
pub(crate) async fn of_group(
    config: &Config,
    database: &Database,
    settings: &metrics::Settings,
    urlname: &str,
    purpose: Purpose,
) -> Result<Report> {
    let (config, settings, urlname) = (config.clone(), settings.clone(), urlname.to_owned());
    let composed = database.read(move |conn| {
        let measured = metrics::measure_group(conn, &settings, &urlname, purpose)?;
        Ok(compose(measured, &settings, freshness(conn, &config)?))
    });
    Ok(composed.await?)
}

/// The report, and what is behind one of its keys, from the same look at the mirror; of a key of one group,
/// that group's part alone.
pub(crate) async fn explained(
    config: &Config,
    database: &Database,
    settings: metrics::Settings,
    entry: &'static metrics::Entry,
    urlname: Option<String>,
) -> Result<(Report, metrics::Explained)> {
    let config = config.clone();
    let explained = database.read(move |conn| {
        let measured = match &urlname {
            Some(urlname) => metrics::measure_group(conn, &settings, urlname, Purpose::Figures)?,
            None => measure(conn, &settings)?,
        };
        let explained = metrics::explain(conn, &settings, entry, urlname.as_deref())?;
        let freshness = freshness(conn, &config)?;
        Ok((compose(measured, &settings, freshness), explained))
    });
    Ok(explained.await?)
}

/// How good forecasts were.
pub(crate) async fn backtest(
    database: &Database,
    settings: metrics::Settings,
) -> Result<metrics::Backtest> {
    let backtest = database.read(move |conn| Ok(metrics::backtest(conn, &settings)?));
    Ok(backtest.await?)
}

/// What a report depends on besides the mirror.
pub(crate) fn settings(
    config: &Config,
    as_of: DateTime<Utc>,
    now: DateTime<Utc>,
) -> metrics::Settings {
    metrics::Settings {
        as_of,
        // Whole seconds, as printed: what is decided by it can be decided again from the report.
        generated_at: now.trunc_subsecs(0),
        staff: config.staff.clone(),
        target_share: config.measures.target_share,
        targets: config
            .targets
            .iter()
            .map(|target| metrics::Target {
                group: target.group.clone(),
                every_months: target.every_months,
            })
            .collect(),
        call_after_days: config.measures.call_after_days,
        call_at: config.measures.call_at,
        show_rate: config.measures.show_rate,
        policy: config.policy,
        zone: config.schedule.timezone,
        only: Vec::new(),
        with_people: false,
        first_look: false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        app::{digest::digest, outbox::Post},
        community::{Access, Group},
        config::{Channel, Kind, Sends},
        mirror::{DeliveryKind, GroupKey, Mirror, Stamp},
    };
    use chrono::TimeDelta;

    fn monday(week: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_790_575_200, 0).unwrap() + TimeDelta::weeks(week)
    }

    fn channel(name: &str, sends: Vec<Sends>) -> Channel {
        Channel {
            name: name.to_owned(),
            kind: Kind::Slack,
            url: "https://chat.example/".to_owned().into(),
            sends,
            access: Access::default(),
            digest: None,
            memory: Default::default(),
            pictures: true,
        }
    }

    /// A file with one group, and three channels that are sent digests, one of them with persons.
    fn sponsor(folder: &std::path::Path) -> (Config, Mirror, GroupKey) {
        let mut config = Config::with_defaults(&folder.join("gatherd.db"));
        config.channels = vec![
            channel("team", vec![Sends::Digest]),
            channel("board", vec![Sends::Digest, Sends::People]),
            channel("chat", vec![Sends::Digest]),
        ];
        let stamp = Stamp {
            is_demo: true,
            endpoint: String::new(),
        };
        let database = Mirror::open(&config.database, &stamp, monday(0)).unwrap();
        let group = Group {
            id: "1".into(),
            network: None,
            urlname: "one".to_owned(),
            name: "One".to_owned(),
            city: None,
            state: None,
            country: None,
            lat: None,
            lon: None,
            timezone: None,
            founded_at: None,
            joined_network_at: None,
            status: crate::community::GroupStatus::Paid,
            tie_status: None,
            join_mode: "OPEN".to_owned(),
            is_private: false,
            organizer: None,
            member_count: None,
            link: None,
            past_events: None,
        };
        let asked = |w: &mirror::Writing<'_>| Ok(w.record_group(&group, 1)?.key);
        let key = database.write(monday(0), asked).unwrap();
        (config, database, key)
    }

    /// Files the digest of every channel that is due, and answers how many measurements that took.
    async fn file(config: &Config, database: &Database, snapshots: &Snapshots, week: i64) -> u64 {
        let office = Post::open(config, database).unwrap();
        let before = snapshots.made.load(Ordering::Relaxed);
        for (nth, channel) in (0..).zip(&config.channels) {
            let (due, now) = (monday(week), monday(week) + TimeDelta::seconds(nth));
            let composed = digest(config, database, snapshots, &channel.name, due, now);
            let (to, kind) = (&channel.name, DeliveryKind::Digest);
            let composed = composed.await.unwrap();
            let filed = composed.file(database, &office, to, kind, (due, now));
            filed.await.unwrap();
        }
        snapshots.made.load(Ordering::Relaxed) - before
    }

    #[tokio::test]
    async fn channels_that_are_due_together_share_one_measurement_and_one_of_what_was_told_last() {
        let folder = tempfile::TempDir::new().unwrap();
        let (config, mirror, _) = sponsor(folder.path());
        let (database, snapshots) = (Database::over(mirror), Snapshots::default());
        assert_eq!(file(&config, &database, &snapshots, 0).await, 1);
        // Now what was told a week ago is counted again, once for all, and was measured then.
        assert_eq!(file(&config, &database, &snapshots, 1).await, 2);
        let others = Snapshots::default();
        assert_eq!(file(&config, &database, &others, 2).await, 2);
    }

    #[tokio::test]
    async fn channels_that_see_the_same_part_share_one_measurement_of_it() {
        let folder = tempfile::TempDir::new().unwrap();
        let (mut config, mirror, _) = sponsor(folder.path());
        let (database, snapshots) = (Database::over(mirror), Snapshots::default());
        for (name, country) in [("d", "de"), ("e", "de"), ("f", "fr"), ("g", "de")] {
            let mut narrow = channel(name, vec![Sends::Digest]);
            narrow.access.countries = vec![country.to_owned()];
            config.channels.push(narrow);
        }
        // The whole, Germany and France, for seven channels.
        assert_eq!(file(&config, &database, &snapshots, 0).await, 3);
        // And once more the whole as of what was told last, of which each is told its part.
        assert_eq!(file(&config, &database, &snapshots, 1).await, 4);
    }

    #[test]
    fn what_moves_a_figure_makes_the_next_look_a_measurement_and_nothing_else_does() {
        let folder = tempfile::TempDir::new().unwrap();
        let (config, database, group) = sponsor(folder.path());
        let snapshots = Snapshots::default();
        let look = |database: &Mirror| {
            let settings = settings(&config, monday(0), monday(0));
            database
                .read(|conn| snapshots.measured(conn, &settings))
                .unwrap();
            snapshots.made.load(Ordering::Relaxed)
        };
        assert_eq!((look(&database), look(&database)), (1, 1));
        // Another process's look, note and target.
        let other = Mirror::open_existing(&config.database).unwrap();
        let note = |w: &mirror::Writing<'_>| w.note(group, "they need a room", None);
        other.write(monday(0), note).unwrap();
        assert_eq!(look(&database), 1);
        let agree = |w: &mirror::Writing<'_>| w.agree_target(group, 2, None);
        other.write(monday(0), agree).unwrap();
        assert_eq!((look(&database), look(&other)), (2, 2));
    }
}
