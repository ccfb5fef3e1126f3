//! Opening, creating and migrating the file; and refusing what is not ours to touch.
//!
//! Nothing is written to a file before it is known to be ours: not even the journal mode.

use std::fs::{self, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, ErrorCode, OpenFlags, TransactionBehavior};

use super::beside::{DRAFT, beside};
use super::guard::{Guard, Handle, check_no_log, check_none_begun, resolved};
use super::opened::{Opened, Way};
use super::{MirrorError, Result, Stamp, meta};

/// Marks the file as gatherd's ("gthd").
const APPLICATION_ID: i64 = 0x6774_6864;

/// All migrations; a database's `user_version` says how many it has had. Shipped ones never change.
const MIGRATIONS: &[&str] = &[
    include_str!("../../schema/mirror/0001_mirror.sql"),
    include_str!("../../schema/mirror/0002_drift.sql"),
    include_str!("../../schema/mirror/0003_cost.sql"),
    include_str!("../../schema/mirror/0004_source.sql"),
    include_str!("../../schema/mirror/0005_failures.sql"),
    include_str!("../../schema/mirror/0006_told.sql"),
    include_str!("../../schema/mirror/0007_alerts.sql"),
    include_str!("../../schema/mirror/0008_mark.sql"),
    include_str!("../../schema/mirror/0009_losses.sql"),
    include_str!("../../schema/mirror/0010_splitting.sql"),
    include_str!("../../schema/mirror/0011_roles.sql"),
    include_str!("../../schema/mirror/0012_names.sql"),
    include_str!("../../schema/mirror/0013_indexes.sql"),
    include_str!("../../schema/mirror/0014_owners.sql"),
    include_str!("../../schema/mirror/0015_forgotten.sql"),
    include_str!("../../schema/mirror/0016_imports.sql"),
];

/// Statements kept prepared per connection: more than there are.
const STATEMENTS: usize = 256;
/// Each commit writes the pages it touches whole, and a page of an answer touches many: in smaller ones there
/// is less beside what was changed. Reading all is a thirtieth dearer by it.
const PAGE_BYTES: i64 = 2_048;
/// The log is moved into the file when it is so long: a page that many commits change is moved once.
const LOG_BYTES: i64 = 16 << 20;
/// How long to wait for another process's transaction; all of ours are short.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often what SQLite does not wait for is tried again.
const RETRY: Duration = Duration::from_millis(20);
/// Up to this size the whole file is checked when it is opened: some milliseconds.
const CHECKED_BYTES: u64 = 4 << 20;

/// Opens or creates.
pub(super) fn open(path: &Path, stamp: &Stamp, now: i64) -> Result<Opened> {
    create_file(path)?;
    ours(path, Some(stamp), now).map_err(|error| error.at(path))
}

/// Opens what exists.
pub(super) fn open_existing(path: &Path) -> Result<Opened> {
    if !path.exists() {
        check_none_begun(path)?;
        return Err(MirrorError::NoDatabase {
            path: path.to_owned(),
        });
    }
    ours(path, None, 0).map_err(|error| error.at(path))
}

/// A connection that only reads.
pub(super) fn reader(path: &Path, way: &Way) -> Result<Connection> {
    let conn = connect(path, way)?;
    leave_log(&conn);
    conn.execute_batch(
        "PRAGMA query_only = ON;
         PRAGMA cache_size = -8192;
         PRAGMA temp_store = MEMORY;",
    )?;
    Ok(conn)
}

/// Lets this connection's closing leave the log as it is: a reader's always, for the writer's plays it into
/// the file; the writer's where the file is another one.
pub(super) fn leave_log(conn: &Connection) {
    // Refused by no version that is built in.
    let _ = conn.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
}

fn not_writable(path: &Path, cause: &impl ToString) -> MirrorError {
    MirrorError::NotWritable {
        path: path.to_owned(),
        cause: cause.to_string(),
    }
}

/// Makes an empty file that only its owner may read; SQLite gives the files beside it the same mode.
///
/// It is made under another name and closed before it gets its own: closing a file drops all locks this
/// process has on it, SQLite's included, so a database must never be opened but by SQLite.
fn create_file(path: &Path) -> Result<()> {
    static MADE: AtomicU32 = AtomicU32::new(0);
    if path.exists() {
        return Ok(());
    }
    check_none_begun(path)?;
    check_no_log(path)?;
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let draft = beside(path, &format!("{DRAFT}{}-{number}", std::process::id()));
    let published = create_closed(&draft).and_then(|()| fs::hard_link(&draft, path));
    // Whatever came of it, the draft is of no more use.
    let _ = fs::remove_file(&draft);
    match published {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        // Not every file system has links; then nobody else must come at this very moment.
        Err(_) if !path.exists() => create_closed(path).map_err(|error| not_made(path, &error)),
        _ => Ok(()),
    }
}

/// Why a file could not be made or written.
pub(super) fn not_made(path: &Path, error: &std::io::Error) -> MirrorError {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            MirrorError::Full {
                path: path.to_owned(),
            }
        }
        _ => not_writable(path, error),
    }
}

pub(super) fn create_closed(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
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

pub(super) fn foreign(path: &Path, cause: &str) -> MirrorError {
    MirrorError::Foreign {
        path: path.to_owned(),
        cause: cause.to_owned(),
    }
}

pub(super) fn connect(path: &Path, way: &Way) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | way.flags();
    let conn = Connection::open_with_flags(way.name(path), flags)?;
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
fn ours(path: &Path, stamp: Option<&Stamp>, now: i64) -> Result<Opened> {
    if !fs::metadata(path).is_ok_and(|found| found.is_file()) {
        return Err(foreign(path, "it is no file"));
    }
    // Before the connection, and so closed after it.
    let handle = Handle::of(path).map_err(|error| not_writable(path, &error))?;
    let place = resolved(path);
    handle.check_names(&place)?;
    handle.check_log(&place)?;
    let mut conn = connect(path, &Way::Full)?;
    match (identify(&conn, path)?, stamp) {
        (true, None) => {
            return Err(MirrorError::NoDatabase {
                path: path.to_owned(),
            });
        }
        (false, Some(wanted)) => check_stamp(&conn, path, wanted)?,
        _ => {}
    }
    if conn.is_readonly("main")? {
        return Err(not_writable(path, &"it is read-only for this account"));
    }
    close_to_others(&place)?;
    // Of no effect where there is something already.
    conn.execute_batch(&format!("PRAGMA page_size = {PAGE_BYTES}"))?;
    prepare(&conn)?;
    migrate(&mut conn, MIGRATIONS, stamp, now)?;
    if let Some(wanted) = stamp {
        // Whoever was quicker to create it may have had another purpose.
        check_stamp(&conn, path, wanted)?;
    }
    check_whole(&conn, path)?;
    let guard = Guard::new(path, handle);
    // What was looked at first is what was opened.
    guard.check_path()?;
    guard.settle(&conn)?;
    let way = Way::Full;
    Ok(Opened { conn, guard, way })
}

/// Whether the file is still empty; an error if it is another's, or a newer gatherd's.
pub(super) fn identify(conn: &Connection, path: &Path) -> Result<bool> {
    known(conn, path).map_err(|error| match error {
        MirrorError::Sql(error) => match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => foreign(path, "it is no SQLite database"),
            // Nothing but its own bookkeeping was asked for yet.
            Some(ErrorCode::Unknown) => foreign(path, "SQLite does not know its format"),
            _ => error.into(),
        },
        other => other,
    })
}

/// The same as SQLite says it. All is read in one transaction, for another process may just be filling it.
fn known(conn: &Connection, path: &Path) -> Result<bool> {
    let conn = conn.unchecked_transaction()?;
    let found = pragma(&conn, "user_version")?;
    let is_empty = is_empty(&conn)?;
    match pragma(&conn, "application_id")? {
        APPLICATION_ID => {}
        0 if found == 0 && is_empty => return Ok(true),
        _ => return Err(foreign(path, "it belongs to another application")),
    }
    let known = MIGRATIONS.len() as i64;
    if found > known {
        let path = path.to_owned();
        return Err(MirrorError::Newer { path, found, known });
    }
    Ok(false)
}

pub(super) fn check_stamp(conn: &Connection, path: &Path, wanted: &Stamp) -> Result<()> {
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
    use_wal(conn)?;
    conn.execute_batch(
        "PRAGMA synchronous = NORMAL;
         PRAGMA cache_size = -16384;
         PRAGMA temp_store = MEMORY;
         PRAGMA secure_delete = ON;
         PRAGMA journal_size_limit = 16777216;",
    )?;
    let pages = LOG_BYTES / pragma(conn, "page_size")?.max(1);
    conn.execute_batch(&format!("PRAGMA wal_autocheckpoint = {pages}"))?;
    Ok(())
}

/// Switching to WAL needs the file for itself, and SQLite does not wait for that as it does for locks.
fn use_wal(conn: &Connection) -> Result<()> {
    let mut left = PATIENCE;
    loop {
        match conn.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(())) {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy)
                    && !left.is_zero() =>
            {
                std::thread::sleep(RETRY);
                left = left.saturating_sub(RETRY);
            }
            other => return Ok(other?),
        }
    }
}

/// Brings the schema up to date, with references unenforced meanwhile: a table that others refer to is
/// made anew by dropping it, which would else be seen as deleting its rows one by one. (That cannot
/// be switched within a transaction.) Tests check the references of what was migrated.
fn migrate(
    conn: &mut Connection,
    migrations: &[&str],
    stamp: Option<&Stamp>,
    now: i64,
) -> Result<()> {
    conn.execute_batch("PRAGMA foreign_keys = OFF")?;
    let migrated = each_migration(conn, migrations, stamp, now);
    conn.execute_batch("PRAGMA foreign_keys = ON")?;
    migrated
}

/// Each migration in a transaction of its own, with its number; the first one with the stamp.
fn each_migration(
    conn: &mut Connection,
    migrations: &[&str],
    stamp: Option<&Stamp>,
    now: i64,
) -> Result<()> {
    for (done, sql) in (0_i64..).zip(migrations) {
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

/// The version of the database's schema, and the newest one that this program knows.
pub(super) fn versions(conn: &Connection) -> Result<(i64, i64)> {
    Ok((pragma(conn, "user_version")?, MIGRATIONS.len() as i64))
}

/// Everything that SQLite finds wrong with the whole file; empty when it is in order.
pub(super) fn faults(conn: &Connection) -> Result<Vec<String>> {
    let mut found = conn
        .prepare("PRAGMA integrity_check(5)")?
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    found.retain(|it| it != "ok");
    let orphans: i64 =
        conn.query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| {
            row.get(0)
        })?;
    if orphans > 0 {
        found.push(format!("{orphans} rows refer to rows that are not there"));
    }
    Ok(found)
}

/// How many pages the file has.
///
/// # Errors
///
/// If it cannot be read.
pub fn pages(conn: &Connection) -> Result<u64> {
    Ok(pragma(conn, "page_count")?.unsigned_abs())
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

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_790_000_000;

    fn migrated(conn: &mut Connection, later: &[&str]) -> Result<()> {
        let stamp = Stamp {
            is_demo: true,
            endpoint: String::new(),
        };
        let migrations = [&MIGRATIONS[..1], later].concat();
        migrate(conn, &migrations, Some(&stamp), NOW)
    }

    fn rows(conn: &Connection) -> i64 {
        let sql = "SELECT count(*) FROM note_row WHERE text = 'kept'";
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_migration_is_done_whole_or_not_at_all_and_what_was_there_stays() {
        let mut conn = Connection::open_in_memory().unwrap();
        migrated(&mut conn, &[]).unwrap();
        conn.execute_batch(
            "INSERT INTO group_row (key, id, urlname, name, status, join_mode, is_private, first_seen_at, asked)
               VALUES (1, 'g', 'g', 'g', 'PAID', 'OPEN', 0, 1, 1);
             INSERT INTO note_row (grp, kind, text, created_at) VALUES (1, 'note', 'kept', 1);",
        )
        .unwrap();
        let second = "ALTER TABLE note_row ADD COLUMN mood TEXT; UPDATE note_row SET mood = 'good';
                      CREATE INDEX note_by_mood ON note_row (mood);";
        let broken =
            "ALTER TABLE note_row ADD COLUMN third TEXT; DELETE FROM note_row; SELECT nonsense;";
        assert!(migrated(&mut conn, &[second, broken]).is_err());
        let version = |conn: &Connection| pragma(conn, "user_version").unwrap();
        assert_eq!((version(&conn), rows(&conn)), (2, 1));
        assert!(conn.prepare("SELECT third FROM note_row").is_err());
        // A later program's third one, over the second that is done.
        migrated(&mut conn, &[second, "CREATE TABLE fourth (x)"]).unwrap();
        assert_eq!((version(&conn), rows(&conn)), (3, 1));
        let moods = "SELECT count(*) FROM note_row WHERE mood = 'good'";
        let moods: i64 = conn.query_row(moods, [], |row| row.get(0)).unwrap();
        assert_eq!(moods, 1);
    }
}
