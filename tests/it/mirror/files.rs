//! Creating, opening and refusing files; the lock.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use gatherd::mirror::*;
use rusqlite::Connection;
use tempfile::TempDir;

use super::samples::*;

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn open(path: &Path) -> Result<Mirror, MirrorError> {
    Mirror::open(path, &real(), at(NOW))
}

/// The message says what to do on a line of its own, and names the file.
fn has_remedy(error: &MirrorError, path: &Path) {
    let text = error.to_string();
    assert_eq!(text.lines().count(), 2, "{text}");
    assert!(text.contains(&path.display().to_string()), "{text}");
    assert_eq!(error.exit_code(), 6);
}

#[test]
fn only_its_owner_may_read_the_database_and_the_files_beside_it() {
    let sample = Sample::new();
    sample.with_event();
    for suffix in ["", "-wal", "-shm"] {
        let name = format!("{}{suffix}", sample.db().display());
        assert_eq!(mode(Path::new(&name)), 0o600, "{name}");
    }
}

#[test]
fn a_database_that_others_could_read_is_closed_to_them() {
    let sample = Sample::new().reopened();
    fs::set_permissions(sample.db(), fs::Permissions::from_mode(0o644)).unwrap();
    let sample = sample.reopened();
    assert_eq!(mode(&sample.db()), 0o600);
}

#[test]
fn opening_again_keeps_id_version_and_rows() {
    let sample = Sample::new();
    sample.with_event();
    let id = sample.read(database_id).unwrap();
    assert_eq!(id.len(), 16);
    let before = sample.everything();
    let sample = sample.reopened();
    assert_eq!(sample.read(database_id).unwrap(), id);
    assert_eq!(sample.everything(), before);
    sample.tidy().unwrap();
    assert_eq!(
        sample.one("PRAGMA user_version"),
        crate::kept::newest().to_string()
    );
    assert_eq!(sample.one("PRAGMA journal_mode"), "wal");
    let other = Sample::new();
    assert_ne!(other.read(database_id).unwrap(), id);
}

#[test]
fn a_start_that_was_killed_before_the_first_migration_is_made_good() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("gatherd.db");
    fs::write(&path, "").unwrap();
    assert!(matches!(
        Mirror::open_existing(&path),
        Err(MirrorError::NoDatabase { .. })
    ));
    open(&path).unwrap();
    Mirror::open_existing(&path).unwrap();
}

#[test]
fn a_missing_database_is_not_created_by_those_who_only_look() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("gatherd.db");
    let error = Mirror::open_existing(&path).unwrap_err();
    assert!(matches!(error, MirrorError::NoDatabase { .. }));
    has_remedy(&error, &path);
    assert!(!path.exists());
}

#[test]
fn demo_and_real_databases_never_mix() {
    let demo = |port: u16| Stamp {
        is_demo: true,
        endpoint: format!("http://127.0.0.1:{port}/gql"),
    };
    let sample = Sample::new();
    let error = Mirror::open(&sample.db(), &demo(1), at(NOW)).unwrap_err();
    assert!(matches!(error, MirrorError::WrongStamp { .. }));
    has_remedy(&error, &sample.db());
    let elsewhere = Stamp {
        is_demo: false,
        endpoint: "https://other.example".to_owned(),
    };
    assert!(Mirror::open(&sample.db(), &elsewhere, at(NOW)).is_err());

    let dir = TempDir::new().unwrap();
    let path = dir.path().join("demo.db");
    Mirror::open(&path, &demo(1), at(NOW)).unwrap();
    // The simulated Meetup has another port each time.
    Mirror::open(&path, &demo(2), at(NOW)).unwrap();
    assert!(open(&path).is_err());
    assert!(
        Mirror::open_existing(&path)
            .unwrap()
            .read(stamp)
            .unwrap()
            .is_demo
    );
}

#[test]
fn a_text_file_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("notes.txt");
    fs::write(&path, "milk, bread").unwrap();
    let error = open(&path).unwrap_err();
    assert!(matches!(error, MirrorError::Foreign { .. }));
    has_remedy(&error, &path);
    assert_eq!(fs::read_to_string(&path).unwrap(), "milk, bread");
    assert!(matches!(open(dir.path()), Err(MirrorError::Foreign { .. })));
}

#[test]
fn another_applications_database_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    for (name, sql) in [
        ("tables.db", "CREATE TABLE t (x)"),
        ("marked.db", "PRAGMA application_id = 7; CREATE TABLE t (x)"),
        ("versioned.db", "PRAGMA user_version = 4"),
    ] {
        let path = dir.path().join(name);
        Connection::open(&path).unwrap().execute_batch(sql).unwrap();
        let before = fs::read(&path).unwrap();
        let error = open(&path).unwrap_err();
        assert!(
            matches!(error, MirrorError::Foreign { .. }),
            "{name}: {error}"
        );
        has_remedy(&error, &path);
        assert_eq!(fs::read(&path).unwrap(), before, "{name}");
    }
}

#[test]
fn a_newer_database_is_refused_with_both_versions() {
    let sample = Sample::new();
    let path = sample.db();
    Connection::open(&path)
        .unwrap()
        .execute_batch("PRAGMA user_version = 99")
        .unwrap();
    for error in [
        open(&path).unwrap_err(),
        Mirror::open_existing(&path).unwrap_err(),
    ] {
        let newest = crate::kept::newest() as i64;
        assert!(matches!(error, MirrorError::Newer { found: 99, known, .. } if known == newest));
        has_remedy(&error, &path);
    }
}

#[test]
fn a_damaged_database_is_told_when_opened() {
    let sample = Sample::new();
    sample.with_event();
    sample.put(|w| {
        let crowd: Vec<_> = (0..5_000).map(|id| membership(&id.to_string())).collect();
        w.record_memberships(GroupKey(1), &crowd, 1)
    });
    let path = sample.db();
    let dir = {
        let Sample { dir, .. } = {
            sample.write(at(NOW), |_| Ok(())).unwrap();
            sample.reopened()
        };
        dir
    };
    // The last connection is closed, so all is in the one file: spoil some pages of it.
    let mut bytes = fs::read(&path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40_000].fill(0x5a);
    fs::write(&path, &bytes).unwrap();
    let error = open(&path).unwrap_err();
    assert!(matches!(error, MirrorError::Damaged { .. }), "{error}");
    has_remedy(&error, &path);

    bytes.truncate(middle);
    fs::write(&path, &bytes).unwrap();
    let error = Mirror::open_existing(&path).unwrap_err();
    assert!(matches!(error, MirrorError::Damaged { .. }), "{error}");
    drop(dir);
}

#[test]
fn damage_found_while_reading_is_told_the_same_way() {
    let sample = Sample::new();
    let error = sample
        .read(|_| -> Result<(), MirrorError> {
            Err(rusqlite::Error::SqliteFailure(rusqlite::ffi::Error::new(11), None).into())
        })
        .unwrap_err();
    assert!(matches!(error, MirrorError::Damaged { .. }));
    has_remedy(&error, &sample.db());
}

#[test]
fn a_place_that_cannot_be_written_is_told() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("missing/gatherd.db");
    let error = open(&path).unwrap_err();
    assert!(matches!(error, MirrorError::NotWritable { .. }));
    has_remedy(&error, &path);
}

/// Rights do not bind root, so the file is opened by a child process under another account.
#[test]
fn a_read_only_database_is_told() {
    const HELPER: &str = "GATHERD_TEST_OPENS";
    if let Some(path) = std::env::var_os(HELPER) {
        let error = open(Path::new(&path)).unwrap_err();
        assert!(matches!(error, MirrorError::NotWritable { .. }), "{error}");
        has_remedy(&error, Path::new(&path));
        return;
    }
    let sample = Sample::new().reopened();
    let path = sample.db();
    let Sample { dir, .. } = { sample };
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o444)).unwrap();
    let exe = dir.path().join("tests");
    fs::copy(std::env::current_exe().unwrap(), &exe).unwrap();
    let mut child = std::process::Command::new(&exe);
    child
        .args(["--exact", "mirror::files::a_read_only_database_is_told"])
        .env(HELPER, &path)
        .current_dir("/");
    if is_root() {
        std::os::unix::process::CommandExt::uid(&mut child, 65_534);
    }
    let output = child.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && told.contains("1 passed"),
        "{told}"
    );
}

/// Whether this process is root's: then /proc/self is, too.
fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|found| std::os::unix::fs::MetadataExt::uid(&found) == 0)
}

#[test]
fn a_full_disk_is_told_and_nothing_committed_is_lost() {
    let sample = Sample::new();
    sample.with_event();
    let before = sample.everything();
    let fill = |w: &Writing<'_>| {
        w.execute_batch("PRAGMA max_page_count = 1")?;
        let crowd: Vec<_> = (0..20_000)
            .map(|id| membership(&format!("m{id}")))
            .collect();
        w.record_memberships(GroupKey(1), &crowd, 2)
    };
    let error = sample.write(at(NOW), fill).unwrap_err();
    assert!(matches!(error, MirrorError::Full { .. }), "{error}");
    has_remedy(&error, &sample.db());
    assert_eq!(sample.everything(), before);
    // With room again, the same mirror goes on; nobody recalled from the lost page is missing.
    sample.put(|w| {
        w.execute_batch("PRAGMA max_page_count = 1000000")?;
        let crowd: Vec<_> = (0..20_000)
            .map(|id| membership(&format!("m{id}")))
            .collect();
        w.record_memberships(GroupKey(1), &crowd, 2)
    });
    assert_eq!(sample.one("SELECT count(*) FROM memberships"), "20000");
    assert_eq!(
        sample.rows("PRAGMA foreign_key_check"),
        Vec::<String>::new()
    );
}

#[test]
fn an_error_or_a_panic_rolls_the_whole_page_back() {
    let sample = Sample::new();
    let before = sample.everything();
    let refused = sample.write(at(NOW), |w| {
        w.record_group(&group("g1"), 1)?;
        Err::<(), _>(MirrorError::Busy { path: "x".into() })
    });
    assert!(refused.is_err());
    let panicked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
        sample.put(|w| {
            w.record_group(&group("g1"), 1)?;
            panic!("as tests do");
            #[allow(unreachable_code)]
            Ok(())
        });
    }));
    assert!(panicked.is_err());
    assert_eq!(sample.everything(), before);
    assert_eq!(sample.rows_changed(), 0);
    sample.with_event();
    assert_eq!(
        sample.rows("PRAGMA foreign_key_check"),
        Vec::<String>::new()
    );
}

#[test]
fn a_row_that_refers_to_nothing_is_refused() {
    let sample = Sample::new();
    let orphan = sample.write(at(NOW), |w| {
        Ok(w.execute("INSERT INTO host_row (event, member) VALUES (7, 7)", [])?)
    });
    assert!(orphan.is_err(), "references are enforced again");
}

#[test]
fn readers_see_one_state_while_the_writer_goes_on() {
    let sample = Sample::new();
    sample.with_event();
    let count = |conn: &Connection| -> i64 {
        conn.query_row("SELECT count(*) FROM groups", [], |row| row.get(0))
            .unwrap()
    };
    sample
        .read(|conn| {
            assert_eq!(count(conn), 1);
            sample.put(|w| w.record_group(&group("g2"), 2));
            assert_eq!(count(conn), 1);
            assert!(conn.execute("DELETE FROM meta", []).is_err());
            Ok(())
        })
        .unwrap();
    sample
        .read(|conn| {
            assert_eq!(count(conn), 2);
            Ok(())
        })
        .unwrap();
}

#[test]
fn two_processes_may_write_in_turns() {
    let sample = Sample::new();
    let (grp, event) = sample.with_event();
    let other = Mirror::open_existing(&sample.db()).unwrap();
    std::thread::scope(|scope| {
        for mirror in [&*sample, &other] {
            scope.spawn(move || {
                for id in 0..50 {
                    mirror
                        .write(at(NOW), |w| {
                            w.record_rsvps(event, &[rsvp(&id.to_string(), 0)], 5)
                        })
                        .unwrap();
                }
            });
        }
    });
    let _ = grp;
    assert_eq!(sample.one("SELECT count(*) FROM rsvps"), "50");
    assert_eq!(
        sample.rows("PRAGMA foreign_key_check"),
        Vec::<String>::new()
    );
}

#[test]
fn one_pass_at_a_time() {
    let dir = TempDir::new().unwrap();
    let db = dir.path().join("gatherd.db");
    let lock = PassLock::take(&db).unwrap();
    match PassLock::take(&db) {
        Err(LockError::Held { pid }) => assert_eq!(pid, Some(std::process::id())),
        other => panic!("{other:?}"),
    }
    assert_eq!(mode(&dir.path().join("gatherd.db.lock")), 0o600);
    // Waiting ends when told so ...
    assert!(matches!(
        PassLock::wait(&db, |_| false),
        Err(LockError::Held { .. })
    ));
    // ... or with the lock.
    let waiting = std::thread::spawn({
        let db = db.clone();
        move || PassLock::wait(&db, |_| true).map(drop)
    });
    drop(lock);
    waiting.join().unwrap().unwrap();
    PassLock::take(&db).unwrap();
    let nowhere = dir.path().join("missing/gatherd.db");
    assert!(matches!(
        PassLock::take(&nowhere),
        Err(LockError::Unusable { .. })
    ));
}
