//! Databases that cannot be used: each a sentence with its remedy, exit code 6, and nothing lost.

use super::NONE;
use crate::program::{GATHERD, Program, database_of, until};
use gatherd::mirror::{Mirror, Stamp};
use std::process::Command;

/// What it is before must be what it is afterwards.
fn is_left_alone(program: &Program, name: &str, act: impl FnOnce()) {
    let before = std::fs::read(program.path(name)).unwrap();
    act();
    let after = std::fs::read(program.path(name)).unwrap();
    assert_eq!(before.len(), after.len(), "{name} was written to");
    assert!(before == after, "{name} was written to");
    for end in ["-wal", "-shm"] {
        assert!(
            !program.path(&format!("{name}{end}")).exists(),
            "{name}{end} was made"
        );
    }
}

#[test]
fn a_database_that_cannot_be_written_exits_6() {
    let program = Program::small(31);
    std::fs::write(program.path("file"), "x").unwrap();
    std::fs::create_dir(program.path("folder.db")).unwrap();
    for path in ["file/gatherd.db", "/proc/gatherd.db", "missing/gatherd.db"] {
        for command in ["backfill", "sync"] {
            let ran = program.run(&[command, "--database", path]).exits(6);
            ran.says(&[path, "cannot be written", "--database"]);
        }
    }
    let ran = program.run(&["sync", "--database", "folder.db"]).exits(6);
    ran.says(&["folder.db", "it is no file", "--database"]);
    assert_eq!(program.sim.counters().requests, 0);
}

#[test]
fn a_database_of_another_program_is_left_as_it_is() {
    let program = Program::small(32);
    database_of(
        &program.path("gatherd.db"),
        "CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine');",
    );
    for command in ["backfill", "sync", "status"] {
        is_left_alone(&program, "gatherd.db", || {
            let ran = program.run(&[command]).exits(6);
            ran.says(&["gatherd.db", "another application", "name another file"]);
        });
    }
    std::fs::write(
        program.path("gatherd.db"),
        "Dear diary, this is no database.",
    )
    .unwrap();
    is_left_alone(&program, "gatherd.db", || {
        program
            .run(&["sync"])
            .exits(6)
            .says(&["no SQLite database", "left as it is"]);
    });
}

#[test]
fn a_newer_database_is_left_as_it_is() {
    let program = Program::small(33);
    program.run(&["backfill"]).exits(0);
    database_of(
        &program.path("gatherd.db"),
        "PRAGMA journal_mode = DELETE; PRAGMA user_version = 99;",
    );
    for command in ["sync", "status", "report"] {
        is_left_alone(&program, "gatherd.db", || {
            program
                .run(&[command])
                .exits(6)
                .says(&["version 99", "the newer gatherd"]);
        });
    }
}

#[test]
fn a_damaged_database_exits_6_with_the_remedy() {
    let program = Program::small(34);
    program.run(&["backfill"]).exits(0);
    database_of(&program.path("gatherd.db"), "PRAGMA journal_mode = DELETE;");
    let mut bytes = std::fs::read(program.path("gatherd.db")).unwrap();
    for page in (4_096..bytes.len()).step_by(4_096) {
        bytes[page..page + 200].fill(0xA5);
    }
    std::fs::write(program.path("gatherd.db"), bytes).unwrap();
    for command in ["sync", "backfill", "status"] {
        program
            .run(&[command])
            .exits(6)
            .says(&["damaged", "restore a backup"]);
    }
}

#[test]
fn a_demo_database_is_not_used_for_a_real_endpoint_nor_one_endpoints_for_another() {
    let program = Program::small(35);
    let demo = Stamp {
        is_demo: true,
        endpoint: program.sim.endpoint(),
    };
    drop(Mirror::open(&program.path("gatherd.db"), &demo, chrono::Utc::now()).unwrap());
    let ran = program.run(&["sync"]).exits(6);
    ran.says(&["it mirrors the demo", "--database"]);
    let other = Stamp {
        is_demo: false,
        endpoint: "https://api.meetup.com/gql-ext".to_owned(),
    };
    drop(Mirror::open(&program.path("other.db"), &other, chrono::Utc::now()).unwrap());
    let ran = program
        .run(&["backfill", "--database", "other.db"])
        .exits(6);
    ran.says(&["https://api.meetup.com/gql-ext"]);
    assert_eq!(program.sim.counters().requests, 0);
}

#[test]
fn a_file_that_may_not_grow_exits_6_and_nothing_is_lost() {
    let program = Program::small(36);
    // Blocks of 512 bytes in some shells and of 1,024 in others: too little either way.
    let mut shell = Command::new("sh");
    shell.args([
        "-c",
        "trap '' XFSZ; ulimit -f 700; exec \"$0\" \"$@\"",
        GATHERD,
    ]);
    let ran = program.start_by(shell, &["backfill"]).ends().exits(6);
    ran.says(&["gatherd.db", "database"]);
    assert_eq!(program.integrity(), "ok");
    program.run(&["backfill"]).exits(0);
    assert_eq!(program.differences(), NONE);
    assert_eq!(program.integrity(), "ok");
}

/// A file system of this size at a folder; none where this account may not mount.
struct SmallDisk(std::path::PathBuf);

impl SmallDisk {
    fn at(path: std::path::PathBuf, size: &str) -> Option<Self> {
        std::fs::create_dir(&path).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(&path);
        mount.stderr(std::process::Stdio::null());
        mount
            .status()
            .is_ok_and(|status| status.success())
            .then_some(Self(path))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        drop(Command::new("umount").arg(&self.0).status());
    }
}

#[test]
fn a_full_disk_exits_6_and_the_next_run_goes_on() {
    let program = Program::small(37);
    let Some(disk) = SmallDisk::at(program.path("disk"), "3m") else {
        return; // the file that may not grow stands in for it
    };
    let database = "disk/gatherd.db";
    let ballast = disk.0.join("ballast");
    // Leaves room for an empty database and not for what comes into it.
    for kilobytes in [2_950, 2_700, 2_500] {
        std::fs::write(&ballast, vec![1; kilobytes * 1_024]).unwrap();
        let ran = program.run(&["backfill", "--database", database]).exits(6);
        ran.says(&["the disk is full", "make room, then run it again"]);
    }
    std::fs::remove_file(&ballast).unwrap();
    program.run(&["backfill", "--database", database]).exits(0);
    let mirror = Mirror::open_existing(&program.path(database)).unwrap();
    let differences = crate::rig::differences(&program.sim, &mirror, &[], &[]);
    assert_eq!(differences, NONE);
    drop(mirror);
    // Full again under a sync: nothing is lost, and it says so.
    std::fs::write(&ballast, vec![1; 3 << 20]).unwrap_err();
    program.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
        for at in groups {
            world.rename_group(at, "Renamed", &format!("renamed-{}", at.0));
        }
    });
    program
        .run(&["sync", "--database", database])
        .exits(6)
        .says(&["the disk is full"]);
    std::fs::remove_file(&ballast).unwrap();
    program.run(&["sync", "--database", database]).exits(0);
    let mirror = Mirror::open_existing(&program.path(database)).unwrap();
    let differences = crate::rig::differences(&program.sim, &mirror, &[], &[]);
    assert_eq!(differences, NONE);
}

#[test]
fn a_second_pass_is_refused_with_the_first_ones_pid_or_waits() {
    let program = Program::small(38);
    let (open, gate) = std::sync::mpsc::channel::<()>();
    program.sim.before_answer(move |_, _| {
        let _ = gate.recv();
    });
    let first = program.start(&["backfill"]);
    until("the first asks", || program.sim.counters().requests > 0);
    for command in ["sync", "backfill"] {
        let ran = program.run(&[command]).exits(7);
        ran.says(&[
            &format!("process {}", first.pid()),
            "can wait for it with --wait",
        ]);
    }
    program
        .run(&["status"])
        .exits(0)
        .says(&["backfill", "running       backfill begun"]);
    let mut second = program.start(&["sync", "--wait"]);
    second.logs("waiting for another pass to end");
    assert!(!second.is_over());
    drop(open);
    first.ends().exits(0);
    second.ends().exits(0).says(&["pass done"]);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn a_shrink_accepted_while_a_pass_runs_is_kept_for_the_next() {
    let program = Program::small(39);
    program.run(&["backfill"]).exits(0);
    program.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
        groups[1..].iter().for_each(|at| world.leave_network(*at));
    });
    let (open, gate) = std::sync::mpsc::channel::<()>();
    program.sim.before_answer(move |asked, _| {
        if asked.operation == "NetworkEvents" {
            let _ = gate.recv();
        }
    });
    let first = program.start(&["sync"]);
    until("the roster was refused", || {
        program
            .sim
            .counters()
            .by_operation
            .contains_key("NetworkEvents")
    });
    program.run(&["sync", "--accept-shrink"]).exits(7);
    drop(open);
    first.ends().exits(3).says(&["lists 1 of the 4 groups"]);
    program.run(&["sync"]).exits(0);
    assert_eq!(
        program.rows("SELECT count(*) FROM groups WHERE gone_why = 'left'"),
        ["3"]
    );
}
