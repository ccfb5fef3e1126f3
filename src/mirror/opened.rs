//! A database that was opened, and in which way.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use rusqlite::{Connection, OpenFlags};

use super::guard::Guard;
use super::{MirrorError, Result};

/// A database that was opened.
pub(super) struct Opened {
    pub(super) conn: Connection,
    pub(super) guard: Guard,
    pub(super) way: Way,
}

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

/// By which a change of the file would show: its length and time.
pub(super) fn state(path: &Path) -> Option<(u64, SystemTime)> {
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
