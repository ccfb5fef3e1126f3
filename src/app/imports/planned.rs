//! A file as it is handed in, and what it would change.

use super::differing::Differing;
use crate::{
    community::ImportKind,
    import::{self, Reading},
    mirror::{MirrorError, Writing},
};
use sha2::{Digest as _, Sha256};

/// A file as it is handed in.
#[derive(Debug, Clone)]
pub(crate) struct Handed {
    /// What it holds.
    pub(crate) kind: ImportKind,
    /// As what it is known.
    pub(crate) name: String,
    /// What it says.
    pub(crate) bytes: Vec<u8>,
    /// How it is to be read.
    pub(crate) reading: Reading,
}

/// A line that cannot be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Bad {
    /// Where it begins, from 1.
    pub(crate) line: u64,
    /// Why, with the nearest of what is known where nothing was found.
    pub(crate) cause: String,
    /// Whether it is well written, and means nothing that is known.
    pub(crate) is_unmatched: bool,
}

/// What a file would change, and how to keep it.
pub(crate) struct Plan {
    /// As what it is known.
    pub(crate) name: String,
    /// Beside what the same name said before.
    pub(crate) differing: Differing,
    /// Lines that cannot be kept, in their order.
    pub(crate) bad: Vec<Bad>,
    /// Columns that nothing is read of.
    pub(crate) unread: Vec<String>,
    /// Rows that another import has just so, by its name.
    pub(crate) twice: Vec<(String, usize)>,
    pub(super) keeping: Keeping,
}

/// How a plan is kept.
pub(super) type Keeping = Box<dyn FnOnce(&Writing<'_>) -> Result<(), MirrorError> + Send>;

/// By which a file is known again.
pub(super) fn hash(bytes: &[u8]) -> Vec<u8> {
    Sha256::digest(bytes).to_vec()
}

/// A file that cannot be read as a whole.
pub(super) fn unreadable(name: &str, error: &import::Unreadable) -> anyhow::Error {
    anyhow::anyhow!("{name}: {error}")
}
