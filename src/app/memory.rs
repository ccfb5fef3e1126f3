//! The memory of contact: which words are kept.

use super::{Misused, database::Database};
use crate::{community::Asked, config::Config, mirror::KnownGroup, report::clean};
use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};

/// As much text as is kept.
pub(crate) const LONGEST_NOTE: usize = 2000;
/// As much as a name may take.
pub(crate) const LONGEST_NAME: usize = 200;

/// Today by the schedule's zone.
pub(crate) fn today(config: &Config) -> NaiveDate {
    Utc::now()
        .with_timezone(&config.schedule.timezone)
        .date_naive()
}

/// Text as it is kept: one line, without control characters, neither empty nor endless.
pub(crate) fn text(what: &str, text: &str, longest: usize) -> Result<String> {
    let text = clean(text);
    let length = text.chars().count();
    if text.is_empty() {
        return Err(Misused(format!("{what} is empty\nwrite some words")).into());
    }
    if length > longest {
        let cause = format!("{what} has {length} characters, {longest} at most\nwrite less");
        return Err(Misused(cause).into());
    }
    Ok(text)
}

/// Keeps that somebody of a group was asked, and when to look again; the words that say so.
pub(crate) async fn asked(
    database: &Database,
    group: &KnownGroup,
    whom: Option<String>,
    again_on: Option<NaiveDate>,
    today: NaiveDate,
    now: DateTime<Utc>,
) -> Result<String> {
    let key = group.key;
    let id = database
        .with(move |mirror| mirror.write(now, |w| w.asked(key, whom.as_deref(), again_on)))
        .await?;
    // Where no day is given, the digest waits so long for an answer.
    let again = again_on.unwrap_or_else(|| today + Asked::PATIENCE);
    Ok(format!(
        "kept as n{id} that {} was asked; look again on {again}\n",
        named(group)
    ))
}

/// How a group is called in an answer.
pub(crate) fn named(group: &KnownGroup) -> String {
    let urlname = clean(&group.urlname);
    if group.gone_at.is_some() {
        format!("{urlname}, which is not sponsored any more")
    } else {
        urlname
    }
}
