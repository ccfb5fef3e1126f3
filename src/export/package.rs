//! `datapackage.json`: what there is, in which files, and what it means, by the words of Frictionless Data. It also tells an
//! export of ours from whatever else stands in a folder.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use serde_json::{Value, json};

use super::cell::{Kind, Written};
use super::column::Column;
use super::described;
use super::plan::Table;
use super::sheet::Format;

/// The name of the file.
pub const PACKAGE: &str = "datapackage.json";
/// The name of what is ours in it.
const OURS: &str = "gatherd";

/// What an export is of.
#[derive(Debug, Clone, PartialEq)]
pub struct About {
    /// A: the instant as of which figures are counted.
    pub as_of: DateTime<Utc>,
    /// The version of the report's definitions.
    pub definitions_version: u32,
    /// The version of the database's schema.
    pub database_version: i64,
    /// How tables are written.
    pub format: Format,
    /// The first day of what is of a day.
    pub since: Option<NaiveDate>,
    /// Whether people are left out.
    pub without_people: bool,
}

/// A table that was written.
pub(super) struct Resource {
    pub table: Table,
    pub files: Vec<String>,
    pub rows: u64,
}

/// The document.
pub(super) fn package(about: &About, resources: &[Resource]) -> Value {
    let as_of = about.as_of.to_rfc3339_opts(SecondsFormat::Secs, true);
    json!({
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "gatherd-export",
        "title": "Meetup groups, as gatherd mirrors and measures them",
        "created": as_of,
        OURS: {
            "version": env!("CARGO_PKG_VERSION"),
            "database_version": about.database_version,
            "definitions_version": about.definitions_version,
            "as_of": as_of,
            "format": about.format.as_str(),
            "since": about.since.map(|it| it.to_string()),
            "without_people": about.without_people,
        },
        "resources": resources.iter().map(|it| resource(about.format, it)).collect::<Vec<_>>(),
    })
}

fn resource(format: Format, it: &Resource) -> Value {
    let table = &it.table;
    let mut schema = json!({
        "fields": table.columns.iter().map(|column| field(table, column)).collect::<Vec<_>>(),
        // Only in CSV is it needed: an empty cell. An empty text stands between quotation marks.
        "missingValues": [""],
    });
    if !table.key.is_empty() {
        schema["primaryKey"] = json!(table.key);
    }
    let mut resource = json!({
        "name": table.name,
        "description": described::of_table(table),
        "path": match &it.files[..] {
            [file] => json!(file),
            files => json!(files),
        },
        "format": format.as_str(),
        "mediatype": format.media_type(),
        "rows": it.rows,
        "schema": schema,
    });
    match format {
        Format::Csv => {
            resource["encoding"] = json!("utf-8");
            resource["dialect"] = json!({"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": "\"", "doubleQuote": true, "header": true});
        }
        Format::Jsonl => resource["encoding"] = json!("utf-8"),
        Format::Parquet if table.is_by_month() => {
            let words = "month of the event's start by the wall clock of the place, YYYY-MM, in the names of the folders; __HIVE_DEFAULT_PARTITION__ where the start is unknown";
            resource["partition"] =
                json!([{"name": "month", "type": "string", "description": words}]);
        }
        Format::Parquet => {}
    }
    resource
}

fn field(table: &Table, column: &Column) -> Value {
    let (kind, format) = match column.kind.written() {
        Written::Text => ("string", None),
        Written::Integer => ("integer", None),
        Written::Double => ("number", None),
        Written::Boolean => ("boolean", None),
        Written::Instant => ("datetime", None),
        Written::Date => ("date", None),
        Written::Wall => ("datetime", Some("%Y-%m-%dT%H:%M:%S")),
    };
    let mut field = json!({"name": column.name, "type": kind});
    if let Some(format) = format {
        field["format"] = json!(format);
    }
    if column.kind == Kind::Json {
        field["contentMediaType"] = json!("application/json");
    }
    let words = described::of_column(table, column);
    if !words.is_empty() {
        field["description"] = json!(words);
    }
    field
}

/// The files of an earlier export, by its `datapackage.json`, itself among them; none where it is not one of ours.
pub fn files_of(package: &str) -> Option<BTreeSet<String>> {
    let package: Value = serde_json::from_str(package).ok()?;
    package.get(OURS)?.get("definitions_version")?;
    let mut files = BTreeSet::from([PACKAGE.to_owned()]);
    for resource in package.get("resources")?.as_array()? {
        match resource.get("path")? {
            Value::String(file) => {
                files.insert(file.clone());
            }
            Value::Array(paths) => {
                files.extend(paths.iter().filter_map(Value::as_str).map(str::to_owned));
            }
            _ => return None,
        }
    }
    Some(files)
}
