//! What is said of the database: its queries run, its views are described, its metric files run by hand.

use super::{assert_same, blocks, first_cell, read, root, spans};
use crate::rig::Rig;
use chrono::{DateTime, Utc};
use gatherd::demo::{Switches, World};
use gatherd::mirror::{Mirror, Stamp};
use rusqlite::fallible_iterator::FallibleIterator as _;
use rusqlite::{Batch, Connection};
use std::collections::BTreeSet;
use std::fs;

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
fn datasette_shows_the_same_questions_and_hides_what_is_behind_the_views() {
    let config = read("config/datasette.yml");
    let queries = blocks(&read("schema/README.md"), "sql");
    assert!(queries.len() >= 10, "{} queries", queries.len());
    assert_eq!(config.matches("sql: |-\n").count(), queries.len());
    for query in queries {
        let lines = query.trim_end().lines();
        let within: String = lines.map(|line| format!("          {line}\n")).collect();
        let is_there = config.contains(&format!("        sql: |-\n{within}"));
        assert!(
            is_there,
            "config/datasette.yml lacks, or has otherwise:\n{query}"
        );
    }
    let (_place, conn) = empty_mirror();
    let mut statement = conn
        .prepare(
            "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_stat%'",
        )
        .unwrap();
    let tables = statement.query_map([], |row| row.get::<_, String>(0));
    let tables: BTreeSet<String> = tables.unwrap().map(Result::unwrap).collect();
    let hidden = config.split_once("\n    tables:\n").unwrap().1;
    let hidden = hidden.replace(":\n        hidden: true\n", "\n");
    let hidden: BTreeSet<String> = hidden.lines().map(|it| it.trim().to_owned()).collect();
    assert_same("tables", &tables, &hidden);
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
            for name in [
                ":as_of",
                ":since",
                ":target_share",
                ":events_per_year",
                ":week_before",
                ":today",
                ":week_after",
            ] {
                if let Some(index) = statement.parameter_index(name).unwrap() {
                    statement.raw_bind_parameter(index, 1).unwrap();
                }
            }
            let mut rows = statement.raw_query();
            while rows.next().unwrap().is_some() {}
        }
    }
}

/// A connection that only reads, on a mirror that holds nothing yet.
pub fn empty_mirror() -> (tempfile::TempDir, Connection) {
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
