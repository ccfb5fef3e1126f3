//! One configuration file being read: its text, its surroundings, and what was found wrong so far.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};

use super::effective::Settings;
use super::problems::Problem;

/// What all sections of one file share.
pub(super) struct Reader<'a> {
    text: &'a str,
    /// The file itself.
    pub(super) file: PathBuf,
    /// Directory of the file: what relative paths in it start from.
    pub(super) home: PathBuf,
    pub(super) env: &'a dyn Fn(&str) -> Option<String>,
    problems: RefCell<Vec<Problem>>,
    warnings: RefCell<Vec<Problem>>,
    /// What each key came to.
    pub(super) settings: Settings,
    /// That others can read the file, and the secrets in it, is said once.
    pub(super) has_told_of_readers: Cell<bool>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(text: &'a str, file: &Path, env: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            text,
            file: file.to_owned(),
            home: file.parent().map(Path::to_owned).unwrap_or_default(),
            env,
            problems: RefCell::default(),
            warnings: RefCell::default(),
            settings: Settings::default(),
            has_told_of_readers: Cell::default(),
        }
    }

    pub(super) fn line_at(&self, offset: usize) -> usize {
        let end = offset.min(self.text.len());
        self.text.as_bytes()[..end]
            .iter()
            .filter(|byte| **byte == b'\n')
            .count()
            + 1
    }

    /// The column in that line, in characters, from 1.
    pub(super) fn column_at(&self, offset: usize) -> usize {
        let before = self.text.get(..offset).unwrap_or(self.text);
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.chars().count() + 1
    }

    pub(super) fn report(
        &self,
        line: Option<usize>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.problems.borrow_mut().push(Problem {
            line,
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    pub(super) fn warn(
        &self,
        line: Option<usize>,
        what: impl Into<String>,
        remedy: impl Into<String>,
    ) {
        self.warnings.borrow_mut().push(Problem {
            line,
            what: what.into(),
            remedy: remedy.into(),
        });
    }

    pub(super) fn warnings(&self) -> Vec<Problem> {
        self.warnings.borrow().clone()
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// An environment variable; empty counts as not set.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        (self.env)(name).filter(|value| !value.trim().is_empty())
    }

    /// A path as written in the file.
    pub(super) fn path(&self, written: &str) -> PathBuf {
        self.home.join(Path::new(written))
    }
}
