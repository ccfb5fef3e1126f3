//! `gatherd backup`, and the daemon's own: whole, one state, named last, and nobody else's files touched.

use super::disk::SmallDisk;
use crate::program::{Program, until};
use chrono::{DateTime, Utc};
use gatherd::demo::Receiver;
use gatherd::mirror::{self, Mirror, examine_copy};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

fn backfilled(seed: u64) -> Program {
    let program = Program::small(seed);
    program.run(&["backfill"]).exits(0);
    program
}

/// Passes every ten seconds, and this.
fn configured(program: &Program, more: &str) {
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n{more}"
    ));
}

/// What is in a folder, by name.
pub(super) fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// The copies in a folder.
fn copies(folder: &Path) -> Vec<PathBuf> {
    let mut names = names(folder);
    names.retain(|it| it.starts_with("gatherd-") && it.ends_with("Z.db"));
    names.iter().map(|it| folder.join(it)).collect()
}

/// Two facts that are always written together, as a copy has them.
fn pair(copy: &Path) -> [String; 2] {
    let conn = rusqlite::Connection::open(copy).unwrap();
    ["one", "other"].map(|name| {
        let at = mirror::firing(&conn, name).unwrap();
        format!("{at:?}")
    })
}

#[test]
fn each_backup_beside_a_daemon_and_a_busy_writer_is_whole_and_one_state() {
    let program = backfilled(1_301);
    configured(&program, "");
    let daemon = program.start(&["run"]);
    daemon.logs("daemon started");
    let (writer, ends) = (program.mirror(), AtomicBool::new(false));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for second in 0.. {
                let at = DateTime::from_timestamp(second, 0).unwrap();
                let both = |w: &mirror::Writing<'_>| {
                    w.served("one", at)?;
                    w.served("other", at)
                };
                writer.write(Utc::now(), both).unwrap();
                if ends.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        let mut seen = std::collections::BTreeSet::new();
        for nth in 0..12 {
            let name = format!("{nth}.db");
            let ran = program.run(&["backup", &name]).exits(0);
            ran.says(&[&name, "whole", "schema version"]);
            let copy = program.path(&name);
            examine_copy(&copy).unwrap();
            let [one, other] = pair(&copy);
            assert_eq!(one, other);
            seen.insert(one);
            let mode = fs::metadata(&copy).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        ends.store(true, Ordering::Relaxed);
        assert!(seen.len() > 1, "nobody wrote meanwhile: {seen:?}");
    });
    assert!(
        !names(program.dir.path())
            .iter()
            .any(|it| it.contains(".new-"))
    );
    daemon.signal("TERM");
    daemon.ends().exits(0);
    // A copy is a database as any other, and one file.
    let copy = program.path("11.db");
    let rows = "SELECT id FROM rsvps ORDER BY id";
    let copied = crate::rig::rows(&Mirror::open_existing(&copy).unwrap(), rows);
    assert_eq!(copied, program.rows(rows));
}

#[test]
fn in_a_folder_the_newest_of_this_database_are_kept_and_nothing_else_is_removed() {
    let program = backfilled(1_302);
    let folder = program.path("backups");
    fs::create_dir(&folder).unwrap();
    // Of another database; of nobody; a draft that a kill left; a folder and a link with such a name.
    let elsewhere = backfilled(1_303);
    elsewhere.run(&["backup", "x.db"]).exits(0);
    let other = folder.join("gatherd-2020-01-01T000000Z.db");
    fs::copy(elsewhere.path("x.db"), &other).unwrap();
    fs::write(folder.join("gatherd-2020-01-02T000000Z.db"), "diary").unwrap();
    fs::write(folder.join("mine.db"), "mine").unwrap();
    fs::write(folder.join("mine.db.new-1"), "mine").unwrap();
    fs::write(
        folder.join("gatherd-2026-01-01T000000Z.db.new-4711"),
        "half",
    )
    .unwrap();
    fs::create_dir(folder.join("gatherd-2020-01-03T000000Z.db")).unwrap();
    let link = folder.join("gatherd-2020-01-04T000000Z.db");
    std::os::unix::fs::symlink(program.path("gatherd.db"), link).unwrap();
    let mut before = names(&folder);
    before.retain(|it| !it.ends_with("4711"));
    for _ in 0..3 {
        program.run(&["backup", "backups", "--keep", "2"]).exits(0);
    }
    let ours: Vec<String> = names(&folder)
        .into_iter()
        .filter(|it| !before.contains(it))
        .collect();
    assert_eq!(ours.len(), 2, "{ours:?}");
    let left: Vec<String> = names(&folder)
        .into_iter()
        .filter(|it| !ours.contains(it))
        .collect();
    assert_eq!(left, before);
    let last = program.run(&["backup", "backups", "--keep", "1"]).exits(0);
    last.says(&["2 older ones removed"]);
    // Without --keep all stay, and a folder that ends with a stroke is made.
    program.run(&["backup", "new/"]).exits(0);
    program.run(&["backup", "new"]).exits(0);
    assert_eq!(copies(&program.path("new")).len(), 2);
    let mode = fs::metadata(program.path("new"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o700);
}

#[test]
fn nothing_is_written_over_and_a_file_has_no_older_ones() {
    let program = backfilled(1_304);
    fs::write(program.path("mine.db"), "mine").unwrap();
    let ran = program.run(&["backup", "mine.db"]).exits(1);
    ran.says(&["no backup was made", "mine.db", "nothing is written over"]);
    assert_eq!(fs::read(program.path("mine.db")).unwrap(), b"mine");
    let ran = program.run(&["backup", "new.db", "--keep", "2"]).exits(2);
    ran.says(&["--keep counts the backups of a folder", "new.db/"]);
    assert!(!program.path("new.db").exists());
}

#[test]
fn four_backups_at_once_into_one_folder_are_four_whole_ones() {
    let program = backfilled(1_305);
    let running: Vec<_> = (0..4)
        .map(|_| program.start(&["backup", "at-once/"]))
        .collect();
    for it in running {
        it.ends().exits(0);
    }
    let made = copies(&program.path("at-once"));
    assert_eq!(made.len(), 4);
    for copy in &made {
        examine_copy(copy).unwrap();
    }
    assert_eq!(names(&program.path("at-once")).len(), 4);
    // Into one file only one can be.
    let running: Vec<_> = (0..3)
        .map(|_| program.start(&["backup", "one.db"]))
        .collect();
    let codes: Vec<i32> = running.into_iter().map(|it| it.ends().code).collect();
    assert_eq!(
        codes.iter().filter(|code| **code == 0).count(),
        1,
        "{codes:?}"
    );
    examine_copy(&program.path("one.db")).unwrap();
}

#[test]
fn a_folder_that_is_full_or_cannot_be_written_leaves_nothing_half_named_and_the_older_ones() {
    let program = backfilled(1_306);
    fs::write(program.path("file"), "x").unwrap();
    for into in ["file/backups/", "/proc/backups/", "missing/backup.db"] {
        let ran = program.run(&["backup", into]).exits(6);
        ran.says(&["no backup was made", "cannot be written"]);
    }
    let Some(disk) = SmallDisk::at(program.path("disk"), "3m") else {
        return; // a full disk cannot be made here
    };
    program.run(&["backup", "disk", "--keep", "1"]).exits(0);
    let before = copies(&program.path("disk"));
    for kilobytes in [0, 16, 200] {
        disk.leave(kilobytes);
        let ran = program.run(&["backup", "disk", "--keep", "1"]).exits(6);
        ran.says(&["no backup was made", "the disk is full", "make room"]);
        assert_eq!(names(&program.path("disk")).len(), 2, "{kilobytes}");
        assert_eq!(copies(&program.path("disk")), before);
    }
    disk.clear();
    program.run(&["backup", "disk", "--keep", "1"]).exits(0);
    assert_ne!(copies(&program.path("disk")), before);
}

fn status(program: &Program) -> serde_json::Value {
    let json = program.run(&["status", "--json"]).exits(0);
    serde_json::from_str(&json.out).unwrap()
}

#[test]
fn the_daemon_makes_them_and_status_and_doctor_say_how_old_the_last_one_is() {
    let program = backfilled(1_307);
    assert!(status(&program)["backup"].is_null());
    let section =
        |line: &str| format!("[backup]\ndir = \"kept\"\nkeep = 2\nschedule = \"{line}\"\n");
    configured(&program, &section("*/10 * * * * *"));
    let ran = program.run(&["status"]).exits(0);
    ran.says(&["last backup   none yet in", "kept"]);
    program.run(&["doctor"]).says(&["none in"]);
    let daemon = program.start(&["run"]);
    let folder = program.path("kept");
    until("two are made", || copies(&folder).len() == 2);
    let first = copies(&folder)[0].clone();
    until("the first makes room", || !first.exists());
    program.run(&["status", "--check"]).exits(0);
    daemon.signal("TERM");
    daemon.ends().exits(0);
    let made = copies(&folder);
    assert_eq!(made.len(), 2);
    for copy in &made {
        examine_copy(copy).unwrap();
    }
    let told = &status(&program)["backup"];
    let at = told["last_good_at"].as_str().unwrap();
    let named = format!("gatherd-{}.db", at.replace(':', ""));
    assert!(made[1].ends_with(&named), "{told}");
    assert_eq!(told["is_late"], false);
    program.run(&["status"]).says(&["last backup", " ago in "]);
    program.run(&["doctor"]).says(&["is whole"]);
    // Two nights without one.
    configured(&program, &section("30 2 * * *"));
    let old = folder.join("gatherd-2026-01-01T023000Z.db");
    fs::rename(&made[1], &old).unwrap();
    fs::remove_file(&made[0]).unwrap();
    let wrong = [
        "the last good backup in",
        "Thu 1 Jan 2026, 02:30 UTC",
        "gatherd backup",
    ];
    program.run(&["status", "--check"]).exits(1).says(&wrong);
    program.run(&["doctor"]).exits(1).says(&wrong);
    assert_eq!(status(&program)["backup"]["is_late"], true);
    // One whose pages are spoilt is told, too.
    let mut bytes = fs::read(&old).unwrap();
    let from = bytes.len() / 2;
    bytes[from..].fill(0xA5);
    fs::write(folder.join("gatherd-2026-01-02T023000Z.db"), bytes).unwrap();
    program
        .run(&["doctor"])
        .exits(1)
        .says(&["is none any more"]);
}

#[test]
fn a_backup_that_cannot_be_made_stops_no_lane_and_is_told_to_the_operator() {
    let receiver = Receiver::start().unwrap();
    let program = backfilled(1_308);
    fs::write(program.path("file"), "x").unwrap();
    let channel = format!(
        "[[channel]]\nname = \"ops\"\nkind = \"mattermost\"\nurl = \"{}\"\nsends = [\"operator\"]\n",
        receiver.url("/ops")
    );
    configured(
        &program,
        &format!("{channel}[backup]\ndir = \"file/kept\"\n"),
    );
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch("INSERT INTO firing_row VALUES ('backup', 0)")
        .unwrap();
    drop(conn);
    let daemon = program.start(&["run"]);
    daemon.logs("no backup was made");
    until("the operator hears of it", || {
        let came = receiver.received();
        came.iter()
            .any(|it| it.json.to_string().contains("two were due since"))
    });
    let passes = || daemon.err.so_far().matches("pass ended").count();
    let seen = passes();
    until("passes go on", || passes() > seen);
    // Tried again in ten minutes, not at once.
    assert_eq!(daemon.err.so_far().matches("no backup was made").count(), 1);
    daemon.signal("TERM");
    daemon.ends().exits(0);
}
