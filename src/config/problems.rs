//! What is wrong with a configuration, all of it at once.

use crate::community::shown;
use std::fmt;

/// One thing that is wrong, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The line of the configuration file, where there is one.
    pub line: Option<usize>,
    /// Names the key, then the cause.
    pub what: String,
    /// What to write instead.
    pub remedy: String,
}

/// Every problem found in one configuration; never empty, never shows a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problems {
    /// The file, or a word for its absence.
    pub file: String,
    /// In the order of the file; those without a line last.
    pub all: Vec<Problem>,
}

impl Problems {
    pub(super) fn new(file: impl Into<String>, mut all: Vec<Problem>) -> Self {
        all.sort_by_key(|problem| problem.line.unwrap_or(usize::MAX));
        Self {
            file: file.into(),
            all,
        }
    }
}

impl fmt::Display for Problems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.all.len();
        let noun = if count == 1 { "problem" } else { "problems" };
        write!(f, "configuration {}: {count} {noun}", self.file)?;
        for problem in &self.all {
            f.write_str("\n- ")?;
            if let Some(line) = problem.line {
                write!(f, "line {line}: ")?;
            }
            // What they quote stands in the file, and may have come from elsewhere.
            write!(f, "{}\n  {}", shown(&problem.what), problem.remedy)?;
        }
        Ok(())
    }
}

impl std::error::Error for Problems {}
