//! Opening, creating and migrating the file; and refusing what is not ours to touch.
//!
//! Nothing is written to a file before it is known to be ours: not even the journal mode.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use super::{MirrorError, Result, Stamp, meta};

/// Marks the file as gatherd's ("gthd").
const APPLICATION_ID: i64 = 0x6774_6864;

/// All migrations; a database's `user_version` says how many it has had. Shipped ones never change.
const MIGRATIONS: &[&str] = &[include_str!("../../schema/mirror/0001_mirror.sql")];

/// Statements kept prepared per connection: more than there are.
const STATEMENTS: usize = 256;
/// How long to wait for another process's transaction; all of ours are short.
const PATIENCE: Duration = Duration::from_secs(10);
/// Up to this size the whole file is checked when it is opened: some milliseconds.
const CHECKED_BYTES: u64 = 4 << 20;

/// Opens or creates.
pub(super) fn open(path: &Path, stamp: &Stamp, now: i64) -> Result<Connection> {
    create_file(path)?;
    ours(path, Some(stamp), now).map_err(|error| error.at(path))
}

/// Opens what exists.
pub(super) fn open_existing(path: &Path) -> Result<Connection> {
    if !path.exists() {
        return Err(MirrorError::NoDatabase {
            path: path.to_owned(),
        });
    }
    ours(path, None, 0).map_err(|error| error.at(path))
}

/// A connection that only reads.
pub(super) fn reader(path: &Path) -> Result<Connection> {
    let conn = connect(path)?;
    conn.execute_batch("PRAGMA query_only = ON;")?;
    Ok(conn)
}

fn not_writable(path: &Path, cause: &impl ToString) -> MirrorError {
    MirrorError::NotWritable {
        path: path.to_owned(),
        cause: cause.to_string(),
    }
}

/// Makes an empty file that only its owner may read; SQLite gives the files beside it the same mode.
fn create_file(path: &Path) -> Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) if error.kind() == ErrorKind::StorageFull => Err(MirrorError::Full {
            path: path.to_owned(),
        }),
        Err(error) => Err(not_writable(path, &error)),
    }
}

/// Takes other accounts' rights to the files away, where they were given by hand or by a copy.
#[cfg(unix)]
fn close_to_others(path: &Path) -> Result<()> {
    use std::os::unix::fs::PermissionsExt;
    for name in [path.to_owned(), beside(path, "-wal"), beside(path, "-shm")] {
        let Ok(found) = fs::metadata(&name) else {
            continue;
        };
        if found.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(&name, fs::Permissions::from_mode(0o600))
                .map_err(|error| not_writable(path, &error))?;
        }
    }
    Ok(())
}

#[cfg(not(unix))]
fn close_to_others(_: &Path) -> Result<()> {
    Ok(())
}

/// `x.db` and `-wal` give `x.db-wal`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn foreign(path: &Path, cause: &str) -> MirrorError {
    MirrorError::Foreign {
        path: path.to_owned(),
        cause: cause.to_owned(),
    }
}

/// Refuses what does not even begin like a database.
fn check_header(path: &Path) -> Result<()> {
    const MAGIC: &[u8] = b"SQLite format 3\0";
    let found = fs::metadata(path).map_err(|error| not_writable(path, &error))?;
    if !found.is_file() {
        return Err(foreign(path, "it is no file"));
    }
    if found.len() == 0 {
        return Ok(());
    }
    let mut start = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAGIC.len() as u64).read_to_end(&mut start))
        .map_err(|error| not_writable(path, &error))?;
    if start == MAGIC {
        Ok(())
    } else {
        Err(foreign(path, "it is no SQLite database"))
    }
}

fn connect(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let conn = Connection::open_with_flags(path, flags)?;
    conn.busy_timeout(PATIENCE)?;
    conn.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(conn)
}

fn pragma(conn: &Connection, name: &str) -> Result<i64> {
    Ok(conn.query_row(&format!("PRAGMA {name}"), [], |row| row.get(0))?)
}

fn is_empty(conn: &Connection) -> Result<bool> {
    Ok(
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |row| {
            row.get::<_, i64>(0)
        })? == 0,
    )
}

/// A connection to a file that is ours, of this version. `stamp` is written to a new one and compared
/// with an old one's; without it a new one is an error.
fn ours(path: &Path, stamp: Option<&Stamp>, now: i64) -> Result<Connection> {
    check_header(path)?;
    let mut conn = connect(path)?;
    let known = MIGRATIONS.len() as i64;
    let is_new = match pragma(&conn, "application_id")? {
        APPLICATION_ID => false,
        0 if pragma(&conn, "user_version")? == 0 && is_empty(&conn)? => true,
        _ => return Err(foreign(path, "it belongs to another application")),
    };
    let found = pragma(&conn, "user_version")?;
    if found > known {
        return Err(MirrorError::Newer {
            path: path.to_owned(),
            found,
            known,
        });
    }
    match stamp {
        None if is_new => {
            return Err(MirrorError::NoDatabase {
                path: path.to_owned(),
            });
        }
        Some(wanted) if !is_new => check_stamp(&conn, path, wanted)?,
        _ => {}
    }
    if conn.is_readonly("main")? {
        return Err(not_writable(path, &"it is read-only for this account"));
    }
    close_to_others(path)?;
    prepare(&conn)?;
    migrate(&mut conn, stamp, now)?;
    check_whole(&conn, path)?;
    Ok(conn)
}

fn check_stamp(conn: &Connection, path: &Path, wanted: &Stamp) -> Result<()> {
    let found = meta::stamp(conn)?;
    if found.suits(wanted) {
        return Ok(());
    }
    Err(MirrorError::WrongStamp {
        path: path.to_owned(),
        found: Box::new(found),
        wanted: Box::new(wanted.clone()),
    })
}

fn prepare(conn: &Connection) -> Result<()> {
    conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    conn.execute_batch(
        "PRAGMA synchronous = NORMAL;
         PRAGMA foreign_keys = ON;
         PRAGMA cache_size = -16384;
         PRAGMA journal_size_limit = 16777216;",
    )?;
    Ok(())
}

/// Each migration in a transaction of its own, with its number; the first one with the stamp.
fn migrate(conn: &mut Connection, stamp: Option<&Stamp>, now: i64) -> Result<()> {
    for (done, sql) in (0_i64..).zip(MIGRATIONS) {
        if pragma(conn, "user_version")? > done {
            continue;
        }
        let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
        // Another process may have been quicker.
        if pragma(&tx, "user_version")? > done {
            continue;
        }
        tx.execute_batch(sql)?;
        if let (0, Some(stamp)) = (done, stamp) {
            tx.execute_batch(&format!("PRAGMA application_id = {APPLICATION_ID};"))?;
            meta::write_stamp(&tx, stamp)?;
            meta::keep(&tx, "created_at", now)?;
        }
        tx.execute_batch(&format!("PRAGMA user_version = {};", done + 1))?;
        tx.commit()?;
    }
    Ok(())
}

fn check_whole(conn: &Connection, path: &Path) -> Result<()> {
    let bytes =
        pragma(conn, "page_count")?.unsigned_abs() * pragma(conn, "page_size")?.unsigned_abs();
    if bytes > CHECKED_BYTES {
        return Ok(());
    }
    let answer: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if answer == "ok" {
        return Ok(());
    }
    Err(MirrorError::Damaged {
        path: path.to_owned(),
        cause: answer.replace('\n', " "),
    })
}
