//! What tables and columns mean, from where it is told already: the page of the schema, and the meanings of the report's keys.

use super::column::Column;
use super::metric_columns::month_words;
use super::plan::{Source, Table};
use crate::metrics;

const PAGE: &str = include_str!("../../schema/README.md");

/// What a table holds.
pub(super) fn of_table(table: &Table) -> String {
    match table.source {
        Source::GroupMetrics => "The figures of each group, one row a group: the keys of the report, a rate as its numerator, denominator and value. Lists are JSON in a text.".to_owned(),
        Source::GroupMonths => "The months of each group, over all its time.".to_owned(),
        Source::View | Source::Members | Source::Groups(_) | Source::Events(..) => {
            let lines = section(table.name).skip_while(|line| line.is_empty());
            let lines = lines.take_while(|line| !line.is_empty() && !line.starts_with('|'));
            plain(&lines.collect::<Vec<_>>().join(" "))
        }
    }
}

/// What a column means; nothing where that is not told.
pub(super) fn of_column(table: &Table, column: &Column) -> String {
    match table.source {
        Source::GroupMetrics => {
            let key = column.path.join(".");
            metrics::entry(&key).map_or_else(String::new, |entry| plain(entry.words))
        }
        Source::GroupMonths => month_words(&column.name).unwrap_or_default().to_owned(),
        Source::View | Source::Members | Source::Groups(_) | Source::Events(..) => {
            let name = format!("`{}`", column.name);
            let mut rows = section(table.name).filter_map(row);
            let found = rows.find(|(names, _)| names.split(", ").any(|it| it == name));
            found.map_or_else(String::new, |(_, words)| plain(words))
        }
    }
}

/// The lines of a view's own part of the page.
fn section(view: &str) -> impl Iterator<Item = &'static str> {
    let heading = format!("### `{view}`");
    let lines = PAGE.lines().skip_while(move |line| *line != heading);
    lines.skip(1).take_while(|line| !line.starts_with('#'))
}

/// The two cells of a row of a table.
fn row(line: &'static str) -> Option<(&'static str, &'static str)> {
    let cells = line.strip_prefix("| ")?.strip_suffix(" |")?;
    cells.split_once(" | ")
}

/// Without the marks of the page.
fn plain(words: &str) -> String {
    words.replace('`', "")
}
