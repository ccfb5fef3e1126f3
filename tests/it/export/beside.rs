//! Whole or not there: beside a daemon, in another's folder, on a full disk, and wherever it is stopped.

use super::{FORMATS, Read, backfilled, beside, exported, files};
use crate::commands::disk::SmallDisk;
use crate::program::Program;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[test]
fn beside_a_daemon_and_a_busy_writer_it_is_one_state() {
    let program = backfilled(1_741);
    program.configure(&format!(
        "{}[[network]]\nurlname = \"sized\"\n[schedule]\npoll = \"*/10 * * * * *\"\n",
        program.meetup_section("")
    ));
    let daemon = program.start(&["run"]);
    daemon.logs("daemon started");
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.busy_timeout(Duration::from_secs(20)).unwrap();
    // A day and a capability that no pass touches.
    conn.execute_batch("INSERT INTO group_day_row SELECT min(key), 1, 0, 1 FROM group_row")
        .unwrap();
    let ends = Arc::new(AtomicBool::new(false));
    let ended = Arc::clone(&ends);
    let writer = std::thread::spawn(move || {
        // A table that is read early and one that is read late are always written together.
        for round in 0.. {
            if ended.load(Ordering::Relaxed) {
                break;
            }
            conn.execute_batch(&format!(
                "BEGIN IMMEDIATE; UPDATE group_day_row SET member_count = {round} WHERE day = 1;
                 INSERT OR REPLACE INTO capability_row VALUES ('round', '{round}', 1); COMMIT"
            ))
            .unwrap();
            std::thread::sleep(Duration::from_millis(1));
        }
    });
    let mut seen = std::collections::BTreeSet::new();
    for nth in 0..9 {
        let read = exported(&program, FORMATS[nth % 3], &[]);
        let cell = |table: &str, which: usize, is: &str, at: usize| {
            let mut rows = read.tables[table].iter();
            let row = rows.find(|row| row[which].as_deref() == Some(is));
            row.and_then(|row| row[at].clone())
        };
        let early = cell("group_days", 1, "1970-01-02", 2);
        assert_eq!(cell("capabilities", 0, "round", 1), early);
        seen.insert(early);
    }
    ends.store(true, Ordering::Relaxed);
    writer.join().unwrap();
    assert!(seen.len() > 1, "nobody wrote meanwhile: {seen:?}");
    daemon.signal("TERM");
    daemon.ends().exits(0);
}

#[test]
fn an_earlier_export_is_replaced_whole_and_whatever_else_stands_there_is_refused_and_left() {
    let program = backfilled(1_742);
    let export = |format: &str| program.run(&["export", "--format", format, "--out", "there"]);
    export("parquet").exits(0);
    export("csv").exits(0);
    let there = files(&program.path("there"));
    assert!(
        there.keys().all(|it| !it.contains("parquet")),
        "{:?}",
        there.keys()
    );
    assert_eq!(beside(&program), ["there"]);
    fs::write(program.path("there/mine.txt"), "mine").unwrap();
    export("csv")
        .exits(2)
        .says(&["mine.txt besides an export of gatherd's"]);
    assert_eq!(files(&program.path("there")).len(), there.len() + 1);
    for (name, text) in [
        ("photos/cat", "mine"),
        ("package/datapackage.json", "{\"resources\": []}"),
        ("broken/datapackage.json", "{"),
    ] {
        let path = program.path(name);
        fs::create_dir(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        let out = path.parent().unwrap().to_str().unwrap();
        let ran = program
            .run(&["export", "--format", "csv", "--out", out])
            .exits(2);
        ran.says(&[
            "holds something that is no export of gatherd's",
            "name another folder with --out",
        ]);
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
        assert_eq!(files(path.parent().unwrap()).len(), 1);
    }
    assert_eq!(beside(&program), ["broken", "package", "photos", "there"]);
    // Into a folder that is empty, or not there; not where its own folder is missing.
    fs::create_dir(program.path("empty")).unwrap();
    program
        .run(&["export", "--format", "csv", "--out", "empty"])
        .exits(0);
    program
        .run(&["export", "--format", "csv", "--out", "no/such"])
        .exits(1)
        .says(&["--out"]);
}

#[test]
fn it_is_for_this_accounts_eyes_alone() {
    let program = backfilled(1_743);
    exported(&program, "parquet", &[]);
    let mut folders = vec![program.path("out-parquet")];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        let mode = fs::metadata(&folder).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 30, "{seen}");
}

#[test]
fn on_a_disk_that_fills_up_it_says_so_and_leaves_what_was_there() {
    let program = backfilled(1_744);
    let Some(disk) = SmallDisk::at(program.path("disk"), "6m") else {
        return;
    };
    for format in FORMATS {
        disk.clear();
        let export = || program.run(&["export", "--format", format, "--out", "disk/out"]);
        export().exits(0);
        let before = files(&program.path("disk/out"));
        let mut failed = 0;
        for kilobytes in [0, 20, 60, 100, 200, 300] {
            disk.leave(kilobytes);
            let ran = export();
            if ran.code == 1 {
                failed += 1;
                ran.says(&["disk/out", "the disk is full", "make room"]);
            } else {
                ran.exits(0);
            }
            assert!(
                files(&program.path("disk/out")) == before,
                "{format}, {kilobytes}"
            );
            let names = fs::read_dir(program.path("disk")).unwrap().count();
            assert_eq!(
                names, 2,
                "{format}, {kilobytes}: the export and the ballast"
            );
            disk.clear();
        }
        assert!(failed >= 2, "{format}: {failed}");
        fs::remove_dir_all(program.path("disk/out")).unwrap();
    }
}

fn stopped(program: &Program, signal: &str, after: Duration) -> i32 {
    let export = program.start(&["export", "--format", "parquet", "--out", "there"]);
    std::thread::sleep(after);
    export.signal(signal);
    export.ends().code
}

#[test]
fn a_signal_leaves_the_whole_of_it_or_nothing_wherever_it_comes() {
    let program = backfilled(1_745);
    let mut codes = std::collections::BTreeSet::new();
    for millis in (0..400).step_by(20) {
        let code = stopped(&program, "TERM", Duration::from_millis(millis));
        match code {
            0 => {
                Read::of(&program.path("there"));
                fs::remove_dir_all(program.path("there")).unwrap();
            }
            // Before anybody listens, the signal ends it by itself: then it has begun nothing.
            1 | -1 => {}
            other => panic!("exited {other}"),
        }
        assert_eq!(beside(&program), [""; 0], "after {millis} ms");
        codes.insert(code);
    }
    assert!(codes.len() > 1, "{codes:?}");
}

#[test]
fn what_a_kill_left_is_nobodys_export_and_goes_with_the_next() {
    let program = backfilled(1_746);
    for millis in (0..300).step_by(30) {
        let code = stopped(&program, "KILL", Duration::from_millis(millis));
        // It may come after the export has its name: then it is whole.
        if code == 0 || program.path("there").exists() {
            Read::of(&program.path("there"));
            fs::remove_dir_all(program.path("there")).unwrap();
        }
    }
    // What lies there is taken for left once it is a minute old and nobody holds it.
    let left: Vec<String> = beside(&program);
    assert!(
        left.iter().all(|it| it.starts_with(".gatherd-export-")),
        "{left:?}"
    );
    let held = program.path(".gatherd-export-held");
    fs::create_dir(&held).unwrap();
    let long_ago = std::time::SystemTime::now() - Duration::from_secs(3_600);
    for name in beside(&program) {
        fs::File::open(program.path(&name))
            .unwrap()
            .set_modified(long_ago)
            .unwrap();
    }
    let lock = fs::File::open(&held).unwrap();
    lock.try_lock().unwrap();
    exported(&program, "csv", &[]);
    assert_eq!(beside(&program), [".gatherd-export-held", "out-csv"]);
}
