//! An account that may only read, or a directory that nobody may write: what only looks works, makes no file,
//! and what writes is told.

use crate::program::{GATHERD, Program, Ran, until};
use std::collections::BTreeSet;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::process::Command;

const LOOKS: [&[&str]; 8] = [
    &["report"],
    &["status"],
    &["notes"],
    &["deliveries", "list"],
    &["report", "--format", "json"],
    &["digest"],
    &["groups"],
    &["letter", "sized-group-0001"],
];

fn mode(program: &Program, name: &str, mode: u32) {
    fs::set_permissions(program.path(name), Permissions::from_mode(mode)).unwrap();
}

/// Runs it under an account that owns nothing here: rights do not bind root.
fn run_as_reader(program: &Program, args: &[&str]) -> Ran {
    let mut command = Command::new(program.path("gatherd"));
    if fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(65_534);
    }
    program.start_by(command, args).ends()
}

/// A mirror that everybody may read, and the program where everybody may start it.
fn program(seed: u64) -> Program {
    let program = Program::small(seed);
    fs::copy(GATHERD, program.path("gatherd")).unwrap();
    mode(&program, "gatherd.toml", 0o644);
    program.run(&["backfill"]).exits(0);
    program
}

fn files(program: &Program) -> BTreeSet<String> {
    fs::read_dir(program.dir.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn what_looks_works_where_nothing_may_be_written_and_makes_no_file() {
    let program = program(770);
    mode(&program, "gatherd.db", 0o444);
    mode(&program, ".", 0o555);
    let before = (
        files(&program),
        fs::read(program.path("gatherd.db")).unwrap(),
    );
    for args in LOOKS {
        run_as_reader(&program, args).exits(0);
    }
    for args in [&["note", "sized-group-0000", "called"][..], &["sync"]] {
        let ran = run_as_reader(&program, args).exits(6);
        ran.says(&["gatherd.db", "cannot be written", "let this account write"]);
    }
    let after = (
        files(&program),
        fs::read(program.path("gatherd.db")).unwrap(),
    );
    assert_eq!(before.0, after.0);
    assert!(before.1 == after.1);
    mode(&program, ".", 0o755);
}

#[test]
fn what_looks_works_beside_a_daemon_of_another_account_and_sees_what_it_wrote() {
    let program = program(771);
    program.sim.with_world(|world| {
        let group = world.groups().next().unwrap().0;
        world.rename_group(group, "Another name", "another-name");
    });
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n"
    ));
    mode(&program, "gatherd.toml", 0o644);
    let daemon = program.start(&["run"]);
    daemon.logs("pass ended");
    until("the change is found", || program.differences().is_empty());
    mode(&program, ".", 0o555);
    for end in ["", "-wal", "-shm"] {
        mode(&program, &format!("gatherd.db{end}"), 0o444);
    }
    let before = files(&program);
    for args in LOOKS {
        run_as_reader(&program, args).exits(0);
    }
    run_as_reader(&program, &["report"])
        .exits(0)
        .says(&["Another name"]);
    assert_eq!(files(&program), before);
    mode(&program, ".", 0o755);
    daemon.signal("TERM");
    daemon.ends().exits(0);
}

#[test]
fn an_older_schema_that_may_not_be_brought_up_to_date_is_told() {
    let program = program(772);
    crate::program::database_of(
        &program.path("gatherd.db"),
        "PRAGMA journal_mode = DELETE; PRAGMA user_version = 1; PRAGMA journal_mode = WAL;",
    );
    mode(&program, "gatherd.db", 0o444);
    mode(&program, ".", 0o555);
    let ran = run_as_reader(&program, &["status"]).exits(6);
    ran.says(&["its schema is version 1", "run `gatherd status` once"]);
    mode(&program, ".", 0o755);
}
