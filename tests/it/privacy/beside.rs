//! Beside a running daemon, and killed in the middle.

use super::Scene;
use crate::program::until;
use gatherd::community::MemberId;

#[test]
fn beside_a_daemon_they_are_erased_at_once_and_the_bytes_follow_with_its_next_pass() {
    let scene = Scene::new(1511);
    scene.fill();
    let daemon = scene.program.start(&["run"]);
    daemon.logs("pass ended");
    scene
        .program
        .run(&["forget", &scene.id])
        .exits(0)
        .says(&["that runs passes when its pass ends"]);
    let known = format!("SELECT count(*) FROM members WHERE id = '{}'", scene.id);
    assert_eq!(scene.program.rows(&known), ["0"]);
    until("the daemon wrote the database anew", || {
        scene.found().is_empty()
    });
    // It goes on by the same file, and so do others.
    scene
        .program
        .run(&["note", "sized-group-0000", "on"])
        .exits(0);
    let passes = || {
        scene
            .program
            .rows("SELECT count(*) FROM passes WHERE finished_at IS NOT NULL")
    };
    let so_far = passes();
    until("another pass ended", || passes() != so_far);
    daemon.signal("TERM");
    let ended = daemon.ends().exits(0);
    assert!(!ended.said().contains("overwritten"), "{}", ended.said());
    assert_eq!(scene.found(), Vec::<String>::new());
    assert_eq!(scene.program.integrity(), "ok");
}

#[test]
fn killed_after_the_erasure_and_before_the_cleaning_the_next_pass_finishes_it() {
    let scene = Scene::new(1512);
    scene.fill();
    {
        let mirror = scene.program.mirror();
        let id = MemberId(scene.id.clone());
        mirror.forget(&[id], chrono::Utc::now()).unwrap();
        // Here it ends: neither the file beside the sign-in nor the bytes of the database were written.
    }
    assert!(!scene.program.path("gatherd.db.state/forgotten").exists());
    scene.program.run(&["sync"]).exits(0);
    assert_eq!(scene.found(), Vec::<String>::new());
    assert!(scene.program.path("gatherd.db.state/forgotten").exists());
}

#[test]
fn a_mirror_that_is_open_takes_a_file_that_was_written_anew_for_its_own() {
    let scene = Scene::new(1513);
    scene.fill();
    let open = scene.program.mirror();
    scene.program.run(&["forget", &scene.id]).exits(0);
    open.check_file().unwrap();
    open.write(chrono::Utc::now(), |w| w.served("x", chrono::Utc::now()))
        .unwrap();
    open.check_file().unwrap();
    drop(open);
    assert_eq!(scene.program.integrity(), "ok");
}

#[test]
fn wherever_a_cleaning_is_killed_the_file_opens_and_holds_all() {
    let scene = Scene::new(1514);
    scene.fill();
    let counts = scene.counts();
    {
        let mirror = scene.program.mirror();
        mirror
            .forget(&[MemberId(scene.id.clone())], chrono::Utc::now())
            .unwrap();
    }
    // The log of a VACUUM that nobody moved into the file, as a kill leaves it.
    let path = scene.program.path("gatherd.db");
    let (copy, log) = (
        scene.program.path("copy.toml"),
        scene.program.path("log.toml"),
    );
    {
        let conn = rusqlite::Connection::open(&path).unwrap();
        conn.execute_batch("PRAGMA wal_autocheckpoint = 0; VACUUM")
            .unwrap();
        std::fs::copy(&path, &copy).unwrap();
        std::fs::copy(scene.program.path("gatherd.db-wal"), &log).unwrap();
    }
    std::fs::copy(&copy, &path).unwrap();
    std::fs::copy(&log, scene.program.path("gatherd.db-wal")).unwrap();
    let _ = std::fs::remove_file(scene.program.path("gatherd.db-shm"));
    scene.program.run(&["sync"]).exits(0);
    assert_eq!(scene.counts(), counts);
    assert_eq!(scene.found(), Vec::<String>::new());
    assert_eq!(scene.program.integrity(), "ok");
}
