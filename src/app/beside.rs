//! What stands beside a report that somebody reads: the memory of contact, and what was a year before.

use super::database::Database;
use crate::{
    community::Contact,
    config::Config,
    metrics::{self, GroupFigures, measure},
    mirror,
    report::{self, GroupReport},
};
use anyhow::Result;
use chrono::TimeDelta;

const YEAR: TimeDelta = TimeDelta::days(365);

/// What is remembered of contact with the groups.
pub(crate) async fn contacts(database: &Database) -> Result<Vec<Contact>> {
    Ok(database.read(mirror::contacts).await?)
}

/// What stands on a group's page besides the report.
#[derive(Default)]
pub(crate) struct Page {
    /// What is remembered of it, in lines.
    pub(crate) notes: Vec<String>,
    /// Its figures of a year before, if it was there.
    pub(crate) year_before: Option<GroupFigures>,
}

/// The page of a group beside a report of these settings.
pub(crate) async fn page(
    config: &Config,
    database: &Database,
    settings: &metrics::Settings,
    group: &GroupReport,
) -> Result<Page> {
    // What is shown of then is the group's own.
    let then = metrics::Settings {
        as_of: settings.as_of - YEAR,
        with_people: false,
        ..settings.alone(&group.figures.urlname)
    };
    let read = database.read(move |conn| {
        let measured = measure(conn, &then)?;
        Ok((mirror::contacts(conn)?, measured.groups))
    });
    let (contacts, before) = read.await?;
    let id = &group.figures.id;
    let local = settings.as_of.with_timezone(&config.schedule.timezone);
    let contact = contacts.iter().find(|it| it.group.as_str() == id);
    Ok(Page {
        notes: contact.map_or_else(Vec::new, |contact| {
            report::remembered(contact, local.fixed_offset(), report::TOLD)
        }),
        year_before: before.into_iter().find(|it| it.id == *id),
    })
}
