//! `gatherd export`: the same rows as the views in each format, typed, harmless, whole or not there, and without people
//! where that is asked.

mod beside;
mod figures;
mod people;
mod plan;
mod same;

use crate::program::Program;
use chrono::{DateTime, NaiveDate, TimeDelta};
use gatherd::export::{Kind, PACKAGE, Table, tables};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;
use serde_json::{Value, value::RawValue};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::Path;

pub const FORMATS: [&str; 3] = ["csv", "jsonl", "parquet"];

/// Rows of a table; none: null.
pub type Rows = Vec<Vec<Option<String>>>;

/// Every file in a folder, by its path in it.
pub fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(within) = folders.pop() {
        for entry in fs::read_dir(&within).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap();
                found.insert(name.display().to_string(), fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// What is in an export: the document, and each table's rows as it tells where they are.
pub struct Read {
    pub package: Value,
    pub tables: BTreeMap<String, Rows>,
}

impl Read {
    pub fn of(folder: &Path) -> Self {
        let package: Value =
            serde_json::from_slice(&fs::read(folder.join(PACKAGE)).unwrap()).unwrap();
        let mut read = BTreeMap::new();
        for resource in package["resources"].as_array().unwrap() {
            let name = resource["name"].as_str().unwrap();
            let fields = resource["schema"]["fields"].as_array().unwrap();
            let names: Vec<&str> = fields
                .iter()
                .map(|it| it["name"].as_str().unwrap())
                .collect();
            let types: Vec<&str> = fields
                .iter()
                .map(|it| it["type"].as_str().unwrap())
                .collect();
            let paths: Vec<&str> = match &resource["path"] {
                Value::String(path) => vec![path],
                paths => paths
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|it| it.as_str().unwrap())
                    .collect(),
            };
            let mut rows = Rows::new();
            for path in paths {
                let file = folder.join(path);
                rows.extend(match package["gatherd"]["format"].as_str().unwrap() {
                    "csv" => from_csv(&file, &names, &types),
                    "jsonl" => from_jsonl(&file, &names),
                    _ => from_parquet(&file, &names, fields),
                });
            }
            assert_eq!(resource["rows"], rows.len(), "{name}");
            read.insert(name.to_owned(), rows);
        }
        Self {
            package,
            tables: read,
        }
    }

    /// A column of a table.
    pub fn column(&self, table: &str, column: &str) -> Vec<Option<String>> {
        let resources = self.package["resources"].as_array().unwrap();
        let resource = resources.iter().find(|it| it["name"] == table).unwrap();
        let fields = resource["schema"]["fields"].as_array().unwrap();
        let at = fields.iter().position(|it| it["name"] == column).unwrap();
        self.tables[table]
            .iter()
            .map(|row| row[at].clone())
            .collect()
    }
}

/// Exports in that format and reads it.
pub fn exported(program: &Program, format: &str, more: &[&str]) -> Read {
    let out = format!("out-{format}");
    let mut args = vec!["export", "--format", format, "--out", &out];
    args.extend(more);
    program.run(&args).exits(0);
    Read::of(&program.path(&out))
}

/// RFC 4180, with an empty cell for null and the apostrophe of a would-be formula taken off.
fn from_csv(file: &Path, names: &[&str], types: &[&str]) -> Rows {
    let text = fs::read_to_string(file).unwrap();
    let mut rows: Vec<Vec<(String, bool)>> = vec![Vec::new()];
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        let (mut cell, mut is_quoted) = (String::new(), false);
        if chars.next_if_eq(&'"').is_some() {
            is_quoted = true;
            while let Some(c) = chars.next() {
                if c == '"' && chars.next_if_eq(&'"').is_none() {
                    break;
                }
                cell.push(c);
            }
        }
        while let Some(c) = chars.next_if(|c| ![',', '\r'].contains(c)) {
            cell.push(c);
        }
        rows.last_mut().unwrap().push((cell, is_quoted));
        if chars.next() == Some('\r') {
            assert_eq!(chars.next(), Some('\n'));
            rows.push(Vec::new());
        }
    }
    assert!(rows.pop().unwrap().is_empty(), "the last line ends");
    let header: Vec<String> = rows.remove(0).into_iter().map(|(cell, _)| cell).collect();
    assert_eq!(header, names);
    let plain = |((cell, is_quoted), kind): ((String, bool), &&str)| {
        if cell.is_empty() && !is_quoted {
            return None;
        }
        let is_text = *kind == "string";
        let formula = ['=', '+', '-', '@', '\t', '\r'];
        assert!(
            !is_text || !cell.starts_with(formula) || cell.parse::<i64>().is_ok(),
            "a formula: {cell}"
        );
        let behind = cell.strip_prefix('\'').filter(|it| it.starts_with(formula));
        Some(behind.filter(|_| is_text).unwrap_or(&cell).to_owned())
    };
    let rows = rows.into_iter();
    rows.map(|row| {
        assert_eq!(row.len(), names.len());
        row.into_iter().zip(types).map(plain).collect()
    })
    .collect()
}

/// Numbers as they are written: to read and write them again would move their last digit.
fn from_jsonl(file: &Path, names: &[&str]) -> Rows {
    let text = fs::read_to_string(file).unwrap();
    let rows = text.lines().map(|line| {
        let row: BTreeMap<String, Box<RawValue>> = serde_json::from_str(line).unwrap();
        assert_eq!(row.len(), names.len());
        let cells = names.iter().map(|name| match row[*name].get() {
            "null" => None,
            text if text.starts_with('"') => Some(serde_json::from_str(text).unwrap()),
            other => Some(other.to_owned()),
        });
        cells.collect()
    });
    rows.collect()
}

fn from_parquet(file: &Path, names: &[&str], fields: &[Value]) -> Rows {
    let reader = SerializedFileReader::new(File::open(file).unwrap()).unwrap();
    let rows = reader.get_row_iter(None).unwrap().map(|row| {
        let row = row.unwrap();
        let cells = row.get_column_iter().zip(names).zip(fields);
        let cells = cells.map(|(((name, field), expected), described)| {
            assert_eq!(name, expected);
            match field {
                Field::Null => None,
                Field::Str(text) => Some(text.clone()),
                Field::Long(number) => Some(number.to_string()),
                Field::Double(number) => Some(format!("{number:?}")),
                Field::Bool(is) => Some(is.to_string()),
                Field::Date(days) => {
                    let day = NaiveDate::default() + TimeDelta::days(i64::from(*days));
                    Some(day.to_string())
                }
                Field::TimestampMicros(at) => {
                    let at = DateTime::from_timestamp_micros(*at).unwrap();
                    let format = match described.get("format") {
                        Some(_) => "%Y-%m-%dT%H:%M:%S",
                        None => "%Y-%m-%dT%H:%M:%SZ",
                    };
                    Some(at.format(format).to_string())
                }
                other => panic!("{name}: {other:?}"),
            }
        });
        cells.collect()
    });
    rows.collect()
}

/// The rows of a view, as an export has them.
pub fn of_view(program: &Program, table: &Table) -> Rows {
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    let names: Vec<String> = table
        .columns
        .iter()
        .map(|it| format!("\"{}\"", it.name))
        .collect();
    let sql = format!("SELECT {} FROM \"{}\"", names.join(", "), table.name);
    let mut statement = conn.prepare(&sql).unwrap();
    let rows = statement.query_map([], |row| {
        use rusqlite::types::Value as Sql;
        let cells = table.columns.iter().enumerate().map(|(at, column)| {
            Ok(match (row.get(at)?, column.kind) {
                (Sql::Null, _) => None,
                (Sql::Integer(it), Kind::Boolean) => Some((it != 0).to_string()),
                (Sql::Integer(it), _) => Some(it.to_string()),
                (Sql::Real(it), _) => Some(format!("{it:?}")),
                (Sql::Text(it), _) => Some(it),
                (Sql::Blob(_), _) => panic!("a blob"),
            })
        });
        cells.collect::<rusqlite::Result<Vec<_>>>()
    });
    rows.unwrap().map(Result::unwrap).collect()
}

/// The tables that are views.
pub fn views() -> Vec<Table> {
    let mut views = tables();
    views.retain(|it| !it.name.starts_with("group_m"));
    views
}

/// A small community that was read, with an event whose start is unknown.
pub fn backfilled(seed: u64) -> Program {
    let program = Program::small(seed);
    program.run(&["backfill"]).exits(0);
    program
}

/// Changes rows past the program.
pub fn change(program: &Program, sql: &str) {
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute_batch(sql).unwrap();
}

/// What lies in the program's directory, by name, but for what SQLite keeps.
pub fn beside(program: &Program) -> Vec<String> {
    let entries = fs::read_dir(program.dir.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .filter(|it| !it.starts_with("gatherd."))
        .collect();
    names.sort();
    names
}
