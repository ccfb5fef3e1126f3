//! A second reader of the state that another one sees, so that two threads can read one database.
//!
//! It begins its transaction after the first one's, so it sees that state or a later one. Every commit raises
//! the mark (`mark.rs`): where both read the same number, nothing was committed in between.

use rusqlite::{Connection, OpenFlags};

use super::{Result, mark::mark};

/// A reader within a transaction that sees what this one sees within its own. None where there can be
/// none: this one is in no transaction, its database is not a file, somebody wrote in between, or
/// the file cannot be opened once more.
///
/// # Errors
///
/// If the first one cannot read.
pub fn second(first: &Connection) -> Result<Option<Connection>> {
    let path = first.path().filter(|path| !path.is_empty());
    let (Some(path), false) = (path, first.is_autocommit()) else {
        return Ok(None);
    };
    let Some(seen) = mark(first)? else {
        return Ok(None);
    };
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let Ok(second) = Connection::open_with_flags(path, flags) else {
        return Ok(None);
    };
    let begun = second.execute_batch("PRAGMA query_only = 1; PRAGMA cache_size = -4096; BEGIN");
    let is_same = begun.is_ok() && matches!(mark(&second), Ok(Some(other)) if other == seen);
    Ok(is_same.then_some(second))
}
