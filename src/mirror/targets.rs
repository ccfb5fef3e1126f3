//! Targets agreed with single groups, kept in the database; they win over the configured ones.

use rusqlite::Connection;

use super::Result;

/// Group urlname and "one event every n months".
pub fn targets(conn: &Connection) -> Result<Vec<(String, u8)>> {
    conn.prepare_cached(
        "SELECT g.urlname, t.every_months FROM target_row t JOIN group_row g ON g.key = t.grp
         ORDER BY g.urlname",
    )?
    .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
    .map(|row| Ok(row?))
    .collect()
}
