//! Everything `status` tells, as plain data.

use super::reading::Readings;
use crate::{
    app::{
        backups::{FIRING, Standing},
        database::Database,
    },
    config::Config,
    mirror::{
        self, DeliveryState, DriftFinding, Freshness, Mirror, MirrorError, Pass, PassKind,
        PassLock, PassOutcome,
    },
    schedule,
};
use anyhow::Result;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use std::path::Path;

/// A day, in milliseconds.
const DAY_MS: i64 = 86_400_000;

/// Points used in the 24 hours before: a look at each question of them.
pub(in crate::app) fn points_of_day(
    conn: &rusqlite::Connection,
    now: DateTime<Utc>,
) -> Result<i64, MirrorError> {
    mirror::points_since(conn, now.timestamp_millis() - DAY_MS)
}

pub(crate) struct Facts {
    /// The latest ended pass of each kind.
    pub(crate) passes: Vec<(PassKind, Option<Pass>)>,
    /// A pass that has not ended; whether it runs says `holder`.
    pub(crate) unended: Option<Pass>,
    /// Who holds the lock of passes, if anybody does.
    pub(crate) holder: Option<Option<u32>>,
    pub(crate) last_good: Option<Pass>,
    /// What was read when, and what fails now.
    pub(crate) readings: Readings,
    /// Sponsored groups, the stalest first; none of them where it had to be quick.
    pub(crate) groups: Vec<Freshness>,
    pub(crate) units: u64,
    pub(crate) undelivered: mirror::Undelivered,
    /// Messages of each channel by what became of them; none where it had to be quick.
    pub(crate) tallies: Vec<(String, DeliveryState, i64)>,
    /// Channels with messages that were given up, and how many: only those that are still configured,
    /// since nothing could be done about others.
    pub(crate) given_up: Vec<(String, i64)>,
    pub(crate) points_minute: i64,
    /// None where it had to be quick.
    pub(crate) points_day: Option<i64>,
    /// By the clock of the schedule.
    pub(crate) next: Vec<(String, DateTime<Tz>)>,
    /// How Meetup's API differs from what is used of it, the worst first.
    pub(crate) drift: Vec<DriftFinding>,
    pub(crate) bytes: u64,
    /// The daemon's backups; none where none are asked for.
    pub(crate) backups: Option<Standing>,
}

impl Facts {
    /// The pass under way, if one is.
    pub(crate) fn running(&self) -> Option<&Pass> {
        self.unended.as_ref().filter(|_| self.holder.is_some())
    }

    /// The pass whose process ended before it did.
    pub(crate) fn interrupted(&self) -> Option<&Pass> {
        self.unended.as_ref().filter(|_| self.holder.is_none())
    }

    /// Whether a whole pass failed, or all that a network has to tell, and none of its kind was better since.
    pub(super) fn has_failed(&self) -> bool {
        let mut latest = self.passes.iter().filter_map(|(_, pass)| pass.as_ref());
        latest.any(|it| it.outcome == Some(PassOutcome::Failed))
            || self.readings.failing.iter().any(|it| it.group.is_none())
    }

    /// When the part that was verified longest ago was; none: some part never was, or there is none.
    pub(crate) fn oldest_verified(&self) -> Option<i64> {
        self.groups.first().and_then(|group| group.verified_at)
    }

    pub(crate) fn incomplete(&self) -> usize {
        self.groups.iter().filter(|it| !it.is_complete).count()
    }
}

pub(crate) async fn gather(
    config: &Config,
    database: &Database,
    now: DateTime<Utc>,
) -> Result<Facts> {
    let config = config.clone();
    let gathered = database.with(move |mirror| facts(&config, mirror, now, true));
    gathered.await
}

/// The same but for how fresh each group is, for which all events are looked at, and for the points of a day: for
/// whoever asks often.
pub(crate) async fn gather_quickly(
    config: &Config,
    database: &Database,
    now: DateTime<Utc>,
) -> Result<Facts> {
    let config = config.clone();
    let gathered = database.with(move |mirror| facts(&config, mirror, now, false));
    gathered.await
}

fn facts(config: &Config, database: &Mirror, now: DateTime<Utc>, is_whole: bool) -> Result<Facts> {
    // Before the journal is read: a pass that begins in between would look interrupted.
    let before = PassLock::holder(&config.database);
    let now_ms = now.timestamp_millis();
    let mut facts = database.read(|conn| {
        let passes = [PassKind::Backfill, PassKind::Pass, PassKind::Sweep]
            .into_iter()
            .map(|kind| Ok((kind, mirror::last_pass(conn, kind)?)))
            .collect::<Result<Vec<_>, MirrorError>>()?;
        let recent = mirror::recent_passes(conn, 1)?;
        Ok(Facts {
            unended: recent
                .first()
                .filter(|pass| pass.finished_at.is_none())
                .cloned(),
            holder: before,
            last_good: mirror::last_good_pass(conn)?,
            readings: Readings::look(conn, config)?,
            groups: if is_whole {
                mirror::freshness(conn)?
            } else {
                Vec::new()
            },
            units: mirror::open_units(conn)?
                .iter()
                .map(|open| open.count.unsigned_abs())
                .sum(),
            undelivered: mirror::undelivered(conn)?,
            tallies: if is_whole {
                mirror::delivery_tallies(conn)?
            } else {
                Vec::new()
            },
            given_up: {
                let mut given_up = mirror::given_up(conn)?;
                given_up.retain(|(name, _)| config.channels.iter().any(|it| it.name == *name));
                given_up
            },
            points_minute: mirror::points_used(conn, now_ms, 60_000)?,
            points_day: is_whole.then(|| points_of_day(conn, now)).transpose()?,
            next: next(config, now),
            drift: mirror::drift_findings(conn)?,
            bytes: bytes(&config.database),
            backups: Standing::look(conn, config, now)?,
            passes,
        })
    })?;
    // One that began before it was read, but after the first look at the lock, runs.
    facts.holder = facts.holder.or_else(|| PassLock::holder(&config.database));
    Ok(facts)
}

/// The next firing of each line; digests by channel.
fn next(config: &Config, now: DateTime<Utc>) -> Vec<(String, DateTime<Tz>)> {
    let schedule = &config.schedule;
    let mut lines = vec![
        ("pass".to_owned(), &schedule.poll),
        ("sweep".to_owned(), &schedule.sweep),
    ];
    if let Some(wanted) = &config.backup {
        lines.push((FIRING.to_owned(), &wanted.schedule));
    }
    for channel in &config.channels {
        if channel.gets_digests() {
            let line = channel.digest.as_ref().unwrap_or(&schedule.digest);
            lines.push((format!("digest {}", channel.name), line));
        }
    }
    let next = lines.into_iter().filter_map(|(name, line)| {
        let due = schedule::next_due(line, schedule.timezone, now);
        due.map(|at| (name, at.with_timezone(&schedule.timezone)))
    });
    next.collect()
}

/// The size of the database's files.
fn bytes(database: &Path) -> u64 {
    let files = ["", "-wal"].iter().filter_map(|end| {
        let mut path = database.as_os_str().to_owned();
        path.push(end);
        std::fs::metadata(path).ok()
    });
    files.map(|found| found.len()).sum()
}

/// A span of seconds in words of one unit.
pub(crate) fn span(seconds: i64) -> String {
    match seconds.max(0) {
        s @ 0..=119 => format!("{s} s"),
        s @ 120..=7_199 => format!("{} min", s / 60),
        s @ 7_200..=172_799 => format!("{} h", s / 3_600),
        s => format!("{} days", s / 86_400),
    }
}
