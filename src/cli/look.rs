//! The command line of what only looks: the report, the digest, the list of groups, a letter.

use std::path::PathBuf;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};

use crate::community::{Cause, ChartKind, Language, Order, Status};
use crate::config;

/// `report`.
#[derive(Debug, Clone, Args)]
pub struct Report {
    /// How it is written
    #[arg(long, value_enum, default_value_t, requires_if("html", "out"))]
    pub format: ReportFormat,
    /// With --format html: the folder to write the pages to; a site that gatherd wrote there before is replaced
    #[arg(long, value_name = "DIR", conflicts_with_all = ["send", "explain", "backtest", "no_pager"])]
    pub out: Option<PathBuf>,
    /// Only that group, in detail: by urlname, address, name, or a part that only it has
    #[arg(long, value_name = "GROUP", value_parser = NonEmptyStringValueParser::new(), conflicts_with_all = ["country", "timezone", "region"])]
    pub group: Option<String>,
    /// As it was then: an RFC 3339 instant, or a date (00:00 UTC) [default: now]
    #[arg(long, value_name = "WHEN", value_parser = instant)]
    pub as_of: Option<DateTime<Utc>>,
    /// Send it to that channel, once per as-of
    #[arg(long, value_name = "CHANNEL", value_parser = NonEmptyStringValueParser::new(), conflicts_with_all = ["group", "country", "timezone", "region"])]
    pub send: Option<String>,
    /// Say what would be sent, and send nothing
    #[arg(long, requires = "send")]
    pub dry_run: bool,
    /// With --dry-run: exactly what would be posted
    #[arg(long, requires = "dry_run")]
    pub raw: bool,
    /// Say what a key of the JSON means, and what its number is made of
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new(), conflicts_with_all = ["send", "country", "timezone", "region"])]
    pub explain: Option<String>,
    /// Replay forecasts of turnout and calls to groups, and say how good they were
    #[arg(long, conflicts_with_all = ["send", "group", "explain", "country", "timezone", "region"])]
    pub backtest: bool,
    /// With what was spent and what it bought
    #[arg(long, conflicts_with_all = ["send", "explain", "backtest", "out"])]
    pub money: bool,
    /// With lists of persons; names in what --explain prints
    #[arg(long)]
    pub names: bool,
    /// Only some of the groups
    #[command(flatten)]
    pub within: Within,
    /// How it is shown on a terminal
    #[command(flatten)]
    pub paging: Paging,
}

/// How a report is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum ReportFormat {
    /// For reading
    #[default]
    Text,
    /// For programs
    Json,
    /// For a wiki page
    Markdown,
    /// The pages, as files that open without a server
    Html,
}

/// How a text is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum TextFormat {
    /// For reading
    #[default]
    Text,
    /// For programs
    Json,
    /// For a wiki page
    Markdown,
}

/// Only some of the groups.
#[derive(Debug, Clone, Default, Args)]
pub struct Within {
    /// Only groups of that country, two letters; may be repeated
    #[arg(long, value_name = "CC", value_parser = country)]
    pub country: Vec<String>,
    /// Only groups of that time zone; may be repeated
    #[arg(long, value_name = "ZONE", value_parser = zone)]
    pub timezone: Vec<String>,
    /// Only groups of that region, as the configuration names it
    #[arg(long, value_name = "REGION", value_parser = NonEmptyStringValueParser::new(), conflicts_with_all = ["country", "timezone"])]
    pub region: Option<String>,
}

/// How what is long is shown on a terminal.
#[derive(Debug, Clone, Copy, Args)]
pub struct Paging {
    /// Do not page what is shown on a terminal [pager: PAGER, else less]
    #[arg(long)]
    pub no_pager: bool,
}

/// `digest`.
#[derive(Debug, Clone, Args)]
pub struct Digest {
    /// As that channel would get it
    #[arg(long, value_name = "CHANNEL", value_parser = NonEmptyStringValueParser::new())]
    pub channel: Option<String>,
    /// Also list every group, with what a word could help with
    #[arg(long)]
    pub all: bool,
    /// Only groups that this person looks after; may be repeated
    #[arg(long, value_name = "NAME")]
    pub owner: Vec<String>,
    /// Only some of the groups
    #[command(flatten)]
    pub within: Within,
    /// As it was then: an RFC 3339 instant, or a date (00:00 UTC) [default: now]
    #[arg(long, value_name = "WHEN", value_parser = instant)]
    pub as_of: Option<DateTime<Utc>>,
    /// How it is written; JSON is the document that a webhook gets
    #[arg(long, value_enum, default_value_t)]
    pub format: TextFormat,
    /// How it is shown on a terminal
    #[command(flatten)]
    pub paging: Paging,
}

/// `groups`.
#[derive(Debug, Clone, Args)]
pub struct Groups {
    /// Only groups of that status; may be repeated
    #[arg(long, value_name = "STATUS", value_parser = status)]
    pub status: Vec<Status>,
    /// Only groups with that cause for a word; may be repeated
    #[arg(long, value_name = "CAUSE", value_parser = cause)]
    pub cause: Vec<Cause>,
    /// Only groups that this person looks after; may be repeated
    #[arg(long, value_name = "NAME")]
    pub owner: Vec<String>,
    /// Only some of the groups
    #[command(flatten)]
    pub within: Within,
    /// What comes first: stake, days, name, people, change, next, leader, cause or contact [default: what is
    /// most at stake where a word could help]
    #[arg(long, value_name = "BY", value_parser = order)]
    pub sort: Option<Order>,
    /// As it was then: an RFC 3339 instant, or a date (00:00 UTC) [default: now]
    #[arg(long, value_name = "WHEN", value_parser = instant)]
    pub as_of: Option<DateTime<Utc>>,
    /// How it is written
    #[arg(long, value_enum, default_value_t)]
    pub format: GroupFormat,
    /// How it is shown on a terminal
    #[command(flatten)]
    pub paging: Paging,
}

/// How a list of groups is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum GroupFormat {
    /// For reading
    #[default]
    Text,
    /// For a spreadsheet
    Csv,
    /// For programs
    Json,
}

/// `chart`.
#[derive(Debug, Clone, Args)]
pub struct Chart {
    /// Which: months, turnout, pause, hosts, retention or answers
    #[arg(value_name = "KIND", value_parser = chart_kind)]
    pub kind: ChartKind,
    /// Of which group: urlname, address, name, or a part that only it has
    #[arg(long, value_name = "GROUP", value_parser = NonEmptyStringValueParser::new())]
    pub group: String,
    /// Where to: SVG or PNG by the ending; what is there is overwritten
    #[arg(long, value_name = "FILE", value_parser = picture)]
    pub out: Picture,
    /// For a dark ground [default: an SVG as whoever looks at it has set, a PNG light]
    #[arg(long)]
    pub dark: bool,
    /// As it was then: an RFC 3339 instant, or a date (00:00 UTC) [default: now]
    #[arg(long, value_name = "WHEN", value_parser = instant)]
    pub as_of: Option<DateTime<Utc>>,
}

/// A file for a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Where.
    pub path: PathBuf,
    /// By its ending.
    pub is_png: bool,
}

/// `letter`.
#[derive(Debug, Clone, Args)]
pub struct Letter {
    /// The group: urlname, address, name, or a part that only it has
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub group: String,
    /// In which language: en, es, fr, de or pt
    #[arg(long, value_name = "LANGUAGE", value_parser = language, default_value = "en")]
    pub language: Language,
    /// What it is about [default: the group's first cause; a thank-you where it has none]
    #[arg(long, value_name = "CAUSE", value_parser = cause)]
    pub cause: Option<Cause>,
    /// As it was then: an RFC 3339 instant, or a date (00:00 UTC) [default: now]
    #[arg(long, value_name = "WHEN", value_parser = instant)]
    pub as_of: Option<DateTime<Utc>>,
}

fn chart_kind(text: &str) -> Result<ChartKind, String> {
    ChartKind::parse(text).ok_or_else(|| one_of(ChartKind::ALL.iter().map(|it| it.as_str())))
}

fn picture(text: &str) -> Result<Picture, String> {
    let path = PathBuf::from(text);
    let ending = path
        .extension()
        .and_then(|it| it.to_str())
        .unwrap_or_default();
    let is_png = ending.eq_ignore_ascii_case("png");
    if is_png && !cfg!(feature = "png") {
        return Err(
            "this gatherd was built without PNG; write a name that ends in .svg".to_owned(),
        );
    }
    if !is_png && !ending.eq_ignore_ascii_case("svg") {
        return Err("write a name that ends in .svg or .png".to_owned());
    }
    Ok(Picture { path, is_png })
}

fn country(text: &str) -> Result<String, String> {
    let is_code = text.len() == 2 && text.chars().all(|c| c.is_ascii_alphabetic());
    let code = is_code.then(|| text.to_lowercase());
    code.ok_or_else(|| "write two letters, such as de".to_owned())
}

fn zone(text: &str) -> Result<String, String> {
    config::zone(text).map(|zone| zone.name().to_owned())
}

fn status(text: &str) -> Result<Status, String> {
    let word = text.replace('-', "_");
    Status::parse(&word).ok_or_else(|| one_of(Status::ALL.iter().map(|it| it.as_str())))
}

fn cause(text: &str) -> Result<Cause, String> {
    let word = text.replace('-', "_");
    Cause::parse(&word).ok_or_else(|| one_of(Cause::ALL.iter().map(|it| it.as_str())))
}

fn order(text: &str) -> Result<Order, String> {
    Order::parse(text).ok_or_else(|| one_of(Order::ALL.iter().map(|it| it.as_str())))
}

fn language(text: &str) -> Result<Language, String> {
    Language::parse(text).ok_or_else(|| one_of(Language::ALL.iter().map(|it| it.as_str())))
}

fn one_of<'a>(words: impl Iterator<Item = &'a str>) -> String {
    format!("write one of: {}", words.collect::<Vec<_>>().join(", "))
}

pub(super) fn instant(text: &str) -> Result<DateTime<Utc>, String> {
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Ok(date.and_time(NaiveTime::MIN).and_utc());
    }
    DateTime::parse_from_rfc3339(text)
        .map(|at| at.to_utc())
        .map_err(|_| "write an instant such as 2026-01-31T08:00:00Z, or a date".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_of_takes_an_instant_or_a_date() {
        for (text, expected) in [
            ("2026-01-31", "2026-01-31T00:00:00Z"),
            ("2026-01-31T08:00:00+02:00", "2026-01-31T06:00:00Z"),
        ] {
            assert_eq!(
                instant(text).unwrap(),
                expected.parse::<DateTime<Utc>>().unwrap()
            );
        }
        assert!(instant("yesterday").is_err());
    }
}
