//! Cleaning the file: until it is written anew, its bytes may hold what no query shows any more.
//!
//! SQLite overwrites what is deleted (`secure_delete`, see `open.rs`), but a page that is split leaves copies of its
//! rows behind them, files from before hold what was deleted then, and the write-ahead log holds pages as they were. So the file
//! is written anew (`VACUUM`) and the log moved into it and cut to nothing. That takes a second for each hundred
//! megabytes or so and room for a second copy, and nobody else may write meanwhile: whoever holds the lock of
//! passes does it, between two of them. A mirror that others have open notices that its mark moved
//! (`guard.rs`). A kill leaves either the old file or a log that SQLite plays in, and the note that cleaning is due.

use rusqlite::Connection;

use super::{Mirror, Result, meta};

/// Set while the bytes of the file may hold what was erased.
pub(super) const CLEANING_DUE: &str = "cleaning_due";
/// How often the log is tried to be cut, which readers may keep from it.
const TRIES: usize = 50;
const MOMENT: std::time::Duration = std::time::Duration::from_millis(100);

/// Whether bytes of the file may hold what was erased.
///
/// # Errors
///
/// If the database cannot be read.
pub fn is_cleaning_due(conn: &Connection) -> Result<bool> {
    Ok(meta::value::<i64>(conn, CLEANING_DUE)?.is_some())
}

impl Mirror {
    /// Writes the file anew and empties its log, where that is due; false where somebody reads for so long that it
    /// stays due. For whoever holds the lock of passes.
    ///
    /// # Errors
    ///
    /// If the database cannot be written.
    pub fn clean(&self) -> Result<bool> {
        self.check_file()?;
        if !self.read(is_cleaning_due)? {
            return Ok(true);
        }
        self.let_readers_go();
        let core = &self.inner.core;
        // Sorted in files, for it is as large as the database.
        core.sort_in("FILE")?;
        let cleaned = core.rewrite(TRIES, MOMENT);
        core.sort_in("MEMORY")?;
        if !cleaned? {
            return Ok(false);
        }
        self.write(chrono::Utc::now(), |w| {
            w.execute("DELETE FROM meta WHERE key = ?1", [CLEANING_DUE])?;
            Ok(())
        })?;
        Ok(true)
    }
}
