//! Nothing reads or writes the mirror but through `app`: a command parses, calls `app` and prints, and the daemon
//! adds only time.
//!
//! **How it is held.** What `app` gives out is a `Database`, whose closures, in which alone a `Mirror` can be
//! had, may be written in `app` only: the compiler sees to that. What is left is a mirror opened past it, or a
//! function of the mirror's room called on a connection of one's own: so commands and daemon name neither, and
//! of the mirror's room nothing but its types of plain data and its lock of passes.

use super::{Source, first_names, room_of, sources};
use std::fmt::Write as _;

/// The rooms outside of `app` that have a `Database`.
const OUTSIDE: &[&str] = &["commands", "daemon", "web"];
/// With one of these a mirror is read or written.
const OPEN_IT: &[&str] = &["Mirror", "Writing", "rusqlite"];

/// What a file names by which the mirror is read or written, with the lines.
fn reached(file: &Source) -> Vec<(usize, String)> {
    let code = file.code();
    let line = |at: usize| code[..at].matches('\n').count() + 1;
    let mut found = Vec::new();
    for (at, door) in code.match_indices("mirror::") {
        for name in first_names(&code[at + door.len()..]) {
            let is_function = name.starts_with(char::is_lowercase) && name != "self";
            if is_function || name == "*" || OPEN_IT.contains(&name.as_str()) {
                found.push((line(at), format!("mirror::{name}")));
            }
        }
        if code[at + door.len()..].starts_with('*') {
            found.push((line(at), "mirror::*".to_owned()));
        }
    }
    for name in OPEN_IT {
        for (at, _) in code.match_indices(name) {
            let is_within = |c: char| c.is_alphanumeric() || c == '_';
            let ends = code[at + name.len()..].starts_with(is_within);
            if !ends && !code[..at].ends_with(is_within) {
                found.push((line(at), (*name).to_owned()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn commands_and_the_daemon_reach_the_mirror_through_app_alone() {
    let mut told = String::new();
    for file in sources() {
        if !OUTSIDE.contains(&room_of(&file.path).as_str()) {
            continue;
        }
        for (line, name) in reached(&file) {
            let _ = writeln!(
                told,
                "{}:{line}: {name} reads or writes the mirror, which is for app to do",
                file.name()
            );
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn a_database_lets_nobody_but_app_into_the_mirror() {
    let all = sources();
    let file = all.iter().find(|it| it.path.ends_with("app/database.rs"));
    let code = file.unwrap().code();
    let given: Vec<&str> = code
        .split("fn ")
        .skip(1)
        .zip(code.split("fn "))
        .filter(|(_, before)| {
            before
                .trim_end_matches("async ")
                .trim_end()
                .ends_with("pub(crate)")
        })
        .map(|(of, _)| of.split('{').next().unwrap())
        .collect();
    assert!(!given.is_empty(), "no function was found");
    for signature in given {
        let lets_in = signature.contains("FnOnce") || signature.contains("-> &Mirror");
        assert!(!lets_in, "{signature} gives the mirror to whoever asks");
    }
    assert!(
        code.contains("struct Database(Mirror)"),
        "its mirror is its own"
    );
}

#[test]
fn every_way_past_app_is_seen() {
    let seen = |text: &str| {
        let file = Source {
            path: "commands/some.rs".into(),
            text: text.to_owned(),
        };
        !reached(&file).is_empty()
    };
    for past in [
        "let known = database.read(mirror::roster).await?;",
        "use crate::{config::Config, mirror::{Pass, contacts}};",
        "use crate::mirror::Mirror;",
        "use crate::mirror::*;",
        "fn a(w: &Writing<'_>) {}",
        "rusqlite::Connection::open(path)",
    ] {
        assert!(seen(past), "{past}");
    }
    for through in [
        "use crate::{mirror::{self, Pass, PassOutcome}, app::opening};",
        "let database = opening::mirror(&config).await?;",
        "fn a(which: mirror::Which) -> Result<(), MirrorError> {",
        "//! mirror::roster\nuse crate::app;",
    ] {
        assert!(!seen(through), "{through}");
    }
}
