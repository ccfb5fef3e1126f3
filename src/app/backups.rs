//! Copies of the database in a folder: made, named, counted, and put back.
//!
//! A copy gets its name (`gatherd-2026-11-29T175500Z.db`, the instant it was begun at, UTC) once it was looked
//! through, so whatever has such a name was good. One at a time works in a folder: the folder itself is locked,
//! so that drafts found in it are left by a kill.

use super::{database::Database, opening};
use crate::{
    config::{self, Config, Schedule},
    mirror::{self, Copied, Mirror, MirrorError, Restored},
    off_thread::off_thread,
    schedule,
};
use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDateTime, SubsecRound, TimeDelta, Utc};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

const BEGINS: &str = "gatherd-";
const INSTANT: &str = "%Y-%m-%dT%H%M%SZ";
const ENDS: &str = ".db";
/// What is between the name of a copy and the rest of its draft's.
const DRAFT: &str = ".db.new-";

/// How often a folder that another backup works in is looked at again.
const AGAIN: Duration = Duration::from_millis(100);
/// How long one may take, beyond its firing.
const TO_RUN: TimeDelta = TimeDelta::hours(1);
/// The firing since the last good one from which on it is too old.
const MISSED: usize = 2;

/// A copy that was made.
#[derive(Debug)]
pub(crate) struct Made {
    pub(crate) path: PathBuf,
    pub(crate) copied: Copied,
    /// Older ones that were removed for it.
    pub(crate) removed: usize,
}

/// Where a copy goes.
#[derive(Debug, Clone)]
pub(crate) enum Into {
    /// A file that is not there yet.
    File(PathBuf),
    /// A folder, in which so many are kept; none: all.
    Folder(PathBuf, Option<usize>),
}

/// Makes a copy while others write the database. `goes_on` is asked now and then; where it says no, none is made.
///
/// # Errors
///
/// If none was made, and why. Nothing with the name of a copy is left then.
pub(crate) async fn make(
    database: &Database,
    into: Into,
    goes_on: impl Fn() -> bool + Send + 'static,
) -> Result<Made> {
    let made = database.with(move |mirror| match into {
        Into::File(path) => file(mirror, path, &goes_on),
        Into::Folder(folder, keep) => in_folder(mirror, &folder, keep, &goes_on),
    });
    made.await.context("no backup was made")
}

fn file(mirror: &Mirror, path: PathBuf, goes_on: &dyn Fn() -> bool) -> Result<Made> {
    if path.symlink_metadata().is_ok() {
        return Err(MirrorError::Taken { path }.into());
    }
    Ok(Made {
        copied: mirror.copy_to(&path, goes_on)?,
        path,
        removed: 0,
    })
}

fn in_folder(
    mirror: &Mirror,
    folder: &Path,
    keep: Option<usize>,
    goes_on: &dyn Fn() -> bool,
) -> Result<Made> {
    let unusable = |error: std::io::Error| {
        anyhow::Error::new(MirrorError::NotWritable {
            path: folder.to_owned(),
            cause: error.to_string(),
        })
    };
    make_folder(folder).map_err(unusable)?;
    let opened = File::open(folder).map_err(unusable)?;
    let is_alone = locked(&opened, goes_on)?;
    if is_alone {
        remove_drafts(folder);
    }
    let mut path = folder.join(name_of(Utc::now()));
    while path.symlink_metadata().is_ok() {
        // Two of one second: the later one is of the next.
        std::thread::sleep(AGAIN);
        path = folder.join(name_of(Utc::now()));
    }
    let copied = mirror.copy_to(&path, goes_on)?;
    let removed = match keep {
        Some(keep) => remove_older(mirror, folder, &path, keep)?,
        None => 0,
    };
    Ok(Made {
        path,
        copied,
        removed,
    })
}

fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut made = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut made, 0o700);
    made.recursive(true).create(folder)
}

/// Waits until nobody else makes a copy in the folder; whether that is known.
fn locked(folder: &File, goes_on: &dyn Fn() -> bool) -> Result<bool, MirrorError> {
    loop {
        match folder.try_lock() {
            Ok(()) => return Ok(true),
            Err(fs::TryLockError::WouldBlock) => std::thread::sleep(AGAIN),
            // Not every file system locks folders; then drafts stay where they are.
            Err(fs::TryLockError::Error(_)) => return Ok(false),
        }
        if !goes_on() {
            return Err(MirrorError::Stopped);
        }
    }
}

fn name_of(at: DateTime<Utc>) -> String {
    format!("{BEGINS}{}{ENDS}", at.format(INSTANT))
}

/// When a copy was begun, by its name; none: it is none of ours.
fn instant_of(name: &str) -> Option<DateTime<Utc>> {
    let instant = name.strip_prefix(BEGINS)?.strip_suffix(ENDS)?;
    let at = NaiveDateTime::parse_from_str(instant, INSTANT)
        .ok()?
        .and_utc();
    // Only as we write it.
    (name_of(at) == name).then_some(at)
}

/// What a kill left.
fn remove_drafts(folder: &Path) {
    let drafts = names(folder).into_iter().filter(|name| {
        let copy = name.split_once(DRAFT);
        copy.is_some_and(|(of, _)| instant_of(&format!("{of}{ENDS}")).is_some())
    });
    for name in drafts {
        // What stays takes room and does no harm.
        let _ = fs::remove_file(folder.join(name));
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|found| found.is_file()));
    files
        .filter_map(|entry| entry.file_name().into_string().ok())
        .collect()
}

/// The copies in a folder by their names alone, the newest first.
fn listed(folder: &Path) -> Vec<(DateTime<Utc>, PathBuf)> {
    let mut found: Vec<_> = names(folder)
        .into_iter()
        .filter_map(|name| Some((instant_of(&name)?, folder.join(&name))))
        .collect();
    found.sort();
    found.reverse();
    found
}

/// Removes what is older than the newest ones of this database: neither another database's copies nor what
/// cannot be read.
fn remove_older(mirror: &Mirror, folder: &Path, newest: &Path, keep: usize) -> Result<usize> {
    let id = mirror.read(mirror::database_id)?;
    let older = listed(folder).into_iter().map(|(_, path)| path);
    let older = older.skip_while(|path| path != newest).skip(1);
    let ours = older.filter(|path| mirror::copied_from(path).is_ok_and(|of| of == id));
    let mut removed = 0;
    for path in ours.skip(keep.saturating_sub(1)) {
        fs::remove_file(&path).with_context(|| {
            format!(
                "{} is made, but an older one, {}, cannot be removed",
                newest.display(),
                path.display()
            )
        })?;
        removed += 1;
    }
    Ok(removed)
}

/// The newest copy of a database in a folder.
fn newest(folder: &Path, database_id: &str) -> Option<(DateTime<Utc>, PathBuf)> {
    let mut found = listed(folder).into_iter();
    found.find(|(_, path)| mirror::copied_from(path).is_ok_and(|of| of == database_id))
}

/// The newest one that is of this database or cannot be read, and so may be.
pub(super) fn last(folder: &Path, database_id: &str) -> Option<PathBuf> {
    let mut paths = listed(folder).into_iter().map(|(_, path)| path);
    paths.find(|path| mirror::copied_from(path).map_or(true, |of| of == database_id))
}

/// How the daemon's copies stand.
#[derive(Debug, Clone)]
pub(crate) struct Standing {
    /// Where they are.
    pub(crate) folder: PathBuf,
    /// When the last good one was begun; none: there is none.
    pub(crate) last_at: Option<DateTime<Utc>>,
    /// Two that were due since were missed, of which the second is an hour old.
    pub(crate) is_late: bool,
}

/// The name under which the daemon remembers what was served.
pub(crate) const FIRING: &str = "backup";

impl Standing {
    /// How they stand; none where none are asked for.
    pub(super) fn look(
        conn: &rusqlite::Connection,
        config: &Config,
        now: DateTime<Utc>,
    ) -> Result<Option<Self>, MirrorError> {
        let Some(wanted) = &config.backup else {
            return Ok(None);
        };
        let last_at = newest(&wanted.dir, &mirror::database_id(conn)?).map(|(at, _)| at);
        // Before the first one it counts from when the daemon first knew of them.
        let known_at = mirror::firing(conn, FIRING)?.and_then(|at| DateTime::from_timestamp(at, 0));
        let is_late = last_at
            .or(known_at)
            .and_then(|at| limit(&config.schedule, wanted, at))
            .is_some_and(|limit| now > limit);
        Ok(Some(Self {
            folder: wanted.dir.clone(),
            last_at,
            is_late,
        }))
    }

    /// What is wrong, in a sentence without a full stop.
    pub(crate) fn sentence(&self) -> Option<String> {
        let since = match self.last_at {
            Some(at) => format!("is of {}", at.format("%a %-d %b %Y, %H:%M UTC")),
            None => "is yet to be made".to_owned(),
        };
        let folder = self.folder.display();
        self.is_late
            .then(|| format!("the last good backup in {folder} {since}, and two were due since"))
    }
}

/// The instant from which on a copy of `at` is too old.
fn limit(schedule: &Schedule, wanted: &config::Backup, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut dues = std::iter::successors(Some(at), |at| {
        schedule::next_due(&wanted.schedule, schedule.timezone, *at)
    });
    Some(dues.nth(MISSED)? + TO_RUN)
}

/// Puts a copy in the place of the configured database, which is moved aside.
///
/// # Errors
///
/// If a pass or the daemon holds the database, or the copy will not do.
pub(crate) async fn restore(config: &Config, from: PathBuf) -> Result<Restored> {
    let lock = opening::lock(config, false).await.context(
        "nothing was restored, for that needs the database for itself (stop the daemon first)",
    )?;
    let (at, stamp) = (config.database.clone(), opening::stamp(config));
    let restored =
        off_thread(move || mirror::restore(&lock, &from, &at, &stamp, Utc::now().trunc_subsecs(0)));
    Ok(restored.await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_copy_is_known_by_its_name_and_nothing_else_is() {
        let at = DateTime::from_timestamp(1_796_000_000, 0).unwrap();
        assert_eq!(instant_of(&name_of(at)), Some(at));
        for other in [
            "gatherd.db",
            "gatherd-2026-11-29T175500Z.db.new-1",
            "gatherd-2026-11-29T175500Z.db-wal",
            "gatherd-2026-11-29T1755Z.db",
            "gatherd-2026-02-30T175500Z.db",
            "gatherd-+2026-11-29T175500Z.db",
            "mine-2026-11-29T175500Z.db",
        ] {
            assert_eq!(instant_of(other), None, "{other}");
        }
    }

    #[test]
    fn a_backup_is_late_an_hour_after_the_second_firing_that_was_missed() {
        let config = Config::with_defaults(Path::new("x.db"));
        let wanted = config::Backup {
            dir: PathBuf::new(),
            keep: 1,
            schedule: config::Line::parse("30 2 * * *").unwrap(),
        };
        let at = "2026-11-29T02:30:01Z".parse().unwrap();
        let limit = limit(&config.schedule, &wanted, at);
        assert_eq!(limit, Some("2026-12-01T03:30:00Z".parse().unwrap()));
    }
}
