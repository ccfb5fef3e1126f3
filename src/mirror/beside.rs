//! The files beside the database: how they are called, and which of them are left over.

use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};

/// How a file is named while it is made, after its own name.
pub(super) const DRAFT: &str = ".new-";

/// The same of what a restore puts together, of which there is one at a time.
pub(super) const RESTORING: &str = ".restoring";

/// `x.db` and `-wal` give `x.db-wal`.
pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

/// Removes the drafts of such a file that a kill left beside it.
pub(super) fn remove_drafts(path: &Path, is_it: impl Fn(&Metadata) -> bool) {
    let draft = beside(path, DRAFT);
    let (Some(folder), Some(name)) = (path.parent(), draft.file_name()) else {
        return;
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let named = entry.file_name();
        let is_draft = named
            .as_encoded_bytes()
            .starts_with(name.as_encoded_bytes());
        if is_draft && entry.metadata().is_ok_and(|found| is_it(&found)) {
            // What stays is told as a second name.
            let _ = fs::remove_file(entry.path());
        }
    }
}
