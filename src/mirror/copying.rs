//! A copy of the database while others write it, whole or not there at all.
//!
//! SQLite's online backup reads within one read transaction: so the copy is one state, it is never begun
//! again because somebody wrote, and nobody who writes waits for it. The log can only not be begun anew
//! meanwhile, so it grows by what is written. The copy is one file without a log, is made under another
//! name ([`DRAFT`](super::beside::DRAFT)), looked through, brought to the disk, and only then gets its own
//! name, which it takes from nobody. A kill leaves a draft, which no command takes for a copy.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::beside::{DRAFT, beside};
use super::opened::{Way, state};
use super::{MirrorError, Result, Stamp, meta, open};

/// Pages of one step: two megabytes.
const STEP: i32 = 1_000;

/// What is known of a copy that was looked through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    /// The version of its schema.
    pub version: i64,
    /// Its length.
    pub bytes: u64,
}

/// A copy under way. What is not published is removed.
pub(super) struct Draft<'a> {
    path: PathBuf,
    to: &'a Path,
}

impl<'a> Draft<'a> {
    pub(super) fn of(to: &'a Path) -> Self {
        let path = beside(to, &format!("{DRAFT}{}", std::process::id()));
        Self { path, to }
    }

    /// Copies what `conn` sees within its transaction.
    pub(super) fn fill(&self, conn: &Connection, goes_on: &dyn Fn() -> bool) -> Result<()> {
        copy(conn, &self.path, goes_on)
    }

    /// Looks it through and gives it its name.
    pub(super) fn publish(&self, stamp: &Stamp) -> Result<Copied> {
        let copied = verified(&self.path, stamp)?;
        publish(&self.path, self.to)?;
        Ok(copied)
    }

    /// What is told of a draft is told of what it was to become; and pages that are wrong in the copy
    /// are so in the database.
    pub(super) fn named(&self, error: MirrorError, database: &Path) -> MirrorError {
        let name = |path: PathBuf| match path == self.path {
            true => self.to.to_owned(),
            false => path,
        };
        match error {
            MirrorError::Full { path } => MirrorError::Full { path: name(path) },
            MirrorError::Busy { path } => MirrorError::Busy { path: name(path) },
            MirrorError::NotWritable { path, cause } => MirrorError::NotWritable {
                path: name(path),
                cause,
            },
            MirrorError::Damaged { cause, .. } => MirrorError::Damaged {
                path: database.to_owned(),
                cause,
            },
            other => other,
        }
    }
}

impl Drop for Draft<'_> {
    fn drop(&mut self) {
        // Published, it has lost this name already, or it is a second one.
        let _ = fs::remove_file(&self.path);
    }
}

/// Copies what `conn` sees within its transaction into a file that is made for it.
pub(super) fn copy(conn: &Connection, draft: &Path, goes_on: &dyn Fn() -> bool) -> Result<()> {
    // The transaction begins with its first reading.
    open::versions(conn)?;
    // One that a kill left.
    let _ = fs::remove_file(draft);
    open::create_closed(draft).map_err(|error| open::not_made(draft, &error))?;
    copy_into(conn, draft, goes_on).map_err(|error| error.at(draft))?;
    synced(draft).map_err(|error| open::not_made(draft, &error))
}

fn copy_into(conn: &Connection, draft: &Path, goes_on: &dyn Fn() -> bool) -> Result<()> {
    let mut into = Connection::open_with_flags(
        draft,
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )?;
    // A draft that is not finished is thrown away, so nothing in it needs to be undone.
    into.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -4096;",
    )?;
    let backup = Backup::new(conn, &mut into)?;
    loop {
        if !goes_on() {
            return Err(MirrorError::Stopped);
        }
        match backup.step(STEP)? {
            StepResult::Done => break,
            StepResult::Busy | StepResult::Locked => {
                return Err(MirrorError::Busy {
                    path: draft.to_owned(),
                });
            }
            _ => {}
        }
    }
    drop(backup);
    // One file: whoever opens the copy needs nothing beside it, and may have it to read alone.
    into.query_row("PRAGMA journal_mode = DELETE", [], |_| Ok(()))?;
    into.close().map_err(|(_, error)| error)?;
    Ok(())
}

/// Brings a file to the disk.
pub(super) fn synced(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// Brings what a folder lists to the disk, where there is such a thing.
pub(super) fn synced_folder(of: &Path) {
    let folder = folder_of(of);
    // A file system that knows no such thing has nothing to bring.
    let _ = File::open(folder).and_then(|folder| folder.sync_all());
}

/// The folder in which a file is.
pub(super) fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

/// Looks a copy through that nobody writes: ours, of a version that is known, of that stamp, whole.
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn verified(path: &Path, wanted: &Stamp) -> Result<Copied> {
    let conn = still(path)?;
    let looked = || {
        open::check_stamp(&conn, path, wanted)?;
        let found = open::faults(&conn)?;
        if !found.is_empty() {
            return Err(MirrorError::Damaged {
                path: path.to_owned(),
                cause: found.join("; ").replace('\n', " "),
            });
        }
        Ok(Copied {
            version: open::versions(&conn)?.0,
            bytes: fs::metadata(path).map_or(0, |found| found.len()),
        })
    };
    looked().map_err(|error: MirrorError| error.at(path))
}

/// Looks a copy through; its own database's stamp decides nothing.
///
/// # Errors
///
/// What is wrong with it.
pub fn examine_copy(path: &Path) -> Result<Copied> {
    let stamp = meta::stamp(&still(path)?).map_err(|error| error.at(path))?;
    verified(path, &stamp)
}

/// Of which database a file is a copy ([`meta::database_id`]); only its first pages are read.
///
/// # Errors
///
/// If it is none, or cannot be read.
pub fn copied_from(path: &Path) -> Result<String> {
    meta::database_id(&still(path)?).map_err(|error| error.at(path))
}

/// A file of ours that nobody writes.
fn still(path: &Path) -> Result<Connection> {
    if !path.is_file() {
        return Err(MirrorError::NoDatabase {
            path: path.to_owned(),
        });
    }
    let opened = || {
        let conn = open::connect(path, &Way::Still(state(path)))?;
        if open::identify(&conn, path)? {
            return Err(open::foreign(path, "it is empty"));
        }
        Ok(conn)
    };
    opened().map_err(|error: MirrorError| error.at(path))
}

/// Gives a draft its own name, unless something has that.
fn publish(draft: &Path, to: &Path) -> Result<()> {
    let taken = || MirrorError::Taken {
        path: to.to_owned(),
    };
    match fs::hard_link(draft, to) {
        // The draft's name is of no more use; left by a kill, it is a second name of a good copy.
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Err(taken()),
        // Not every file system has links; then nobody else must come at this very moment.
        Err(_) if to.symlink_metadata().is_ok() => return Err(taken()),
        Err(_) => fs::rename(draft, to).map_err(|error| open::not_made(to, &error))?,
    }
    synced_folder(to);
    Ok(())
}
