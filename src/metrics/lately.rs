//! What was held in the week before: event by event, for a list.

use rusqlite::{Connection, named_params};

use super::figures::Happening;
use super::local::{Weeks, instant};
use super::settings::Settings;
use super::sql::sql;

/// An event of the seven local dates before A's.
#[derive(Debug, Clone, PartialEq)]
pub struct Lately {
    /// The urlname of its group.
    pub group: String,
    /// The name of its group.
    pub group_name: String,
    /// What the copies of a joint event share.
    pub joint: Option<String>,
    /// The event, with who said yes.
    pub event: Happening,
}

/// These events, by start; a joint one once for each group that has it.
///
/// # Errors
///
/// If the database cannot be read.
pub fn lately(conn: &Connection, settings: &Settings) -> rusqlite::Result<Vec<Lately>> {
    let weeks = Weeks::around(settings.as_of, settings.zone);
    let mut statement = conn.prepare_cached(sql!("lately.sql"))?;
    let named = named_params! {
        ":as_of": settings.as_of.timestamp(),
        ":week_before": weeks.before,
        ":today": weeks.today,
    };
    let rows = statement.query_map(named, |row| {
        let local: i64 = row.get("starts_local")?;
        Ok(Lately {
            group: row.get("urlname")?,
            group_name: row.get("name")?,
            joint: row.get("joint")?,
            event: Happening {
                token: row.get("token")?,
                title: row.get("title")?,
                event_type: row.get("event_type")?,
                starts_at: instant(row.get("starts_at")?),
                starts_local: instant(local).naive_utc(),
                url: row.get("url")?,
                yes: row.get("said_yes")?,
            },
        })
    })?;
    rows.collect()
}
