//! `gatherd restore`: nothing destroyed, whatever is restored and wherever it is cut off.

use super::NONE;
use super::backup::names;
use super::disk::SmallDisk;
use crate::program::{Program, database_of, until};
use crate::{kept, rig};
use gatherd::mirror::{Mirror, Stamp};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Passes every ten seconds.
fn program(seed: u64) -> Program {
    let program = Program::small(seed);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n"
    ));
    program
}

/// Something of every group becomes another.
fn change(program: &Program, name: &str) {
    program.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
        for at in groups {
            world.rename_group(at, name, &format!("{name}-{}", at.0));
            let event = world.events_of(at).next_back().unwrap();
            world.rename_event(event, name);
        }
    });
}

/// A daemon that died with its log behind it: the file has what was backed up, the log what came after.
fn died(program: &Program) {
    program.run(&["backfill"]).exits(0);
    program.run(&["backup", "backup.db"]).exits(0);
    let daemon = program.start(&["run"]);
    daemon.logs("pass ended");
    change(program, "later");
    until("the change is found", || program.differences() == NONE);
    daemon.kill();
    assert!(fs::metadata(program.path("gatherd.db-wal")).unwrap().len() > 32);
}

/// Every file of a folder, with what is in it.
fn content(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let names = names(folder).into_iter();
    names
        .filter(|it| !it.ends_with(".lock") && folder.join(it).is_file())
        .map(|it| (it.clone(), fs::read(folder.join(it)).unwrap()))
        .collect()
}

/// The databases that were moved aside, without their logs.
fn asides(program: &Program) -> Vec<PathBuf> {
    let mut names = names(program.dir.path());
    names.retain(|it| it.contains(".before-") && !it.ends_with("-wal") && !it.ends_with("-shm"));
    names.iter().map(|it| program.path(it)).collect()
}

fn renamed(database: &Path) -> Vec<String> {
    let mirror = Mirror::open_existing(database).unwrap();
    rig::rows(&mirror, "SELECT count(*) FROM groups WHERE name = 'later'")
}

/// The drill of docs/operating.md.
#[test]
fn a_daemon_that_is_killed_and_restored_while_the_world_goes_on_becomes_equal_to_meetup_again() {
    let program = program(1_321);
    let daemon = program.start(&["run"]);
    daemon.logs("pass ended");
    until("all is read", || program.differences() == NONE);
    program.run(&["backup", "backups/", "--keep", "3"]).exits(0);
    change(&program, "meanwhile");
    until("the change is found", || program.differences() == NONE);
    daemon.kill();
    program.sim.with_world(|world| {
        let at = world.groups().next().unwrap().0;
        let event = world.events_of(at).next_back().unwrap();
        world.delete_event(event);
    });
    change(&program, "afterwards");
    let backup = format!("backups/{}", names(&program.path("backups"))[0]);
    let ran = program.run(&["restore", &backup]).exits(0);
    ran.says(&[
        "is now a whole copy of",
        "what was there is",
        "gatherd sync --sweep",
    ]);
    assert_ne!(program.differences(), NONE, "it is behind");
    program.run(&["sync", "--sweep"]).exits(0);
    assert_eq!(program.differences(), NONE);
    assert_eq!(program.integrity(), "ok");
    // What was there can be opened where it is now, with all that was in its log.
    let aside = Mirror::open_existing(&asides(&program)[0]).unwrap();
    let met = rig::rows(&aside, "SELECT DISTINCT name FROM groups");
    assert_eq!(met, ["meanwhile"]);
    let daemon = program.start(&["run"]);
    daemon.logs("pass ended");
    daemon.signal("TERM");
    daemon.ends().exits(0);
}

#[test]
fn beside_a_daemon_or_a_pass_it_is_refused_with_7_and_nothing_is_touched() {
    let program = program(1_322);
    program.run(&["backfill"]).exits(0);
    program.run(&["backup", "backup.db"]).exits(0);
    let daemon = program.start(&["run"]);
    daemon.logs("daemon started");
    let before = names(program.dir.path());
    let ran = program.run(&["restore", "backup.db"]).exits(7);
    let process = format!("process {}", daemon.pid());
    ran.says(&["nothing was restored", "stop the daemon first", &process]);
    assert_eq!(names(program.dir.path()), before);
    daemon.signal("TERM");
    daemon.ends().exits(0);
    program.run(&["restore", "backup.db"]).exits(0);
}

#[test]
fn what_is_no_whole_backup_of_this_database_is_refused_and_nothing_is_touched() {
    let program = program(1_323);
    died(&program);
    let whole = fs::read(program.path("backup.db")).unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(program.path(name), bytes).unwrap();
    let mut spoilt = whole.clone();
    let middle = whole.len() / 2;
    spoilt[middle..].fill(0xA5);
    write("spoilt.db", &spoilt);
    write("short.db", &whole[..middle]);
    write("shorter.db", &whole[..1_000]);
    write("empty.db", b"");
    write("diary.db", b"Dear diary, this is no database.");
    database_of(&program.path("foreign.db"), "CREATE TABLE notes (text);");
    write("newer.db", &whole);
    database_of(&program.path("newer.db"), "PRAGMA user_version = 99;");
    for (name, is_demo, endpoint) in [
        ("demo.db", true, program.sim.endpoint()),
        (
            "other.db",
            false,
            "https://api.meetup.com/gql-ext".to_owned(),
        ),
    ] {
        let stamp = Stamp { is_demo, endpoint };
        drop(Mirror::open(&program.path(name), &stamp, chrono::Utc::now()).unwrap());
    }
    write("stray.db", &whole);
    let later = self::program(1_324);
    died(&later);
    fs::copy(later.path("gatherd.db-wal"), program.path("stray.db-wal")).unwrap();
    let before = content(program.dir.path());
    for (name, says) in [
        ("spoilt.db", "it is damaged"),
        ("short.db", "it is damaged"),
        ("shorter.db", "backup shorter.db"),
        ("empty.db", "it is empty"),
        ("diary.db", "no SQLite database"),
        ("foreign.db", "another application"),
        ("newer.db", "version 99"),
        ("demo.db", "it mirrors the demo"),
        ("other.db", "it mirrors https://api.meetup.com/gql-ext"),
        ("stray.db", "the -wal beside it"),
        ("missing.db", "there is no such file"),
        ("gatherd.db", "it is the database itself"),
    ] {
        let ran = program.run(&["restore", name]).exits(6);
        assert!(
            ran.err.lines().count() >= 2,
            "{name}: no remedy: {}",
            ran.err
        );
        ran.says(&[name, says, "nothing was touched"]);
        assert!(content(program.dir.path()) == before, "{name}");
    }
    assert_eq!(program.differences(), NONE);
}

#[test]
fn a_backup_of_the_first_version_is_restored_and_becomes_one_of_this() {
    let program = kept::program_as_kept();
    let shipped = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/mirrors/0001.db");
    kept::place(&program, &shipped);
    fs::rename(program.path("gatherd.db"), program.path("old.db")).unwrap();
    let old = fs::read(program.path("old.db")).unwrap();
    let ran = program.run(&["restore", "old.db"]).exits(0);
    ran.says(&["schema version 1"]);
    // There was none before, so nothing is aside.
    assert_eq!(asides(&program), Vec::<PathBuf>::new());
    assert!(fs::read(program.path("old.db")).unwrap() == old);
    program.run(&["sync", "--sweep"]).exits(0);
    assert_eq!(
        program.mirror().versions().unwrap().0,
        i64::try_from(kept::newest()).unwrap()
    );
    let outside = [kept::OUTSIDE.to_owned()];
    let differences = rig::differences(&program.sim, &program.mirror(), &outside, &[]);
    assert_eq!(differences, NONE);
}

#[test]
fn cut_off_between_the_old_file_and_the_new_every_command_says_so_and_the_next_restore_ends_it() {
    for log_is_moved in [false, true] {
        let program = program(1_325);
        died(&program);
        // As a kill leaves it: the file is aside, its log is or is not, and the draft may be anything.
        let aside = program.path("gatherd.db.before-2026-11-29T175500Z");
        let end = |path: &Path, end: &str| PathBuf::from(format!("{}{end}", path.display()));
        let database = program.path("gatherd.db");
        fs::rename(&database, &aside).unwrap();
        if log_is_moved {
            fs::rename(end(&database, "-wal"), end(&aside, "-wal")).unwrap();
            fs::rename(end(&database, "-shm"), end(&aside, "-shm")).unwrap();
        }
        fs::write(program.path("gatherd.db.restoring"), "half").unwrap();
        let before = content(program.dir.path());
        for command in ["run", "sync", "backfill", "status", "report"] {
            let ran = program.run(&[command]).exits(6);
            ran.says(&["`gatherd restore` was cut off", "run it again", ".before-"]);
        }
        assert!(content(program.dir.path()) == before);
        program.run(&["restore", "backup.db"]).exits(0);
        assert_eq!(asides(&program), std::slice::from_ref(&aside));
        assert!(!program.path("gatherd.db.restoring").exists());
        assert_eq!(renamed(&database), ["0"]);
        assert_eq!(renamed(&aside), ["4"], "its log is with it");
        program.run(&["sync", "--sweep"]).exits(0);
        assert_eq!(program.differences(), NONE);
    }
}

#[test]
fn killed_at_any_moment_nothing_is_lost_and_the_next_one_ends_it() {
    let program = program(1_326);
    died(&program);
    for nth in 0..16 {
        let running = program.start(&["restore", "backup.db"]);
        std::thread::sleep(Duration::from_millis(nth * 3));
        running.kill();
        let ran = program.run(&["status"]);
        if ran.code != 0 {
            ran.exits(6).says(&["run it again"]);
        }
    }
    program.run(&["restore", "backup.db"]).exits(0);
    assert_eq!(renamed(&program.path("gatherd.db")), ["0"]);
    let found: Vec<_> = asides(&program).iter().map(|it| renamed(it)).collect();
    assert_eq!(
        found.iter().filter(|it| **it == ["4"]).count(),
        1,
        "{found:?}"
    );
    program.run(&["sync", "--sweep"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn a_restore_is_taken_back_by_restoring_what_was_moved_aside_log_and_all() {
    let program = program(1_327);
    died(&program);
    // By a link: the file behind it is what is moved, and the link stays.
    fs::create_dir(program.path("real")).unwrap();
    for end in ["", "-wal", "-shm"] {
        let name = format!("gatherd.db{end}");
        fs::rename(program.path(&name), program.path(&format!("real/{name}"))).unwrap();
    }
    std::os::unix::fs::symlink("real/gatherd.db", program.path("gatherd.db")).unwrap();
    program.run(&["restore", "backup.db"]).exits(0);
    assert_eq!(renamed(&program.path("gatherd.db")), ["0"]);
    let mut aside = names(&program.path("real"));
    aside.retain(|it| it.contains(".before-"));
    assert_eq!(aside.len(), 3, "{aside:?}");
    let before = fs::read(program.path("real").join(&aside[0])).unwrap();
    program
        .run(&["restore", &format!("real/{}", aside[0])])
        .exits(0);
    assert_eq!(renamed(&program.path("gatherd.db")), ["4"]);
    assert!(fs::read(program.path("real").join(&aside[0])).unwrap() == before);
    assert!(program.path("gatherd.db").is_symlink());
    program.run(&["sync"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn whoever_was_forgotten_since_the_backup_is_so_after_it_is_restored() {
    let program = program(1_329);
    program.run(&["backfill"]).exits(0);
    program.run(&["backup", "backup.db"]).exits(0);
    let id = &program.rows("SELECT member_id FROM rsvps ORDER BY id LIMIT 1")[0];
    program.run(&["forget", id]).exits(0);
    program.run(&["restore", "backup.db"]).exits(0);
    program.run(&["sync", "--sweep"]).exits(0);
    let known = format!("SELECT count(*) FROM members WHERE id = '{id}'");
    assert_eq!(program.rows(&known), ["0"]);
}

#[test]
fn without_room_for_the_copy_nothing_is_moved() {
    let program = program(1_328);
    program.run(&["backfill"]).exits(0);
    program.run(&["backup", "backup.db"]).exits(0);
    let Some(disk) = SmallDisk::at(program.path("disk"), "3m") else {
        return; // a full disk cannot be made here
    };
    fs::copy(program.path("backup.db"), program.path("disk/gatherd.db")).unwrap();
    disk.leave(100);
    let before = content(&program.path("disk"));
    let restore = ["restore", "backup.db", "--database", "disk/gatherd.db"];
    let ran = program.run(&restore).exits(6);
    ran.says(&["the disk is full", "make room"]);
    assert!(content(&program.path("disk")) == before);
    disk.clear();
    program.run(&restore).exits(0);
}
