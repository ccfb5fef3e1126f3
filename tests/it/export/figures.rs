//! `group_metrics` and `group_months` are the report's own figures.

use super::{backfilled, exported};
use crate::privacy::Scene;
use crate::program::Program;
use serde_json::Value;
use std::collections::BTreeMap;

/// The scalars of a document by their paths; lists as they are.
fn flat(value: &Value, path: &str, found: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(fields) => {
            for (key, below) in fields {
                let joined = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}_{key}")
                };
                flat(below, &joined, found);
            }
        }
        other => {
            found.insert(path.to_owned(), other.clone());
        }
    }
}

fn report(program: &Program, as_of: &str) -> Value {
    let out = program
        .run(&["report", "--format", "json", "--as-of", as_of])
        .exits(0)
        .out;
    serde_json::from_str(&out).unwrap()
}

#[test]
fn every_key_of_every_group_of_the_report_is_a_column_with_its_value() {
    let scene = Scene::new(1_731);
    scene.configure(
        "[staff]\nmember_ids = [\"1\"]\n[policy]\nevents_per_year = 4\nmin_leaders = 2\n",
    );
    scene.fill();
    let read = exported(&scene.program, "jsonl", &[]);
    let as_of = read.package["created"].as_str().unwrap();
    let report = report(&scene.program, as_of);
    let path = scene.program.path("out-jsonl/group_metrics.jsonl");
    let text = std::fs::read_to_string(path).unwrap();
    let rows: Vec<Value> = text
        .lines()
        .map(|it| serde_json::from_str(it).unwrap())
        .collect();
    let groups = report["groups"].as_array().unwrap();
    assert_eq!(rows.len(), groups.len());
    let mut keys = 0;
    for group in groups {
        let row = rows.iter().find(|it| it["id"] == group["id"]).unwrap();
        let mut figures = BTreeMap::new();
        flat(group, "", &mut figures);
        // Told by group_months, and more of them.
        figures.remove("months").unwrap();
        for (name, figure) in figures {
            // A whole that is not there: each of its parts is null.
            let Some(found) = row.get(&name) else {
                assert_eq!(figure, Value::Null, "{name} is no column");
                let prefix = format!("{name}_");
                let parts = row
                    .as_object()
                    .unwrap()
                    .iter()
                    .filter(|(it, _)| it.starts_with(&prefix));
                let parts: Vec<_> = parts.collect();
                assert!(
                    !parts.is_empty() && parts.iter().all(|(_, it)| it.is_null()),
                    "{name}"
                );
                continue;
            };
            keys += 1;
            match &figure {
                Value::Array(_) => {
                    assert_eq!(found.as_str().unwrap(), figure.to_string(), "{name}");
                }
                Value::Number(number) => assert_eq!(found.as_f64(), number.as_f64(), "{name}"),
                other => assert_eq!(found, other, "{name}"),
            }
        }
    }
    assert!(keys > 80 * groups.len() / 2, "{keys}");
}

#[test]
fn months_add_up_to_what_the_report_counts_and_people_to_a_plain_recount() {
    let program = backfilled(1_732);
    let read = exported(&program, "csv", &[]);
    let as_of = read.package["created"].as_str().unwrap().to_owned();
    let report = report(&program, &as_of);
    let rows = &read.tables["group_months"];
    let find = |group: &str, month: &str| {
        rows.iter().find(|row| {
            row[0].as_deref() == Some(group) && row[1].as_deref() == Some(&format!("{month}-01"))
        })
    };
    let mut met = 0;
    for group in report["groups"].as_array().unwrap() {
        for month in group["months"].as_array().unwrap() {
            let row = find(
                group["id"].as_str().unwrap(),
                month["month"].as_str().unwrap(),
            );
            let count = |at: usize| row.map_or("0", |row| row[at].as_deref().unwrap());
            assert_eq!(count(2), month["events"].to_string());
            assert_eq!(count(3), month["yes"].to_string());
            met += usize::from(row.is_some());
        }
    }
    assert!(met > 5, "{met}");
    // Of answers that nobody gave twice and nobody took back.
    let people = program.rows(&format!(
        "SELECT e.group_id || ' ' || substr(e.starts_local, 1, 7) || '-01 ' || count(DISTINCT r.member_id)
         FROM events e LEFT JOIN rsvps r ON r.event_token = e.token AND r.status IN ('YES', 'ATTENDED') AND r.gone_at IS NULL
         WHERE e.status IN ('PAST', 'ACTIVE') AND e.gone_at IS NULL AND e.ends_at <= '{as_of}'
         GROUP BY e.group_id, substr(e.starts_local, 1, 7) ORDER BY 1"
    ));
    let mut told: Vec<String> = rows
        .iter()
        .map(|row| {
            let cell = |at: usize| row[at].clone().unwrap();
            format!("{} {} {}", cell(0), cell(1), cell(5))
        })
        .collect();
    told.sort();
    let mut people = people;
    people.sort();
    assert_eq!(told, people);
}
