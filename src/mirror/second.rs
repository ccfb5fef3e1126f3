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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mirror::{Mirror, Stamp};
    use chrono::Utc;

    #[test]
    fn a_second_reader_sees_what_the_first_sees_or_there_is_none() {
        let folder = tempfile::TempDir::new().unwrap();
        let stamp = Stamp {
            is_demo: true,
            endpoint: String::new(),
        };
        let mirror = Mirror::open(&folder.path().join("gatherd.db"), &stamp, Utc::now()).unwrap();
        let note = |key: &'static str| {
            mirror
                .write(Utc::now(), |w| w.served(key, Utc::now()))
                .unwrap();
        };
        let firings = |conn: &Connection| -> i64 {
            let sql = "SELECT count(*) FROM firing_row";
            conn.query_row(sql, [], |row| row.get(0)).unwrap()
        };
        note("one");
        mirror
            .read(|conn| {
                assert_eq!(firings(conn), 1);
                let other = second(conn)?.unwrap();
                note("two");
                // Both stay where they began.
                assert_eq!((firings(conn), firings(&other)), (1, 1));
                // One that begins now would see more than the first.
                assert!(second(conn)?.is_none());
                Ok(())
            })
            .unwrap();
        let alone = Connection::open_in_memory().unwrap();
        assert!(second(&alone).unwrap().is_none());
    }
}
