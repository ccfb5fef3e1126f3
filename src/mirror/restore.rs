//! A copy put in the database's place, with nothing destroyed.
//!
//! **The protocol**, under the lock of passes, so that no daemon and no other restore is at work:
//!
//! 1. The copy is read through SQLite, with its own log if it has one, into a draft beside the database
//!    (`gatherd.db.restoring`). The draft is looked through whole (whose it is, its version, what it mirrors,
//!    every page and reference) and brought to the disk. Until here nothing but the draft was touched.
//! 2. The database is moved aside: `gatherd.db.before-2026-11-29T175500Z`; then its log and the log's index,
//!    under the same name with `-wal` and `-shm` behind, so that the three can be opened where they are.
//! 3. The draft is renamed to the database.
//!
//! **Why it is safe.** Nothing is overwritten or removed but an earlier draft, and the steps are renames
//! within one folder, each brought to the disk before the next. A kill
//!
//! - in step 1 leaves the database as it was, and a draft that the next restore makes anew;
//! - in or after step 2 leaves no database and a whole draft. Every command that would open or make the database
//!   sees the draft and refuses ([`MirrorError::HalfRestored`]), so that no empty one begins in between. The
//!   next restore does step 1 again; a log that was left at its place is moved to the file it belongs to,
//!   which its content tells ([`Handle::owns_log`]);
//! - after step 3 leaves it done.
//!
//! The file goes before its log: a log without its file is noticed and kept, but a file without its log
//! would look whole and lack its last commits. Who has the old file open meanwhile (a command that needs no lock)
//! goes on writing to it where it lies now, and is told at its next transaction (`guard.rs`).
//!
//! What Meetup has changed since the copy is found as always: the mirror is merely behind. What Meetup does not
//! tell again is in the file that was moved aside.

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::beside::{RESTORING, beside};
use super::copying::{Copied, copy, folder_of, synced_folder, verified};
use super::guard::{Handle, resolved};
use super::{MirrorError, PassLock, Result, Stamp, looking, open};

/// How what was there is called: then comes the instant.
const BEFORE: &str = ".before-";
/// The files beside the database that belong to it.
const ENDS: [&str; 2] = ["-wal", "-shm"];

/// What a restore did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// The database that was there, where it is now; none: there was none.
    pub aside: Option<PathBuf>,
    /// The copy that is in its place.
    pub copied: Copied,
}

/// Puts a copy of `from` in the place of the database at `at`, which is moved aside by the name of `now`. The lock
/// is the one of the database at `at`.
///
/// # Errors
///
/// If `from` is no whole database of ours, of this or an earlier version and with the stamp `wanted`; or the
/// folder cannot be written, or is full. Nothing was moved then, or what was is told by its new name.
pub fn restore(
    _lock: &PassLock,
    from: &Path,
    at: &Path,
    wanted: &Stamp,
    now: DateTime<Utc>,
) -> Result<Restored> {
    let place = resolved(at);
    let draft = beside(&place, RESTORING);
    let source = resolved(from);
    if source == place {
        return Err(unfit(
            from,
            "it is the database itself",
            "name a backup of it",
        ));
    }
    if source == draft {
        return Err(unfit(
            from,
            "it is the draft of a restore that was cut off",
            "name the backup that it was made from",
        ));
    }
    let copied = match drafted(from, &source, &draft, wanted) {
        Ok(copied) => copied,
        Err(error) => {
            // Where the database was moved already, the draft is what tells so.
            if place.exists() {
                let _ = fs::remove_file(&draft);
            }
            return Err(judged(error, from, &draft));
        }
    };
    let aside = moved_aside(&place, now)?;
    rename(&draft, &place)?;
    Ok(Restored { aside, copied })
}

/// Step 1: a whole draft.
fn drafted(from: &Path, source: &Path, draft: &Path, wanted: &Stamp) -> Result<Copied> {
    if !source.is_file() {
        return Err(unfit(
            from,
            "there is no such file",
            "name a file that `gatherd backup` made",
        ));
    }
    let unreadable = |error: std::io::Error| {
        unfit(
            from,
            &format!("it cannot be read ({error})"),
            "let this account read it",
        )
    };
    let handle = Handle::of(source).map_err(unreadable)?;
    handle.check_log(source)?;
    let way = looking::way(source, source);
    let read = || {
        let conn = open::connect(source, &way)?;
        open::leave_log(&conn);
        if open::identify(&conn, from)? {
            return Err(open::foreign(from, "it is empty"));
        }
        open::check_stamp(&conn, from, wanted)?;
        let state = conn.unchecked_transaction()?;
        copy(&state, draft, &|| true)
    };
    read().map_err(|error: MirrorError| error.at(from))?;
    way.check(source)?;
    verified(draft, wanted)
}

/// Step 2: the file, then what belongs to it.
fn moved_aside(place: &Path, now: DateTime<Utc>) -> Result<Option<PathBuf>> {
    let is_there = |path: &Path| path.symlink_metadata().is_ok();
    let has_file = is_there(place);
    if !has_file && !ENDS.iter().any(|end| is_there(&beside(place, end))) {
        return Ok(None);
    }
    let aside = if has_file {
        None
    } else {
        owner_of(&beside(place, "-wal"), place)
    };
    let aside = aside.unwrap_or_else(|| unused(place, now));
    if has_file {
        rename(place, &aside)?;
    }
    for end in ENDS {
        let file = beside(place, end);
        if is_there(&file) {
            rename(&file, &beside(&aside, end))?;
        }
    }
    Ok(Some(aside))
}

fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(|error| open::not_made(from, &error))?;
    synced_folder(to);
    Ok(())
}

/// A name aside that nothing has yet.
fn unused(place: &Path, now: DateTime<Utc>) -> PathBuf {
    let first = beside(
        place,
        &format!("{BEFORE}{}", now.format("%Y-%m-%dT%H%M%SZ")),
    );
    let is_free = |path: &PathBuf| {
        let mut ends = ["", "-wal", "-shm"].iter();
        ends.all(|end| beside(path, end).symlink_metadata().is_err())
    };
    let later = (2..).map(|nth| beside(&first, &format!("-{nth}")));
    let mut names = std::iter::once(first.clone()).chain(later);
    names.find(is_free).unwrap_or(first)
}

/// The file moved aside whose log was left at its place, by a restore that was cut off.
fn owner_of(log: &Path, place: &Path) -> Option<PathBuf> {
    let before = beside(place, BEFORE);
    let before = before.file_name()?.as_encoded_bytes();
    let entries = fs::read_dir(folder_of(place)).ok()?.flatten();
    let mut asides: Vec<PathBuf> = entries
        .filter(|entry| entry.file_name().as_encoded_bytes().starts_with(before))
        .map(|entry| entry.path())
        .filter(|path| beside(path, "-wal").symlink_metadata().is_err())
        .collect();
    asides.sort();
    let owns = |path: &PathBuf| Handle::of(path).is_ok_and(|handle| handle.owns_log(log));
    asides.into_iter().rev().find(owns)
}

fn unfit(path: &Path, cause: &str, remedy: &'static str) -> MirrorError {
    MirrorError::Unfit {
        path: path.to_owned(),
        cause: cause.to_owned(),
        remedy,
    }
}

/// What is wrong with the file, with what to do about it; what is wrong with the place stays as it is.
fn judged(error: MirrorError, from: &Path, draft: &Path) -> MirrorError {
    match error {
        MirrorError::Damaged { cause, .. } => unfit(
            from,
            &format!("it is damaged ({cause})"),
            "take another backup",
        ),
        MirrorError::Foreign { cause, .. } => unfit(
            from,
            &format!("it is none of gatherd's ({cause})"),
            "name a file that `gatherd backup` made",
        ),
        MirrorError::Newer { found, known, .. } => unfit(
            from,
            &format!(
                "its schema is version {found}, and this gatherd knows versions up to {known}"
            ),
            "install the gatherd that made it, or a newer one, and restore it with that",
        ),
        MirrorError::WrongStamp { found, wanted, .. } => unfit(
            from,
            &format!("it mirrors {found}, and the configuration is for {wanted}"),
            "name a backup of this database; `gatherd config` shows meetup.endpoint, and a demo is not restored: `gatherd demo` begins it anew",
        ),
        MirrorError::StrayLog { .. } => unfit(
            from,
            "the -wal beside it belongs to another file",
            "move that -wal and the -shm beside it away, then run it again",
        ),
        MirrorError::Busy { .. } => unfit(
            from,
            "it was changed while it was read",
            "restore a file that nothing writes",
        ),
        // Of the copy the file is at fault, of the draft its folder.
        MirrorError::NotWritable { path, cause } if path != *draft => unfit(
            from,
            &format!("it cannot be read ({cause})"),
            "let this account read it and its folder",
        ),
        other => other,
    }
}
