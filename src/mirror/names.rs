//! The log of names: what a group was called, and is called now.

use rusqlite::params;

use super::{Result, Writing};

/// Name and urlname of a group.
pub(super) type Names<'a> = (&'a str, &'a str);

impl Writing<'_> {
    /// Writes a line if it is called otherwise, in the transaction that records the group.
    pub(super) fn log_names(&self, group: i64, old: Names<'_>, new: Names<'_>) -> Result<()> {
        if old == new {
            return Ok(());
        }
        self.prepare_cached(
            "INSERT INTO name_change_row (grp, old_name, new_name, old_urlname, new_urlname, noticed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?
        .execute(params![group, old.0, new.0, old.1, new.1, self.now])?;
        Ok(())
    }
}
