//! A database that becomes another one under the program, and a log that is another file's: told, and what
//! was put in place is left as it is.

use super::NONE;
use crate::program::{Program, Running, until};
use rusqlite::Connection;
use std::fs;
use std::path::Path;

/// Passes every ten seconds: no write of its own hides what the daemon notices.
fn program(seed: u64) -> Program {
    let program = Program::small(seed);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n"
    ));
    program
}

/// How a copy is made: SQLite's own ways, and the file itself where no log is beside it.
#[derive(Debug, Clone, Copy)]
enum Copied {
    Online,
    Vacuumed,
}

fn copy(from: &Path, to: &Path, way: Copied) {
    let source = Connection::open(from).unwrap();
    match way {
        Copied::Online => source
            .backup("main", to, None::<fn(rusqlite::backup::Progress)>)
            .unwrap(),
        Copied::Vacuumed => source
            .execute_batch(&format!("VACUUM INTO '{}'", to.display()))
            .unwrap(),
    }
}

/// Lets one pass write a lot, so that what was copied before is behind.
fn change(program: &Program, name: &str) {
    program.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
        for (nth, group) in groups.into_iter().enumerate() {
            world.rename_group(group, name, &format!("{name}-{nth}"));
        }
    });
}

fn running(program: &Program) -> Running {
    let daemon = program.start(&["run"]);
    daemon.logs("pass ended");
    until("nothing is left to do", || program.differences() == NONE);
    daemon
}

/// What it is called, how it is done, and what is said of it.
type Replacement = (&'static str, fn(&Program), &'static str);

fn log_is_full(program: &Program) -> bool {
    fs::metadata(program.path("gatherd.db-wal")).is_ok_and(|found| found.len() > 32)
}

#[test]
fn a_file_that_becomes_another_under_the_daemon_ends_it_with_6_and_is_left_alone() {
    let replace: &[Replacement] = &[
        (
            "deleted",
            |program| fs::remove_file(program.path("gatherd.db")).unwrap(),
            "it was deleted or moved away",
        ),
        (
            "moved away",
            |program| {
                fs::rename(program.path("gatherd.db"), program.path("elsewhere.db")).unwrap();
            },
            "it was deleted or moved away",
        ),
        (
            "restored",
            |program| fs::rename(program.path("backup.db"), program.path("gatherd.db")).unwrap(),
            "another file was put in its place",
        ),
        (
            "restored over itself",
            |program| {
                let bytes = fs::read(program.path("backup.db")).unwrap();
                fs::write(program.path("gatherd.db"), bytes).unwrap();
            },
            "another content was written over it",
        ),
    ];
    for (nth, (how, replaced, words)) in replace.iter().enumerate() {
        let program = program(700 + nth as u64);
        program.run(&["backfill"]).exits(0);
        copy(
            &program.path("gatherd.db"),
            &program.path("backup.db"),
            Copied::Vacuumed,
        );
        let backup = fs::read(program.path("backup.db")).unwrap();
        let daemon = running(&program);
        change(&program, "renamed");
        until("the change is found", || program.differences() == NONE);
        replaced(&program);
        let ran = daemon.ends().exits(6);
        ran.says(&[
            "gatherd.db: ",
            words,
            "nothing more was written",
            "start again",
        ]);
        if !how.starts_with("restored") {
            continue;
        }
        assert!(
            fs::read(program.path("gatherd.db")).unwrap() == backup,
            "{how}"
        );
        // The next start refuses the old log, as often as it is tried, or it is gone with its file.
        if log_is_full(&program) {
            for command in ["sync", "status", "report", "run"] {
                let ran = program.run(&[command]).exits(6);
                ran.says(&["gatherd.db-wal beside it belongs", "gatherd.db-shm away"]);
            }
            assert!(
                fs::read(program.path("gatherd.db")).unwrap() == backup,
                "{how}"
            );
            for end in ["-wal", "-shm"] {
                let _ = fs::remove_file(program.path(&format!("gatherd.db{end}")));
            }
        }
        program.run(&["sync"]).exits(0);
        assert_eq!(program.differences(), NONE, "{how}");
        assert_eq!(program.integrity(), "ok");
    }
}

#[test]
fn a_link_that_leads_elsewhere_under_the_daemon_ends_it() {
    let program = program(710);
    fs::create_dir(program.path("real")).unwrap();
    let config = program.meetup_section("");
    program.configure(&format!(
        "database = \"link.db\"\n{config}[[network]]\nurlname = \"sized\"\n"
    ));
    program
        .run(&["backfill", "--database", "real/one.db"])
        .exits(0);
    copy(
        &program.path("real/one.db"),
        &program.path("real/two.db"),
        Copied::Online,
    );
    let link = program.path("link.db");
    std::os::unix::fs::symlink("real/one.db", &link).unwrap();
    let daemon = program.start(&["run"]);
    daemon.logs("daemon started");
    fs::remove_file(&link).unwrap();
    std::os::unix::fs::symlink("real/two.db", &link).unwrap();
    let ran = daemon.ends().exits(6);
    ran.says(&["link.db: another file was put in its place"]);
    assert!(!program.path("link.db-wal").exists() && !program.path("link.db.lock").exists());
}

#[test]
fn a_backup_beside_a_killed_daemons_log_is_refused_and_kept_whatever_way_it_came_there() {
    for (nth, way) in [Copied::Online, Copied::Vacuumed].into_iter().enumerate() {
        for over_itself in [true, false] {
            let program = program(720 + nth as u64);
            program.run(&["backfill"]).exits(0);
            copy(&program.path("gatherd.db"), &program.path("backup.db"), way);
            let backup = fs::read(program.path("backup.db")).unwrap();
            // Two lives of a daemon in between: what the copy holds is well behind.
            for name in ["first", "second"] {
                change(&program, name);
                program.run(&["sync"]).exits(0);
            }
            let daemon = running(&program);
            change(&program, "third");
            until("the change is found", || program.differences() == NONE);
            daemon.kill();
            assert!(log_is_full(&program));
            let (at, from) = (program.path("gatherd.db"), program.path("backup.db"));
            if over_itself {
                fs::write(&at, &backup).unwrap();
            } else {
                fs::rename(&from, &at).unwrap();
            }
            for command in ["sync", "backfill", "run", "status", "report"] {
                let ran = program.run(&[command]).exits(6);
                ran.says(&[
                    "belongs to a file that was there before",
                    "nothing was touched",
                ]);
            }
            assert!(fs::read(&at).unwrap() == backup, "{way:?}");
            for end in ["-wal", "-shm"] {
                fs::rename(
                    program.path(&format!("gatherd.db{end}")),
                    program.path(&format!("kept{end}")),
                )
                .unwrap();
            }
            program.run(&["sync"]).exits(0);
            assert_eq!(program.differences(), NONE);
            assert_eq!(program.integrity(), "ok");
        }
    }
}

#[test]
fn a_log_whose_file_is_gone_is_not_thrown_away() {
    let program = program(730);
    let daemon = running(&program);
    daemon.kill();
    let log = fs::read(program.path("gatherd.db-wal")).unwrap();
    fs::remove_file(program.path("gatherd.db")).unwrap();
    for command in ["backfill", "sync", "run"] {
        let ran = program.run(&[command]).exits(6);
        ran.says(&["gatherd.db-wal", "away"]);
    }
    assert!(!program.path("gatherd.db").exists());
    assert!(fs::read(program.path("gatherd.db-wal")).unwrap() == log);
}

#[test]
fn one_file_has_one_daemon_whatever_it_is_called() {
    let program = program(740);
    let daemon = running(&program);
    fs::create_dir(program.path("deeper")).unwrap();
    std::os::unix::fs::symlink("gatherd.db", program.path("link.db")).unwrap();
    std::os::unix::fs::symlink("../link.db", program.path("deeper/link.db")).unwrap();
    for name in [
        "link.db",
        "deeper/link.db",
        "./gatherd.db",
        "deeper/../gatherd.db",
    ] {
        for command in ["run", "sync"] {
            let ran = program.run(&[command, "--database", name]).exits(7);
            ran.says(&[&format!("process {}", daemon.pid())]);
        }
    }
    // A hard link is a name that nobody can follow.
    fs::hard_link(program.path("gatherd.db"), program.path("hard.db")).unwrap();
    for name in ["hard.db", "gatherd.db"] {
        let ran = program.run(&["run", "--database", name]).exits(6);
        ran.says(&[name, "has 2 names", "remove the other names"]);
    }
    fs::remove_file(program.path("hard.db")).unwrap();
    daemon.signal("TERM");
    daemon.ends().exits(0);
    program.run(&["sync", "--database", "link.db"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn a_file_moved_and_a_new_one_put_at_its_path_have_no_two_daemons() {
    let program = program(750);
    program.run(&["backfill"]).exits(0);
    copy(
        &program.path("gatherd.db"),
        &program.path("new.db"),
        Copied::Online,
    );
    let daemon = running(&program);
    // Moved as a whole, while the daemon stands still.
    daemon.signal("STOP");
    fs::create_dir(program.path("moved")).unwrap();
    for end in ["", "-wal", "-shm"] {
        let name = format!("gatherd.db{end}");
        let _ = fs::rename(program.path(&name), program.path(&format!("moved/{name}")));
    }
    fs::rename(program.path("new.db"), program.path("gatherd.db")).unwrap();
    // The lock stays at the path until the first has noticed.
    program.run(&["sync"]).exits(7);
    daemon.signal("CONT");
    daemon
        .ends()
        .exits(6)
        .says(&["another file was put in its place"]);
    program.run(&["sync"]).exits(0);
    assert_eq!(program.differences(), NONE);
    let ran = program.run(&["sync", "--database", "moved/gatherd.db"]);
    ran.exits(0);
    let conn = Connection::open(program.path("moved/gatherd.db")).unwrap();
    let checked: String = conn
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    assert_eq!(checked, "ok");
}

#[test]
fn a_draft_that_a_kill_left_as_a_second_name_is_cleared_away() {
    let program = program(760);
    program.run(&["backfill"]).exits(0);
    let draft = program.path("gatherd.db.new-4711-0");
    fs::hard_link(program.path("gatherd.db"), &draft).unwrap();
    program.run(&["sync"]).exits(0);
    assert!(!draft.exists());
}
