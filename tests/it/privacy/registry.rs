//! What is said to be kept is what the schema can hold.

use crate::docs::empty_mirror;
use crate::program::Program;
use gatherd::mirror::{Held, KEPT_ELSEWHERE, KEPT_IN_TABLES};
use std::collections::BTreeSet;

#[test]
fn every_column_is_said_to_hold_people_or_not_to() {
    let (_place, conn) = empty_mirror();
    let mut statement = conn
        .prepare(
            "SELECT t.name || '.' || c.name FROM sqlite_schema t, pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%'",
        )
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    let columns: BTreeSet<String> = rows.map(Result::unwrap).collect();
    let mut told = BTreeSet::new();
    for table in KEPT_IN_TABLES {
        let personal = table.personal.iter().map(|it| it.name);
        for column in personal.chain(table.others.split_whitespace()) {
            assert!(
                told.insert(format!("{}.{column}", table.name)),
                "{column} twice"
            );
        }
    }
    let untold: Vec<_> = columns.difference(&told).collect();
    let invented: Vec<_> = told.difference(&columns).collect();
    assert!(
        untold.is_empty() && invented.is_empty(),
        "not told: {untold:?}; not there: {invented:?}"
    );
}

#[test]
fn every_column_that_refers_to_a_person_is_among_them() {
    let (_place, conn) = empty_mirror();
    let mut statement = conn
        .prepare(
            "SELECT t.name || '.' || f.\"from\" FROM sqlite_schema t, pragma_foreign_key_list(t.name) f
             WHERE t.type = 'table' AND f.\"table\" = 'member_row'",
        )
        .unwrap();
    let rows = statement.query_map([], |row| row.get(0)).unwrap();
    let mut refers: BTreeSet<String> = rows.map(Result::unwrap).collect();
    assert!(refers.len() > 6, "{refers:?}");
    for table in KEPT_IN_TABLES {
        for column in table.personal.iter().filter(|it| it.held == Held::Person) {
            refers.remove(&format!("{}.{}", table.name, column.name));
        }
    }
    assert_eq!(refers, BTreeSet::new());
}

/// The rows of the table as they are to stand in the page.
fn rows() -> Vec<String> {
    let columns = KEPT_IN_TABLES.iter().flat_map(|table| {
        let columns = table.personal.iter();
        columns.map(|it| {
            format!(
                "| `{}.{}` | {} | {} | {} |",
                table.name, it.name, it.what, it.why, it.until
            )
        })
    });
    let others = KEPT_ELSEWHERE.iter();
    let others =
        others.map(|it| format!("| {} | {} | {} | {} |", it.place, it.what, it.why, it.until));
    columns.chain(others).collect()
}

#[test]
fn the_page_for_data_protection_tells_just_what_is_kept() {
    let page = include_str!("../../../docs/privacy.md");
    let told: Vec<&str> = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| where"))
        .collect();
    assert_eq!(
        told,
        rows(),
        "docs/privacy.md is to hold:\n{}",
        rows().join("\n")
    );
}

#[test]
fn the_doctor_prints_it_without_a_database_too() {
    let program = Program::small(1541);
    let told = |args: &[&str]| program.run(args).exits(0).out;
    for _ in 0..2 {
        let text = told(&["doctor", "--privacy"]);
        let json: serde_json::Value =
            serde_json::from_str(&told(&["doctor", "--privacy", "--json"])).unwrap();
        for table in KEPT_IN_TABLES {
            for column in table.personal {
                let place = format!("{}.{}", table.name, column.name);
                assert!(text.contains(&place), "{text}");
                assert!(
                    json["kept"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .any(|it| it["place"] == place.as_str())
                );
            }
        }
        assert!(text.contains("Names are kept."), "{text}");
        program.run(&["backfill"]).exits(0);
    }
    let json: serde_json::Value =
        serde_json::from_str(&told(&["doctor", "--privacy", "--json"])).unwrap();
    assert_eq!(
        json["known"].to_string(),
        program.rows("SELECT count(*) FROM members")[0]
    );
    assert_eq!(json["forgotten"], 0);
}
