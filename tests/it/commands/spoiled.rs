//! Files that somebody or something spoilt: told for what they are, and nothing made worse.

use super::NONE;
use crate::program::{GATHERD, Program, database_of, until};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::Command;

const PAGE: usize = 2_048;

/// All in one file, with nothing beside it.
fn settled(program: &Program) {
    database_of(&program.path("gatherd.db"), "PRAGMA journal_mode = DELETE;");
}

/// Where the content of a table or an index begins.
fn root_page(program: &Program, name: &str) -> usize {
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = ?1";
    conn.query_row(sql, [name], |row| row.get::<_, i64>(0))
        .unwrap() as usize
}

fn spoil(path: &Path, at: usize, bytes: usize) {
    let mut content = std::fs::read(path).unwrap();
    content[at..at + bytes].fill(0xA5);
    std::fs::write(path, content).unwrap();
}

#[test]
fn a_page_that_was_spoilt_exits_6_with_the_remedy_wherever_it_is() {
    let program = Program::small(51);
    program.run(&["backfill"]).exits(0);
    settled(&program);
    let database = program.path("gatherd.db");
    let whole = std::fs::read(&database).unwrap();
    for name in [
        "rsvp_row",
        "event_row",
        "meta",
        "event_by_start",
        "rsvp_by_id",
    ] {
        let at = (root_page(&program, name) - 1) * PAGE;
        spoil(&database, at, 300);
        let spoilt = std::fs::read(&database).unwrap();
        for command in ["sync", "backfill", "status", "report"] {
            let ran = program.run(&[command]).exits(6);
            ran.says(&["damaged", "restore a backup", "gatherd backfill"]);
        }
        // Its switch to a log beside it may be noted in the header; no page of content is touched.
        let after = std::fs::read(&database).unwrap();
        assert!(spoilt[PAGE..] == after[PAGE..], "{name}: was written to");
        std::fs::write(&database, &whole).unwrap();
    }
    // Every page but the first.
    for page in (PAGE..whole.len()).step_by(PAGE) {
        spoil(&database, page, 200);
    }
    for command in ["sync", "backfill", "status"] {
        let ran = program.run(&[command]).exits(6);
        ran.says(&["damaged", "restore a backup"]);
    }
    std::fs::write(&database, &whole).unwrap();
    program.run(&["sync"]).exits(0);
    assert_eq!(program.differences(), NONE);
    assert_eq!(
        program.sim.counters().by_operation.len(),
        3 - 1 + 3,
        "{:?}",
        program.sim.counters()
    );
}

#[test]
fn a_header_that_was_spoilt_exits_6_and_the_file_is_left_as_it_is() {
    let program = Program::small(52);
    program.run(&["backfill"]).exits(0);
    settled(&program);
    let database = program.path("gatherd.db");
    let whole = std::fs::read(&database).unwrap();
    // The magic words, the page size, the versions, the schema's own page.
    for (at, bytes) in [(0, 16), (16, 2), (18, 2), (44, 4), (100, 40)] {
        spoil(&database, at, bytes);
        let spoilt = std::fs::read(&database).unwrap();
        for command in ["sync", "status"] {
            let ran = program.run(&[command]).exits(6);
            assert!(ran.said().contains("gatherd.db"), "{at}: {}", ran.said());
            assert!(ran.err.lines().count() >= 2, "{at}: no remedy: {}", ran.err);
        }
        assert!(
            std::fs::read(&database).unwrap() == spoilt,
            "{at}: was written to"
        );
        std::fs::write(&database, &whole).unwrap();
    }
    program.run(&["sync"]).exits(0);
}

#[test]
fn damage_in_a_database_too_large_to_be_checked_first_is_told_when_it_is_met() {
    let program = Program::small(53);
    program.run(&["backfill"]).exits(0);
    let database = program.path("gatherd.db");
    // As large as years of history, without them.
    database_of(
        &database,
        "INSERT INTO report_row (kind, period, as_of, created_at, payload)
         VALUES ('manual', 'x', 1, 1, hex(zeroblob(4000000)));",
    );
    settled(&program);
    let whole = std::fs::read(&database).unwrap();
    for name in ["rsvp_row", "event_row", "membership_row"] {
        spoil(&database, (root_page(&program, name) - 1) * PAGE, 300);
        for args in [&["sync", "--sweep"][..], &["report"]] {
            let ran = program.run(args).exits(6);
            ran.says(&["gatherd.db", "damaged", "restore a backup"]);
        }
        std::fs::write(&database, &whole).unwrap();
        for end in ["-wal", "-shm"] {
            let _ = std::fs::remove_file(program.path(&format!("gatherd.db{end}")));
        }
    }
    program.run(&["sync"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn what_a_kill_leaves_beside_the_database_is_taken_up_whatever_became_of_it() {
    let program = Program::small(54);
    program.run(&["backfill"]).exits(0);
    for round in 0..4 {
        program.sim.with_world(|world| {
            let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
            for at in groups {
                world.rename_group(at, "Renamed", &format!("renamed-{round}-{}", at.0));
            }
        });
        let before = program.sim.counters().requests;
        let running = program.start(&["sync", "--sweep"]);
        until("it is at work", || {
            program.sim.counters().requests >= before + 3
        });
        running.kill();
        let (log, index) = (
            program.path("gatherd.db-wal"),
            program.path("gatherd.db-shm"),
        );
        assert!(log.exists() && index.exists());
        match round {
            0 => std::fs::remove_file(&index).unwrap(),
            1 => std::fs::write(&index, vec![0xA5; 32_768]).unwrap(),
            // The end of the log never reached the disk.
            2 => {
                let length = std::fs::metadata(&log).unwrap().len();
                let file = std::fs::OpenOptions::new().write(true).open(&log).unwrap();
                file.set_len(length.saturating_sub(1_000)).unwrap();
            }
            _ => std::fs::write(&log, vec![0xA5; 40_000]).unwrap(),
        }
        program.run(&["sync", "--sweep"]).exits(0);
        assert_eq!(program.integrity(), "ok", "{round}");
        assert_eq!(program.differences(), NONE, "{round}");
    }
}

/// Rights do not bind root, so then the program runs under another account.
fn as_another(program: &Program, args: &[&str]) -> crate::program::Ran {
    let own = program.path("gatherd");
    if !own.exists() {
        std::fs::copy(GATHERD, &own).unwrap();
    }
    let mut command = Command::new(own);
    if std::fs::metadata("/proc/self").is_ok_and(|found| found.uid() == 0) {
        std::os::unix::process::CommandExt::uid(&mut command, 65_534);
    }
    program.start_by(command, args).ends()
}

#[test]
fn a_file_or_a_folder_that_may_not_be_written_exits_6_where_it_must_be_and_nothing_is_damaged() {
    let program = Program::small(55);
    program.run(&["backfill"]).exits(0);
    settled(&program);
    let database = program.path("gatherd.db");
    let before = std::fs::read(&database).unwrap();
    let mode = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    mode(&program.path("gatherd.toml"), 0o644);
    // First the file alone, then the folder as well, then a file that not even may be read.
    for (folder, file) in [
        (0o777, 0o444),
        (0o555, 0o444),
        (0o555, 0o666),
        (0o777, 0o000),
    ] {
        mode(program.dir.path(), 0o777);
        drop(as_another(&program, &["--version"]));
        let _ = std::fs::remove_file(program.path("gatherd.db.lock"));
        mode(&database, file);
        mode(program.dir.path(), folder);
        // Looking needs no more than to read it.
        if file != 0 {
            for looking in ["status", "groups", "digest", "report"] {
                as_another(&program, &[looking]).exits(0);
            }
        }
        for command in ["sync", "backfill", "status"] {
            if command == "status" && file != 0 {
                continue;
            }
            let ran = as_another(&program, &[command]).exits(6);
            assert!(ran.said().contains("gatherd.db"), "{}", ran.said());
            assert!(
                ran.said().contains("let this account write"),
                "{}",
                ran.said()
            );
        }
        mode(program.dir.path(), 0o700);
        assert!(
            std::fs::read(&database).unwrap() == before,
            "{folder:o} {file:o}"
        );
    }
    mode(&database, 0o600);
    let _ = std::fs::remove_file(program.path("gatherd.db.lock"));
    program.run(&["sync"]).exits(0);
    assert_eq!(program.differences(), NONE);
}
