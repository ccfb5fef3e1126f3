//! Killed while a database is made or migrated: it is of the old schema or of the new one.

use super::{NONE, ended_by_force, kills, pass, seed};
use crate::kept;
use crate::program::{GATHERD, Program};
use crate::rig;
use gatherd::demo::Dice;
use gatherd::mirror::PassLock;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

/// Opens the database, making it if need be, and nothing more, while a lock is held.
const OPENS: &[&str] = &["sync"];
/// What it then ends with.
const OPENED: i32 = 7;

/// A fresh start, or the file of an earlier schema.
fn place(program: &Program, from: Option<&Path>) {
    for end in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(program.path(&format!("gatherd.db{end}")));
    }
    if let Some(from) = from {
        kept::place(program, from);
    }
}

/// The right to run passes, taken from the program.
fn held(program: &Program) -> PassLock {
    PassLock::take(&program.path("gatherd.db")).unwrap()
}

/// The old schema or the new one, and nothing in between.
fn is_whole(program: &Program, before: i64, what: &str) {
    if !program.path("gatherd.db").exists() {
        assert_eq!(before, 0, "{what}: the file is gone");
        return;
    }
    assert_eq!(program.integrity(), "ok", "{what}");
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    let one = |sql: &str| conn.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let version = one("PRAGMA user_version");
    assert!(version >= before, "{what}: {version}");
    let tables = one("SELECT count(*) FROM sqlite_schema");
    assert_eq!(
        version == 0,
        tables == 0,
        "{what}: version {version}, {tables} tables"
    );
    if version > 0 {
        let stamps = one("SELECT count(*) FROM meta WHERE key IN ('endpoint', 'database_id')");
        assert_eq!(stamps, 2, "{what}: no stamp");
    }
}

/// What the database may come from: nothing, and each kept file, with its version.
fn sources() -> Vec<(i64, Option<std::path::PathBuf>)> {
    let kept = kept::kept();
    let kept = kept
        .into_iter()
        .map(|(version, file)| (version as i64, Some(file)));
    std::iter::once((0, None)).chain(kept).collect()
}

fn differences(program: &Program) -> Vec<String> {
    rig::differences(
        &program.sim,
        &program.mirror(),
        &[kept::OUTSIDE.to_owned()],
        &[],
    )
}

/// The system ends the process at the first write beyond a size, so each size is one more place to die.
#[test]
fn a_database_whose_making_or_migration_dies_at_any_write_is_made_good_by_the_next_start() {
    let program = kept::program_as_kept();
    for (before, file) in sources() {
        let (mut died, mut grown) = (0, 0);
        let held = held(&program);
        for blocks in (0..).step_by(16) {
            place(&program, file.as_deref());
            let mut shell = Command::new("sh");
            let limit = format!("ulimit -c 0; ulimit -f {blocks}; exec \"$0\" \"$@\"");
            shell.args(["-c", &limit, GATHERD]);
            let ran = program.start_by(shell, OPENS).ends();
            let what = format!("from version {before}, {blocks} blocks");
            is_whole(&program, before, &what);
            if ran.code == OPENED {
                grown += 1;
            } else {
                // A signal has no exit code.
                assert!(matches!(ran.code, -1 | 6), "{what}: {}", ran.said());
                died += 1;
            }
            program.run(OPENS).exits(OPENED);
            is_whole(&program, before, &what);
            if grown == 2 {
                break;
            }
        }
        drop(held);
        println!("from version {before}: died at {died} places");
        assert!(before == kept::newest() as i64 || died >= 3, "{died}");
        program.run(&["sync", "--sweep"]).exits(0);
        assert_eq!(differences(&program), NONE);
    }
}

#[test]
fn a_start_killed_at_any_moment_leaves_the_old_schema_or_the_new_one() {
    let seed = seed();
    let mut dice = Dice::new(seed);
    let program = kept::program_as_kept();
    let mut killed = 0;
    for (before, file) in sources() {
        let held = held(&program);
        for _ in 0..kills() {
            place(&program, file.as_deref());
            let running = program.start(OPENS);
            pass(Duration::from_micros(dice.below(25_000) as u64));
            killed += u32::from(ended_by_force(running));
            is_whole(&program, before, &format!("seed {seed}"));
            program.run(OPENS).exits(OPENED);
        }
        drop(held);
        program.run(&["sync", "--sweep"]).exits(0);
        assert_eq!(differences(&program), NONE, "seed {seed}");
    }
    println!("seed {seed}: {killed} kills");
}
