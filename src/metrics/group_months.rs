//! Every month of every group, over all its time.

use rusqlite::Connection;

use super::settings::Settings;
use super::sql::sql;
use super::workbench::{EVER, Workbench};

/// A local month in which a group held something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMonth {
    /// Which month: year x 12 + month - 1.
    pub month: i64,
    /// Held events that started in it.
    pub events: i64,
    /// Yes, summed over them.
    pub yes: i64,
    /// Guests brought by those.
    pub guests: i64,
    /// Different people among those who said yes.
    pub people: i64,
    /// Different hosts.
    pub hosts: i64,
}

/// The id of each measured group, with its months as of A, the oldest first; groups are in the order of their ids. The
/// connection must be able to hold temporary tables.
///
/// # Errors
///
/// If the database cannot be read.
pub fn group_months(
    conn: &Connection,
    settings: &Settings,
) -> rusqlite::Result<Vec<(String, Vec<GroupMonth>)>> {
    let bench = Workbench::lay_out_since(conn, settings, (EVER, ""), EVER)?;
    let mut groups: Vec<_> = bench.groups.iter().collect();
    groups.sort_by(|one, other| one.id.cmp(&other.id));
    let mut found = Vec::with_capacity(groups.len());
    for group in groups {
        bench.run_of(sql!("at_event.sql"), Some(group.key))?;
        let mut months = Vec::new();
        bench.each_of(sql!("group_months.sql"), Some(group.key), |row| {
            months.push(GroupMonth {
                month: row.get("month")?,
                events: row.get("events")?,
                yes: row.get("said_yes")?,
                guests: row.get("guests")?,
                people: row.get("people")?,
                hosts: row.get("hosts")?,
            });
            Ok(())
        })?;
        found.push((group.id.clone(), months));
    }
    Ok(found)
}
