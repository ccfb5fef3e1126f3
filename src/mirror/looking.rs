//! A database that this account may only read: its file, or the directory it is in.
//!
//! SQLite reads a database with a log through an index beside it (`-shm`), which it would make. Where it
//! may not, there are three cases. A log with its index: somebody writes the database, or did, and both are
//! read as they are. No log, or an empty one without an index: nobody has the database open, all is in
//! the file, and it is read as one that does not change. A log without its index: it cannot be read
//! without writing, and that is told.
//!
//! Somebody may begin to write while the file is read as one that does not change. So its length and time
//! are compared after every reading, and what was read meanwhile is thrown away. That comes late for a
//! reading of many transactions, but no answer is composed of two states.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::OpenFlags;

use super::guard::{Guard, Handle, resolved};
use super::open::{Opened, beside, connect, identify, versions};
use super::{MirrorError, Result};

/// How a database is opened.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// To read and write.
    Full,
    /// To read, beside whoever writes.
    Reading,
    /// To read what does not change: it was of this length and time.
    Still(Option<(u64, SystemTime)>),
}

fn state(path: &Path) -> Option<(u64, SystemTime)> {
    let found = fs::metadata(path).ok()?;
    Some((found.len(), found.modified().ok()?))
}

impl Way {
    pub(super) fn flags(&self) -> OpenFlags {
        match self {
            Self::Full => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Self::Reading => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Self::Still(_) => OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI,
        }
    }

    /// The name by which SQLite opens it.
    pub(super) fn name(&self, path: &Path) -> PathBuf {
        let Self::Still(_) = self else {
            return path.to_owned();
        };
        let mut name = std::ffi::OsString::from("file:");
        name.push(escaped(path));
        name.push("?immutable=1");
        name.into()
    }

    /// Whether what was just read is one state.
    pub(super) fn check(&self, path: &Path) -> Result<()> {
        match self {
            Self::Still(before) if *before != state(path) => Err(MirrorError::Busy {
                path: path.to_owned(),
            }),
            _ => Ok(()),
        }
    }
}

/// A path within a URI: what has a meaning there is written as its number.
#[cfg(unix)]
fn escaped(path: &Path) -> std::ffi::OsString {
    use std::os::unix::ffi::{OsStrExt, OsStringExt};
    let mut bytes = Vec::new();
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'%' | b'?' | b'#' => bytes.extend(format!("%{byte:02x}").into_bytes()),
            _ => bytes.push(*byte),
        }
    }
    std::ffi::OsString::from_vec(bytes)
}

#[cfg(not(unix))]
fn escaped(path: &Path) -> std::ffi::OsString {
    path.as_os_str().to_owned()
}

/// Opens a database that could not be opened to write, for the reason given.
pub(super) fn open(path: &Path, refused: MirrorError) -> Result<Opened> {
    let handle = Handle::of(path).map_err(|_| refused)?;
    let place = resolved(path);
    handle.check_log(&place)?;
    let length = |end: &str| fs::metadata(beside(&place, end)).map(|found| found.len());
    let has_log = length("-wal").is_ok_and(|length| length > 0) || length("-shm").is_ok();
    let way = if has_log {
        Way::Reading
    } else {
        Way::Still(state(path))
    };
    let opened = || {
        let conn = connect(path, &way)?;
        if identify(&conn, path)? {
            return Err(MirrorError::NoDatabase {
                path: path.to_owned(),
            });
        }
        let (found, known) = versions(&conn)?;
        if found < known {
            let path = path.to_owned();
            return Err(MirrorError::Older { path, found, known });
        }
        conn.execute_batch("PRAGMA temp_store = MEMORY;")?;
        Ok(conn)
    };
    let conn = opened().map_err(|error: MirrorError| error.at(path))?;
    let guard = Guard::new(path, handle);
    guard.check_path()?;
    Ok(Opened { conn, guard, way })
}
