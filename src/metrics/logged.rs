//! What the logs tell between two instants: who leads a group in another role, and what is called otherwise.
//!
//! Whatever lay between, the first line and the last one count: who came and went again is no news.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use rusqlite::{Connection, Row, named_params};

use super::roles::NamesNoted;
use super::sql::sql;
use crate::community::Role;

/// What the logs tell of a group.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Logged {
    /// Whose role is another one than it was.
    pub roles: Vec<Turned>,
    /// What it was called, and is called now.
    pub names: Option<(NamesNoted, NamesNoted)>,
}

/// Somebody whose role in a group is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Turned {
    /// Meetup's id.
    pub member: String,
    /// Display name.
    pub name: Option<String>,
    /// Whether this is a network's own account.
    pub is_admin: bool,
    /// What they were; none: no leader.
    pub old: Option<Role>,
    /// What they became; none: no leader.
    pub new: Option<Role>,
}

/// What was logged after an instant and by another, by the group's id.
///
/// # Errors
///
/// If the database cannot be read.
pub fn logged(
    conn: &Connection,
    since: DateTime<Utc>,
    as_of: DateTime<Utc>,
) -> rusqlite::Result<BTreeMap<String, Logged>> {
    let mut all: BTreeMap<String, Logged> = BTreeMap::new();
    let mut each = |sql: &str, take: fn(&mut Logged, &Row<'_>) -> rusqlite::Result<()>| {
        let mut statement = conn.prepare_cached(sql)?;
        let span = named_params! {":since": since.timestamp(), ":as_of": as_of.timestamp()};
        let mut rows = statement.query(span)?;
        while let Some(row) = rows.next()? {
            take(all.entry(row.get("group_id")?).or_default(), row)?;
        }
        Ok::<_, rusqlite::Error>(())
    };
    each(sql!("logged_roles.sql"), Logged::role)?;
    each(sql!("logged_names.sql"), Logged::name)?;
    for group in all.values_mut() {
        group.roles.retain(|it| it.old != it.new);
        group.names.take_if(|(was, is)| was == is);
    }
    Ok(all)
}

impl Logged {
    fn role(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let (member, new): (String, _) = (row.get("id")?, row.get("new_role")?);
        if let Some(known) = self.roles.iter_mut().find(|it| it.member == member) {
            known.new = new;
            return Ok(());
        }
        self.roles.push(Turned {
            member,
            name: row.get("name")?,
            is_admin: row.get("is_admin")?,
            old: row.get("old_role")?,
            new,
        });
        Ok(())
    }

    fn name(&mut self, row: &Row<'_>) -> rusqlite::Result<()> {
        let names = |name: &str, urlname: &str| {
            Ok::<_, rusqlite::Error>(NamesNoted {
                name: row.get(name)?,
                urlname: row.get(urlname)?,
            })
        };
        let new = names("new_name", "new_urlname")?;
        let old = match self.names.take() {
            Some((old, _)) => old,
            None => names("old_name", "old_urlname")?,
        };
        self.names = Some((old, new));
        Ok(())
    }
}
