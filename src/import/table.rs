//! A file as a table: its columns by their names, whatever stands between them and in whatever order.

use super::lines::{Refused, Unreadable};
use crate::community::DecimalSign;

/// A column that may be there.
#[derive(Debug, Clone, Copy)]
pub(super) struct Column {
    /// What its head says, in small letters.
    pub(super) name: &'static str,
    /// Whether it must be there.
    pub(super) is_needed: bool,
}

impl Column {
    /// One that must be there.
    pub(super) const fn needed(name: &'static str) -> Self {
        Self {
            name,
            is_needed: true,
        }
    }

    /// One that may be left out.
    pub(super) const fn other(name: &'static str) -> Self {
        Self {
            name,
            is_needed: false,
        }
    }
}

/// A line with what stands in it, in the order of the columns that were asked for; none: nothing.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) number: u64,
    pub(super) cells: Vec<Option<String>>,
}

/// A file as a table.
#[derive(Debug)]
pub(super) struct Table {
    pub(super) lines: Vec<Line>,
    /// Lines that are none of the table.
    pub(super) refused: Vec<Refused>,
    /// Columns that nobody asked for.
    pub(super) unread: Vec<String>,
    /// The sign that stands before the cents in such a file.
    pub(super) usual: DecimalSign,
}

/// Which column each head means; heads that mean none; or which is missing, or there twice.
pub(super) fn columns_of(
    heads: &[String],
    columns: &[Column],
) -> Result<(Vec<Option<usize>>, Vec<String>), Unreadable> {
    let mut meant: Vec<Option<usize>> = vec![None; columns.len()];
    let mut unread = Vec::new();
    for (place, head) in heads.iter().enumerate() {
        let name = head.trim().to_lowercase();
        match columns.iter().position(|it| it.name == name) {
            Some(nth) if meant[nth].is_some() => {
                return Err(Unreadable(format!(
                    "the column \"{name}\" is there twice\nleave one of them"
                )));
            }
            Some(nth) => meant[nth] = Some(place),
            None if name.is_empty() => {}
            None => unread.push(head.trim().to_owned()),
        }
    }
    for (column, place) in columns.iter().zip(&meant) {
        if place.is_some() {
            continue;
        }
        let near =
            |head: &&String| strsim::damerau_levenshtein(&head.to_lowercase(), column.name) <= 2;
        if let Some(head) = unread.iter().find(near) {
            return Err(Unreadable(format!(
                "the column \"{head}\" is not known; \"{name}\" is missing\nwrite {name} above it if that is meant, or another name",
                name = column.name
            )));
        }
        if column.is_needed {
            let names: Vec<&str> = columns.iter().map(|it| it.name).collect();
            return Err(Unreadable(format!(
                "the column \"{}\" is missing\nthe first line names the columns: {}; --template prints it",
                column.name,
                names.join(", ")
            )));
        }
    }
    Ok((meant, unread))
}
