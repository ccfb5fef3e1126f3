//! What is told of a key of the report: its meaning, its window, and which rows add up to it.

/// What is told of one key.
#[derive(Debug)]
pub struct Entry {
    /// The key, as in the JSON; those below it are explained with it.
    pub key: &'static str,
    /// Where in the report it stands.
    pub scope: Scope,
    /// What it means.
    pub words: &'static str,
    /// What it looks at.
    pub window: Window,
    /// The rows behind it.
    pub(super) rows: Rows,
}

/// Where in the report a key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// In each group.
    Group,
    /// At the top.
    Whole,
}

/// What a figure looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// No span of time.
    None,
    /// Starts in so many days before A.
    Days(i64),
    /// Starts in so many days before A - 365 d.
    YearBefore(i64),
    /// Starts from so many to so many days before A.
    Between(i64, i64),
    /// Everything up to A.
    Ever,
    /// So many local months before the one of A.
    Months(i64),
    /// After A.
    ToCome,
    /// The roster as it is today.
    Roster,
}

/// Which rows, and which of their columns add up to the figure.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rows {
    pub file: Option<&'static str>,
    /// Only rows with a 1 in this column.
    pub only: Option<&'static str>,
    pub numerator: Option<&'static str>,
    pub denominator: Option<&'static str>,
}

pub(super) const NO_ROWS: Rows = Rows {
    file: None,
    only: None,
    numerator: None,
    denominator: None,
};

/// Rows that do not add up to the figure.
pub(super) const fn shown(file: &'static str, only: &'static str) -> Rows {
    Rows {
        file: Some(file),
        only: Some(only),
        ..NO_ROWS
    }
}

/// All rows, none of which adds up.
pub(super) const fn all(file: &'static str) -> Rows {
    Rows {
        file: Some(file),
        ..NO_ROWS
    }
}

/// Rows whose column adds up to the figure.
pub(super) const fn sum(file: &'static str, only: &'static str, numerator: &'static str) -> Rows {
    Rows {
        file: Some(file),
        only: Some(only),
        numerator: Some(numerator),
        denominator: None,
    }
}

/// Rows whose columns add up to numerator and denominator.
pub(super) const fn rate(
    file: &'static str,
    only: &'static str,
    numerator: &'static str,
    denominator: &'static str,
) -> Rows {
    Rows {
        file: Some(file),
        only: Some(only),
        numerator: Some(numerator),
        denominator: Some(denominator),
    }
}
