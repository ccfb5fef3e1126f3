//! How a file is to be read, and what was read of it.

use crate::community::{DateOrder, DecimalSign};

/// How a file is to be read where it does not say so itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Reading {
    /// In which order dates are written; none: year, month, day with dashes alone.
    pub dates: Option<DateOrder>,
    /// Which sign stands before the cents; none: as the file's kind has it, and no thousands are set apart.
    pub decimals: Option<DecimalSign>,
}

/// A file of which no line could be read. The last line is the remedy.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Unreadable(pub String);

/// Why a line will not do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// Where it begins, from 1.
    pub line: u64,
    /// Why, with what to write instead.
    pub cause: String,
}

/// What was read of a file.
#[derive(Debug)]
pub struct Lines<T> {
    /// The lines that will do, each with where it begins, from 1.
    pub good: Vec<(u64, T)>,
    /// Those that will not.
    pub refused: Vec<Refused>,
    /// Columns that nothing was read of.
    pub unread: Vec<String>,
}
