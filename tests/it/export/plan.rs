//! What is exported is what there is; and what is said to hold people is what the registry says so of.

use super::views;
use crate::docs::empty_mirror;
use gatherd::export::{Kind, tables};
use gatherd::mirror::{self, Held, KEPT_IN_TABLES};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn every_view_is_exported_with_every_column_in_its_order() {
    let (_place, conn) = empty_mirror();
    let known = mirror::views(&conn).unwrap();
    let exported: BTreeMap<String, Vec<String>> = views()
        .iter()
        .map(|table| {
            let columns = table.columns.iter().map(|it| it.name.clone());
            (table.name.to_owned(), columns.collect())
        })
        .collect();
    assert_eq!(exported, known);
    let names: BTreeSet<&str> = tables().iter().map(|it| it.name).collect();
    assert_eq!(names.len(), known.len() + 2);
}

#[test]
fn every_key_is_of_columns_and_every_column_of_a_number_or_an_instant_is_typed() {
    for table in tables() {
        for key in &table.key {
            assert!(table.columns.iter().any(|it| it.name == *key), "{key}");
        }
        for column in &table.columns {
            let is_typed = match column.name.as_str() {
                name if name.ends_with("_at") => column.kind == Kind::Instant,
                name if name.ends_with("_on") => column.kind == Kind::Date,
                name if name.starts_with("is_") => column.kind == Kind::Boolean,
                name if name.ends_with("_value") => column.kind == Kind::Double,
                name if name.ends_with("_numerator") => column.kind == Kind::Integer,
                _ => true,
            };
            assert!(is_typed, "{}.{}", table.name, column.name);
        }
    }
}

/// Which columns of tables a column of a view is made of, by the view's own text: `CAST(m.id AS TEXT) AS member_id` of
/// `... JOIN member_row m`.
fn made_of(conn: &rusqlite::Connection, view: &str) -> BTreeMap<String, BTreeSet<String>> {
    let sql: String = conn
        .query_row(
            "SELECT sql FROM sqlite_schema WHERE name = ?1",
            [view],
            |row| row.get(0),
        )
        .unwrap();
    let sql: String = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    let from = sql.rfind(" FROM ").unwrap();
    let mut tables: BTreeMap<String, String> = BTreeMap::new();
    let words: Vec<&str> = sql[from..].split([' ', ',', ';']).collect();
    for (at, word) in words.iter().enumerate() {
        if word.ends_with("_row") {
            let name = words.get(at + 1).copied().unwrap_or_default();
            tables.insert(name.to_owned(), (*word).to_owned());
            // Without a name of its own.
            tables.insert(String::new(), (*word).to_owned());
        }
    }
    let select = sql.find("SELECT ").unwrap() + "SELECT ".len();
    let (mut deep, mut columns) = (0_i32, vec![String::new()]);
    for c in sql[select..from].chars() {
        match c {
            '(' => deep += 1,
            ')' => deep -= 1,
            ',' if deep == 0 => {
                columns.push(String::new());
                continue;
            }
            _ => {}
        }
        columns.last_mut().unwrap().push(c);
    }
    let mut made = BTreeMap::new();
    for column in columns {
        let column = column.trim();
        let (what, name) = column.rsplit_once(" AS ").unwrap_or((column, column));
        let name = name.rsplit('.').next().unwrap().to_owned();
        let mut of = BTreeSet::new();
        let words = what.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '.'));
        for word in words.filter(|it| !it.is_empty()) {
            let (alias, column) = word.split_once('.').unwrap_or(("", word));
            if let Some(table) = tables.get(alias) {
                of.insert(format!("{table}.{column}"));
            }
        }
        made.insert(name, of);
    }
    made
}

#[test]
fn whatever_the_registry_says_holds_people_is_told_so_of_the_views_that_show_it() {
    let (_place, conn) = empty_mirror();
    let mut seen = BTreeSet::new();
    for table in views() {
        let made = made_of(&conn, table.name);
        for column in &table.columns {
            let of = made.get(&column.name);
            let of = of.unwrap_or_else(|| panic!("{}.{}: {made:?}", table.name, column.name));
            for place in of {
                let (kept_in, kept) = place.split_once('.').unwrap();
                let kept_in = KEPT_IN_TABLES.iter().find(|it| it.name == kept_in);
                let kept = kept_in.and_then(|it| it.personal.iter().find(|it| it.name == kept));
                let Some(kept) = kept else { continue };
                let told = format!(
                    "{}.{} shows {place}: {:?}",
                    table.name, column.name, kept.held
                );
                let is_right = match (kept.held, column.kind) {
                    (Held::Id, Kind::Person(_))
                    | (Held::Person, Kind::Person(_) | Kind::Answer(_))
                    | (_, Kind::Said(_)) => true,
                    // What a person did stays: what they are known by does not.
                    (Held::Person, kind) => kind != Kind::Id && !column.name.ends_with("id"),
                    _ => false,
                };
                assert!(is_right, "{told}");
                seen.insert(place.clone());
            }
        }
    }
    assert!(seen.len() > 25, "{seen:?}");
    // And each column that says where it is told of is told of there.
    for table in tables() {
        for column in &table.columns {
            let (Kind::Person(place) | Kind::Answer(place) | Kind::Said(place)) = column.kind
            else {
                continue;
            };
            let (kept_in, kept) = place.split_once('.').unwrap();
            let is_known = KEPT_IN_TABLES
                .iter()
                .any(|it| it.name == kept_in && it.personal.iter().any(|it| it.name == kept));
            assert!(is_known, "{}.{}: {place}", table.name, column.name);
        }
    }
}

#[test]
fn every_column_is_described() {
    let program = super::backfilled(1_701);
    let read = super::exported(&program, "jsonl", &[]);
    for resource in read.package["resources"].as_array().unwrap() {
        for field in resource["schema"]["fields"].as_array().unwrap() {
            let words = field["description"].as_str().unwrap_or_default();
            assert!(
                !words.is_empty() && !words.contains('`'),
                "{}: {field}",
                resource["name"]
            );
        }
        let words = resource["description"].as_str().unwrap();
        assert!(!words.is_empty(), "{}", resource["name"]);
    }
}
