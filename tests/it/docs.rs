//! What the documentation says is true: its queries run, its commands parse, its keys exist.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use chrono::{DateTime, Utc};
use clap::{CommandFactory, Parser};
use gatherd::cli::Cli;
use gatherd::config::{Config, Need, Overrides};
use gatherd::demo::{Switches, World};
use gatherd::mirror::{Mirror, Stamp};
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Batch, Connection};

use super::rig::Rig;

#[test]
fn every_query_for_analysts_runs() {
    let (_place, conn) = empty_mirror();
    let queries = blocks(&read("schema/README.md"), "sql");
    assert!(queries.len() >= 6, "{} queries", queries.len());
    for query in queries {
        let mut statement = conn
            .prepare(&query)
            .unwrap_or_else(|error| panic!("{error}\n{query}"));
        assert!(statement.readonly(), "{query}");
        let mut rows = statement.query([]).unwrap();
        assert!(rows.next().unwrap().is_none(), "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_query_for_analysts_finds_something_in_the_demo() {
    let rig = Rig::new(World::demo(1, 24, Utc::now()), Switches::default());
    rig.backfill().await.unwrap();
    for query in blocks(&read("schema/README.md"), "sql") {
        let rows = rig.rows(&query);
        println!("{query}{}\n", rows[..rows.len().min(5)].join("\n"));
        // Changes are what came after the first reading.
        assert!(
            !rows.is_empty() || query.contains("rsvp_changes"),
            "{query}"
        );
    }
}

#[test]
fn every_view_is_described_column_by_column() {
    let (_place, conn) = empty_mirror();
    let mut views = BTreeSet::new();
    let mut statement = conn
        .prepare(
            "SELECT v.name || '.' || c.name FROM sqlite_schema v, pragma_table_info(v.name) c
             WHERE v.type = 'view'",
        )
        .unwrap();
    let mut rows = statement.query([]).unwrap();
    while let Some(row) = rows.next().unwrap() {
        views.insert(row.get::<_, String>(0).unwrap());
    }
    let mut described = BTreeSet::new();
    let mut view = String::new();
    for line in read("schema/README.md").lines() {
        if line.starts_with('#') {
            view = spans(line).into_iter().next().unwrap_or_default();
        } else if !view.is_empty() {
            for column in first_cell(line).iter().flat_map(|cell| spans(cell)) {
                described.insert(format!("{view}.{column}"));
            }
        }
    }
    assert_same("views", &views, &described);
}

#[test]
fn the_metric_files_run_by_hand_in_the_order_told() {
    let mut told: Vec<String> = Vec::new();
    for word in spans(&read("schema/metrics/README.md")) {
        if word.ends_with(".sql") && !told.contains(&word) {
            told.push(word);
        }
    }
    let files: BTreeSet<String> = fs::read_dir(root().join("schema/metrics"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".sql"))
        .collect();
    assert_same("metric files", &files, &told.iter().cloned().collect());

    let (_place, conn) = empty_mirror();
    conn.pragma_update(None, "query_only", false).unwrap();
    for file in told {
        let text = read(&format!("schema/metrics/{file}"));
        let mut batch = Batch::new(&conn, &text);
        while let Some(mut statement) = batch.next().unwrap_or_else(|e| panic!("{file}: {e}")) {
            for name in [":as_of", ":target_share", ":events_per_year"] {
                if let Some(index) = statement.parameter_index(name).unwrap() {
                    statement.raw_bind_parameter(index, 1).unwrap();
                }
            }
            let mut rows = statement.raw_query();
            while rows.next().unwrap().is_some() {}
        }
    }
}

#[test]
fn every_command_is_told_and_every_command_told_exists() {
    let readme = read("README.md");
    let commands: BTreeSet<String> = Cli::command()
        .get_subcommands()
        .map(|command| command.get_name().to_owned())
        .collect();
    let section = section(&readme, "## Commands");
    let told: BTreeSet<String> = section
        .lines()
        .filter_map(first_cell)
        .flat_map(|cell| spans(&cell))
        .filter_map(|span| span.split(' ').next().map(str::to_owned))
        .filter(|word| word.chars().all(|c| c.is_ascii_lowercase()))
        .collect();
    assert_same("commands", &commands, &told);

    // Whatever is shown to be typed can be typed.
    let mut typed = 0;
    for block in blocks(&readme, "sh") {
        for line in block.lines() {
            let Some(at) = line.find("gatherd ").filter(|at| *at == 0) else {
                continue;
            };
            let words = line[at..].split('#').next().unwrap().split_whitespace();
            if let Err(error) = Cli::try_parse_from(words) {
                panic!("{line}\n{error}");
            }
            typed += 1;
        }
    }
    assert!(typed >= 5, "{typed} commands found");
}

#[test]
fn every_key_is_told_and_every_key_told_exists() {
    let mut keys = BTreeSet::new();
    let mut header = String::new();
    for line in read("config/gatherd.toml").lines() {
        let line = line.trim_start_matches("# ").trim();
        if let Some(name) = line.strip_prefix('[') {
            name.split(']')
                .next()
                .unwrap()
                .trim_start_matches('[')
                .clone_into(&mut header);
        } else if let Some((key, _)) = line.split_once(" = ")
            && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            // What is commented out at the top level of [meetup] stands below its header.
            keys.insert(if header.is_empty() {
                key.to_owned()
            } else {
                format!("{header}.{key}")
            });
        }
    }
    let readme = read("README.md");
    let told: BTreeSet<String> = section(&readme, "## Configuration")
        .lines()
        .filter_map(first_cell)
        .flat_map(|cell| spans(&cell))
        .filter(|span| !span.starts_with('['))
        .collect();
    assert_same("configuration keys", &keys, &told);
}

#[test]
fn the_configurations_shown_are_accepted() {
    let shown = blocks(&read("README.md"), "toml");
    assert!(!shown.is_empty());
    for text in shown {
        let place = tempfile::tempdir().unwrap();
        let file = place.path().join("gatherd.toml");
        fs::write(&file, &text).unwrap();
        for line in text.lines() {
            let Some((key, value)) = line.split_once(" = ") else {
                continue;
            };
            if key.ends_with("_file") {
                let value = value.split('"').nth(1).unwrap();
                fs::write(place.path().join(value), secret_for(key)).unwrap();
            }
        }
        let overrides = Overrides {
            config: Some(file),
            database: None,
        };
        if let Err(problems) = Config::load(&overrides, &|_| None, Need::Meetup) {
            panic!("{problems}\n{text}");
        }
    }
}

#[test]
fn every_exit_code_is_told() {
    let readme = read("README.md");
    let told: Vec<String> = section(&readme, "## Commands")
        .lines()
        .filter_map(first_cell)
        .map(|cell| cell.trim().to_owned())
        .filter(|cell| cell.parse::<u8>().is_ok())
        .collect();
    assert_eq!(told, ["0", "1", "2", "3", "4", "5", "6", "7"]);
}

#[test]
fn every_link_within_the_project_leads_somewhere() {
    for file in [
        "README.md",
        "schema/README.md",
        "schema/metrics/README.md",
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
    ] {
        let text = read(file);
        let home = root().join(file).parent().unwrap().to_owned();
        for link in text.split("](").skip(1) {
            let link = link.split([')', '#']).next().unwrap();
            if !link.is_empty() && !link.contains("://") {
                assert!(home.join(link).exists(), "{file} links to {link}");
            }
        }
    }
}

#[test]
fn one_version_of_rust_is_named_everywhere() {
    let after = |file: &str, words: &str| -> String {
        let text = read(file);
        let (_, rest) = text
            .split_once(words)
            .unwrap_or_else(|| panic!("{file} says no {words}"));
        let version = |c: &char| c.is_ascii_digit() || *c == '.';
        rest.chars().take_while(version).collect()
    };
    let named = after("rust-toolchain.toml", "channel = \"");
    assert_eq!(after("Dockerfile", "ARG RUST="), named);
    // No older one can be had where this is tested, so none is promised.
    let oldest = after("Cargo.toml", "rust-version = \"");
    assert_eq!(format!("{oldest}.0"), named);
    assert_eq!(after("README.md", "[Rust](https://rustup.rs) "), oldest);
}

#[test]
fn the_image_is_built_from_files_that_reach_its_builder() {
    let let_through: Vec<String> = read(".dockerignore")
        .lines()
        .filter_map(|line| line.strip_prefix('!').map(str::to_owned))
        .collect();
    let dockerfile = read("Dockerfile");
    let mut copied = Vec::new();
    for line in dockerfile.lines() {
        let Some(words) = line.strip_prefix("COPY ") else {
            continue;
        };
        let words: Vec<&str> = words.split(' ').collect();
        if words[0].starts_with("--from") {
            continue;
        }
        for source in &words[..words.len() - 1] {
            assert!(root().join(source).exists(), "{source} is copied");
            assert!(let_through.iter().any(|it| it == source), "{source}");
            copied.push((*source).to_owned());
        }
    }
    // Cargo refuses a manifest that names a file which is not there.
    let named = [
        ("[[bench]]", "benches"),
        ("[[example]]", "examples"),
        ("[[test]]", "tests"),
    ];
    for (section, folder) in named {
        if read("Cargo.toml").contains(section) {
            assert!(
                copied.iter().any(|it| it == folder),
                "{folder} is not copied"
            );
        }
    }
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// A connection that only reads, on a mirror that holds nothing yet.
fn empty_mirror() -> (tempfile::TempDir, Connection) {
    let place = tempfile::tempdir().unwrap();
    let stamp = Stamp {
        is_demo: true,
        endpoint: "http://127.0.0.1:1/".to_owned(),
    };
    let file = place.path().join("gatherd.db");
    drop(Mirror::open(&file, &stamp, DateTime::UNIX_EPOCH).unwrap());
    let conn = Connection::open(&file).unwrap();
    conn.pragma_update(None, "query_only", true).unwrap();
    (place, conn)
}

/// The fenced blocks of one language.
fn blocks(text: &str, language: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut within: Option<(bool, String)> = None;
    for line in text.lines() {
        let Some(rest) = line.trim_start().strip_prefix("```") else {
            if let Some((_, block)) = &mut within {
                block.push_str(line);
                block.push('\n');
            }
            continue;
        };
        match within.take() {
            None => within = Some((rest.trim() == language, String::new())),
            Some((true, block)) => found.push(block),
            Some((false, _)) => {}
        }
    }
    found
}

/// From a heading to the next of its rank.
fn section<'a>(text: &'a str, heading: &str) -> &'a str {
    let from = text
        .find(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("no {heading}"));
    let rest = &text[from + 1..];
    &rest[..rest.find("\n## ").unwrap_or(rest.len())]
}

/// The first cell of a table's row.
fn first_cell(line: &str) -> Option<String> {
    line.strip_prefix('|')?.split('|').next().map(str::to_owned)
}

/// What stands between backticks.
fn spans(text: &str) -> Vec<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

fn secret_for(key: &str) -> &'static str {
    match key {
        "private_key_file" => "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n",
        "url_file" => "https://hooks.example.com/services/T0/B0/x\n",
        "secret_file" => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
        _ => "a-secret\n",
    }
}

fn assert_same(what: &str, are: &BTreeSet<String>, told: &BTreeSet<String>) {
    let untold: Vec<_> = are.difference(told).collect();
    let invented: Vec<_> = told.difference(are).collect();
    assert!(
        untold.is_empty() && invented.is_empty(),
        "{what}: not told: {untold:?}; told but not there: {invented:?}"
    );
}
