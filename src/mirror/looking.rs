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
use std::path::Path;

use super::beside::beside;
use super::guard::{Guard, Handle, resolved};
use super::open::{connect, identify, versions};
use super::opened::{Opened, Way, state};
use super::{MirrorError, Result};

/// Opens a database that could not be opened to write, for the reason given.
pub(super) fn open(path: &Path, refused: MirrorError) -> Result<Opened> {
    let handle = Handle::of(path).map_err(|_| refused)?;
    let place = resolved(path);
    handle.check_log(&place)?;
    let way = way(path, &place);
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

/// How a file is read that is not to be written; `place` is its resolved path.
pub(super) fn way(path: &Path, place: &Path) -> Way {
    let length = |end: &str| fs::metadata(beside(place, end)).map(|found| found.len());
    let has_log = length("-wal").is_ok_and(|length| length > 0) || length("-shm").is_ok();
    if has_log {
        Way::Reading
    } else {
        Way::Still(state(path))
    }
}
