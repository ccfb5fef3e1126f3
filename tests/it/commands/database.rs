//! Databases that cannot be used: each a sentence with its remedy, exit code 6, and nothing lost.

use super::NONE;
use crate::program::{Program, database_of, until};
use gatherd::mirror::{Mirror, Stamp};

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
    let accepting = program.run(&["sync", "--accept-shrink"]).exits(7);
    accepting.says(&["the shrink is accepted, once"]);
    drop(open);
    first.ends().exits(3).says(&["lists 1 of the 4 groups"]);
    program.run(&["sync"]).exits(0);
    assert_eq!(
        program.rows("SELECT count(*) FROM groups WHERE gone_why = 'left'"),
        ["3"]
    );
}
