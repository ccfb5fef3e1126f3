//! `[privacy] names = false`.

use super::{NAME, Scene, found_in};
use crate::program::{port, until};
use serde_json::Value;
use std::io::{Read as _, Write as _};

const WITHOUT: &str = "[privacy]\nnames = false\n";

fn report(scene: &Scene) -> Value {
    let today = chrono::Utc::now().date_naive().to_string();
    let asked = ["report", "--format", "json", "--as-of", &today];
    let out = scene.program.run(&asked).exits(0).out;
    let mut report: Value = serde_json::from_str(&out).unwrap();
    // When it was made, and after which pass.
    report["generated_at"].take();
    report["freshness"].take();
    for group in report["groups"].as_array_mut().unwrap() {
        group["read_at"].take();
    }
    report
}

/// A report without what persons are called.
fn without_names(mut report: Value) -> Value {
    for group in report["groups"].as_array_mut().unwrap() {
        for list in ["leaders", "away", "active_hosts"] {
            for person in group[list].as_array_mut().into_iter().flatten() {
                person["name"].take();
            }
        }
        if let Some(sole) = group["organizers"].get_mut("sole_host_name") {
            sole.take();
        }
    }
    report
}

#[test]
fn where_no_names_are_kept_none_is_stored_and_no_figure_changes() {
    let scene = Scene::new(1521);
    scene.fill();
    let before = report(&scene);
    let names: Vec<String> = scene
        .program
        .rows("SELECT name FROM members WHERE name LIKE '% %' LIMIT 50");
    scene.configure(WITHOUT);
    scene.program.run(&["sync"]).exits(0);
    assert_eq!(scene.program.rows("SELECT count(name) FROM members"), ["0"]);
    assert_eq!(without_names(report(&scene)), without_names(before));
    // What people wrote down themselves is theirs.
    scene.program.run(&["notes", "--remove", "n1"]).exits(0);
    scene.program.run(&["notes", "--remove", "n2"]).exits(0);
    scene
        .program
        .run(&["owner", "sized-group-0001", "--off"])
        .exits(0);
    let imported = format!("what {NAME} paid");
    scene.program.run(&["import", "undo", &imported]).exits(0);
    scene.program.run(&["sync", "--sweep"]).exits(0);
    let all: Vec<&str> = names.iter().map(String::as_str).chain([NAME]).collect();
    let found = found_in(scene.program.dir.path(), &all);
    assert_eq!(found, Vec::<String>::new());

    for shown in [
        &["report"][..],
        &["digest", "--all"],
        &["letter", "sized-group-0000"],
        &["report", "--group", "sized-group-0000"],
    ] {
        let said = scene.program.run(shown).exits(0).said();
        assert!(all.iter().all(|name| !said.contains(name)), "{said}");
    }
    scene
        .program
        .run(&["report", "--names"])
        .exits(2)
        .says(&["none are kept ([privacy] names = false)"]);
    // And they come with the next answers where they are kept again.
    scene.configure("");
    scene.program.run(&["sync", "--sweep"]).exits(0);
    assert_ne!(scene.program.rows("SELECT count(name) FROM members"), ["0"]);
}

#[test]
fn a_new_database_never_holds_a_name_and_its_site_has_no_page_of_persons() {
    let mut scene = Scene::new(1522);
    scene.configure(WITHOUT);
    let listen = format!("127.0.0.1:{}", port());
    scene
        .program
        .env
        .retain(|(name, _)| name != "GATHERD_HTTP_LISTEN");
    scene
        .program
        .env
        .push(("GATHERD_HTTP_LISTEN".into(), listen.clone()));
    scene.program.run(&["backfill"]).exits(0);
    assert_eq!(
        found_in(scene.program.dir.path(), &[NAME]),
        Vec::<String>::new()
    );
    let daemon = scene.program.start(&["run"]);
    let seen = |path: &str| {
        let mut stream = std::net::TcpStream::connect(&listen).ok()?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nhost: {listen}\r\nconnection: close\r\n\r\n"
        )
        .ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Some(answer)
    };
    until("the pages are there", || {
        seen("/groups").is_some_and(|it| it.contains("sized-group-0001"))
    });
    assert!(seen("/people").unwrap().starts_with("HTTP/1.1 404"));
    let page = seen("/groups").unwrap();
    assert!(!page.contains("href=\"/people\""), "{page}");
    daemon.signal("TERM");
    daemon.ends().exits(0);
    assert_eq!(
        found_in(scene.program.dir.path(), &[NAME]),
        Vec::<String>::new()
    );
}
