//! The command line of the data in tables.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, Utc};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use super::look::instant;

/// `export`.
#[derive(Debug, Clone, Args)]
pub struct Export {
    /// How tables are written
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub format: ExportFormat,
    /// The folder; an earlier export there is replaced, and nothing else
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Only events that start on that local date or later, with their answers, hosts, ids and changes, and what was logged
    /// from that day on; groups, members, memberships and venues whole
    #[arg(long, value_name = "DATE")]
    pub since: Option<NaiveDate>,
    /// Figures as they were then: an RFC 3339 instant, or a date (00:00 UTC) [default: the end of the last good pass]
    #[arg(long, value_name = "WHEN", value_parser = instant)]
    pub as_of: Option<DateTime<Utc>>,
    /// Only these tables, with commas between
    #[arg(long, value_name = "TABLES", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    pub tables: Vec<String>,
    /// Without names and what people wrote, and with pseudonyms for the ids of persons
    #[arg(long)]
    pub no_people: bool,
}

/// How tables are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ExportFormat {
    /// For spreadsheets; no text is taken for a formula
    Csv,
    /// A JSON object a line
    Jsonl,
    /// For analysts; events, answers and their changes in a folder a month
    Parquet,
}
