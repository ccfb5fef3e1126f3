//! What became different of groups since alerts took note of them: their names, and who leads them.
//!
//! Read in the transaction that notes that it was looked at, so that no line of it is told twice.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use rusqlite::Connection;

use super::local::instant;
use super::roles::{KeyHolder, NamesNoted, RoleChange};
use super::sql::sql;
use super::watched::{Watched, each, person};

/// Fills in what is new of groups as of an instant.
///
/// # Errors
///
/// If the database cannot be read.
pub fn watch_news(
    conn: &Connection,
    as_of: DateTime<Utc>,
    groups: &mut [Watched],
) -> rusqlite::Result<()> {
    let ids: HashMap<String, usize> = groups
        .iter()
        .enumerate()
        .map(|(at, group)| (group.id.as_str().to_owned(), at))
        .collect();
    let mut at: HashMap<i64, usize> = HashMap::new();
    each(conn, (None, as_of), sql!("watched_names.sql"), |row| {
        if let Some(place) = ids.get(&row.get::<_, String>("id")?) {
            at.insert(row.get("key")?, *place);
            let (name, urlname) = (row.get("noted_name")?, row.get("noted_urlname")?);
            groups[*place].noted =
                Option::zip(name, urlname).map(|(name, urlname)| NamesNoted { name, urlname });
        }
        Ok(())
    })?;
    each(conn, (None, as_of), sql!("watched_roles.sql"), |row| {
        if let Some(at) = at.get(&row.get("grp")?) {
            groups[*at].role_changes.push(RoleChange {
                line: row.get("key")?,
                member: row.get("id")?,
                old: row.get("old_role")?,
                new: row.get("new_role")?,
                noticed_at: instant(row.get("noticed_at")?),
                is_new: row.get("is_new")?,
            });
        }
        Ok(())
    })?;
    each(conn, (None, as_of), sql!("watched_keys.sql"), |row| {
        if let Some(at) = at.get(&row.get("grp")?) {
            let mut person = person(row, &groups[*at].link)?;
            let time = |name: &str| {
                Ok::<_, rusqlite::Error>(row.get::<_, Option<i64>>(name)?.map(instant))
            };
            person.last_hosted_at = time("hosted_at")?;
            person.last_seen_at = [
                person.last_access_at,
                time("answered_at")?,
                person.last_hosted_at,
            ]
            .into_iter()
            .flatten()
            .filter(|at| *at <= as_of)
            .max();
            groups[*at].key_holders.push(KeyHolder {
                person,
                is_here: row.get("is_here")?,
                is_admin: row.get("is_admin")?,
            });
        }
        Ok(())
    })
}
