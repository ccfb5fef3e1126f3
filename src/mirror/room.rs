//! Whether there is room for the database to grow, asked of the system itself.
//!
//! To SQLite, a quota or a limit on a file's size is a write that failed like any other.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};

use super::beside::beside;

/// As much as the log beside the database grows by before a page of an answer is in it, and more.
const WANTED: usize = 256 * 1024;

/// Whether a file beside the database could not grow as the database would have to.
pub(super) fn is_short(path: &Path) -> bool {
    static ASKED: AtomicU32 = AtomicU32::new(0);
    // Several tasks may meet the end of the room at once.
    let number = ASKED.fetch_add(1, Ordering::Relaxed);
    let probe = beside(path, &format!(".room-{}-{number}", std::process::id()));
    let largest = [path.to_owned(), beside(path, "-wal")]
        .iter()
        .filter_map(|file| fs::metadata(file).ok())
        .map(|found| found.len())
        .max()
        .unwrap_or(0);
    let grown = grow(&probe, largest);
    // Whatever came of it, the probe is of no more use.
    let _ = fs::remove_file(&probe);
    grown.is_err_and(|error| is_want_of_room(error.kind()))
}

/// Writes as much as is wanted behind a hole as long as the largest file there is.
fn grow(probe: &Path, largest: u64) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(probe)?;
    file.write_all(&vec![0; WANTED])?;
    file.sync_all()?;
    file.set_len(largest + WANTED as u64)
}

fn is_want_of_room(kind: ErrorKind) -> bool {
    matches!(
        kind,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge
    )
}
