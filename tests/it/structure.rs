//! The rooms of `src/` and what may pass between them, read from the source itself.
//!
//! A room is a file or a folder directly under `src/`. What it may use is the table below; a room
//! that is not in the table fails too, so that adding one is a decision.

mod circles;
mod doors;
mod prose;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// What a room may use of the crate besides itself.
pub enum Uses {
    Only(&'static [&'static str]),
    Everything,
}
use Uses::{Everything, Only};

pub const ROOMS: &[(&str, Uses)] = &[
    ("community", Only(&[])),
    ("config", Only(&["community"])),
    // The one place that makes HTTP clients.
    ("client", Only(&["config"])),
    ("telemetry", Only(&["community"])),
    ("off_thread", Only(&[])),
    (
        "meetup",
        Only(&["client", "community", "config", "off_thread"]),
    ),
    ("mirror", Only(&["community"])),
    (
        "sync",
        Only(&["community", "config", "meetup", "mirror", "off_thread"]),
    ),
    ("metrics", Only(&["community", "mirror"])),
    ("chart", Only(&["community"])),
    ("report", Only(&["community", "metrics", "chart"])),
    (
        "deliver",
        Only(&[
            "chart",
            "client",
            "community",
            "config",
            "report",
            "mirror",
            "off_thread",
        ]),
    ),
    ("schedule", Only(&["config"])),
    ("demo", Only(&["community"])),
    (
        "export",
        Only(&["community", "config", "mirror", "metrics"]),
    ),
    ("import", Only(&["community"])),
    // The way in: it turns what was typed into the settings of the rooms.
    ("cli", Only(&["community", "config", "telemetry"])),
    (
        "app",
        Only(&[
            "client",
            "community",
            "config",
            "meetup",
            "mirror",
            "sync",
            "metrics",
            "report",
            "deliver",
            "schedule",
            "export",
            "import",
            "off_thread",
        ]),
    ),
    ("web", Everything),
    ("daemon", Everything),
    ("commands", Everything),
    ("lib", Everything),
    ("main", Everything),
];

/// Words of the world outside that stay in the rooms named beside them.
const KEPT_IN: &[(&str, &[&str], &str)] = &[
    (
        "rusqlite",
        &["mirror", "metrics"],
        "SQLite is spoken in mirror and metrics only",
    ),
    (
        "reqwest::Client",
        &["client"],
        "one place makes HTTP clients, so that all are bounded alike",
    ),
    (
        "graphql_client",
        &["meetup"],
        "GraphQL types never leave meetup",
    ),
    (
        "operations::",
        &["meetup"],
        "GraphQL types never leave meetup",
    ),
    ("indicatif", &["commands"], "bars are drawn by commands"),
    (
        "anyhow",
        &["commands", "app", "daemon", "web", "main"],
        "errors of the rooms are typed",
    ),
];

/// Rooms that block and therefore know no runtime.
const WITHOUT_TOKIO: &[&str] = &[
    "community",
    "mirror",
    "metrics",
    "chart",
    "report",
    "export",
];

/// How SQL begins, as it would stand in a text.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "INSERT OR ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE VIEW ",
    "CREATE TEMP",
    "ALTER TABLE ",
    "PRAGMA ",
    "BEGIN IMMEDIATE",
];

const MOST_LINES: usize = 500;

#[test]
fn every_room_uses_only_what_the_table_allows() {
    let mut told = String::new();
    for file in sources() {
        let room = room_of(&file.path);
        let Some((_, uses)) = ROOMS.iter().find(|(name, _)| *name == room) else {
            let _ = writeln!(told, "{}: {room} is no room of the table", file.name());
            continue;
        };
        let Only(allowed) = uses else { continue };
        for (line, used) in used_rooms(&file) {
            if used != room && !allowed.contains(&used.as_str()) {
                let _ = writeln!(
                    told,
                    "{}:{line}: {room} must not use {used}; it may use: {}",
                    file.name(),
                    if allowed.is_empty() {
                        "nothing".to_owned()
                    } else {
                        allowed.join(", ")
                    }
                );
            }
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn no_file_is_longer_than_one_can_read() {
    let long: Vec<String> = sources()
        .iter()
        .map(|file| (file.name(), file.text.lines().count()))
        .filter(|(_, lines)| *lines > MOST_LINES)
        .map(|(name, lines)| format!("{name}: {lines} lines, {MOST_LINES} at most"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn rooms_that_block_know_no_runtime() {
    let mut told = String::new();
    for file in sources() {
        if WITHOUT_TOKIO.contains(&room_of(&file.path).as_str()) {
            for (line, _) in lines_with(&file, "tokio") {
                let _ = writeln!(
                    told,
                    "{}:{line}: tokio has no place in this room",
                    file.name()
                );
            }
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn the_languages_of_the_outside_stay_in_their_rooms() {
    let mut told = String::new();
    for file in sources() {
        let room = room_of(&file.path);
        for (word, rooms, rule) in KEPT_IN {
            if rooms.contains(&room.as_str()) {
                continue;
            }
            for (line, text) in lines_with(&file, word) {
                // Who hands a reader's connection on must name its type, and nothing else.
                if text.replace("rusqlite::Connection", "").contains(word) {
                    let _ = writeln!(told, "{}:{line}: names {word}, but {rule}", file.name());
                }
            }
        }
        if ["mirror", "metrics"].contains(&room.as_str()) {
            continue;
        }
        for begins in SQL {
            for (line, _) in lines_with(&file, begins) {
                let _ = writeln!(
                    told,
                    "{}:{line}: looks like SQL ({}), which stays in mirror, metrics and schema/",
                    file.name(),
                    begins.trim()
                );
            }
        }
    }
    assert!(told.is_empty(), "{told}");
}

#[test]
fn no_file_is_called_after_nothing() {
    let vague: Vec<String> = sources()
        .iter()
        .map(Source::name)
        .filter(|name| {
            ["util", "misc", "helper", "manager", "handler"]
                .iter()
                .any(|word| name.contains(word))
        })
        .collect();
    assert!(vague.is_empty(), "{}", vague.join("\n"));
}

#[test]
fn every_way_to_write_a_use_is_read() {
    let file = Source {
        path: PathBuf::from("report/text/block.rs"),
        text: "\
//! Not a use: crate::nothing.
use super::super::super::deliver::Letter;
use super::Style;
use crate::{
    config::{self, Config},
    meetup, // a remark with crate::nothing
    mirror::{Mirror, walks::{Walk, Other}},
};
pub(in crate::report) fn a() { let url = \"https://example.org\"; crate::sync::run(); }
"
        .to_owned(),
    };
    let used: Vec<(usize, String)> = used_rooms(&file);
    let names: Vec<&str> = used.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(
        names,
        ["deliver", "config", "meetup", "mirror", "report", "sync"]
    );
    assert_eq!(used[1].0, 4, "a group is told with its first line");
}

/// A file of `src/`, its path relative to there.
struct Source {
    path: PathBuf,
    text: String,
}

impl Source {
    fn name(&self) -> String {
        format!("src/{}", self.path.display())
    }

    /// The text without its remarks; lines keep their numbers.
    fn code(&self) -> String {
        let mut code = String::new();
        for line in self.text.lines() {
            let ends = line
                .match_indices("//")
                .find(|(at, _)| !line[..*at].ends_with(':'))
                .map_or(line.len(), |(at, _)| at);
            code.push_str(&line[..ends]);
            code.push('\n');
        }
        code
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "rs") {
                found.push(Source {
                    text: fs::read_to_string(&path).unwrap(),
                    path: path.strip_prefix(&root).unwrap().to_owned(),
                });
            }
        }
    }
    assert!(found.len() > 50, "the sources were not found");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

/// `sync/pass.rs` and `sync.rs` both belong to `sync`.
fn room_of(path: &Path) -> String {
    let first = path.iter().next().unwrap().to_str().unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// The rooms a file names, each with the line of its mention.
fn used_rooms(file: &Source) -> Vec<(usize, String)> {
    let code = file.code();
    let mut used = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let is_word = code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
        if !is_word {
            for name in first_names(&code[at + "crate::".len()..]) {
                used.push((at, name));
            }
        }
    }
    // `super` once per module up to the crate's root names a room just as well. In an inline
    // module, which is indented, it climbs one less.
    let climb = "super::".repeat(depth(&file.path));
    for begins in ["use ", "pub use ", "pub(crate) use "] {
        if climb.is_empty() {
            break;
        }
        let written = format!("\n{begins}{climb}");
        for (at, _) in code.match_indices(&written) {
            for name in first_names(&code[at + written.len()..]) {
                used.push((at + 1, name));
            }
        }
    }
    used.sort();
    used.into_iter()
        .map(|(at, name)| (code[..at].matches('\n').count() + 1, name))
        .collect()
}

/// How many modules deep the file's module lies.
fn depth(path: &Path) -> usize {
    let folders = path.iter().count();
    if path.ends_with("mod.rs") || path.ends_with("lib.rs") {
        folders - 1
    } else {
        folders
    }
}

/// The first names of a path, or of each path in braces.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let Some(group) = rest.strip_prefix('{') else {
        return vec![name(rest)];
    };
    let mut names = Vec::new();
    let (mut deep, mut begins) = (0_i32, 0);
    for (at, c) in group.char_indices() {
        match c {
            '{' => deep += 1,
            '}' | ',' if deep == 0 => {
                names.push(name(&group[begins..at]));
                begins = at + 1;
                if c == '}' {
                    break;
                }
            }
            '}' => deep -= 1,
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// The lines of code in which the word stands.
fn lines_with(file: &Source, word: &str) -> Vec<(usize, String)> {
    file.code()
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains(word))
        .map(|(number, line)| (number + 1, line.to_owned()))
        .collect()
}
