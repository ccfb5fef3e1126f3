//! The memory of contact: which group is meant, which words are kept.

use super::{Misused, database::Database};
use crate::{
    community::name_before_deletion,
    config::Config,
    mirror::{self, KnownGroup},
    report::clean,
};
use anyhow::Result;
use chrono::{NaiveDate, Utc};

/// As much text as is kept.
pub(crate) const LONGEST_NOTE: usize = 2000;
/// As much as a name may take.
pub(crate) const LONGEST_NAME: usize = 200;

/// The group of that urlname: as it is, as it was configured, or as it was before it was deleted.
pub(crate) async fn group(database: &Database, urlname: &str) -> Result<KnownGroup> {
    let known = database.read(mirror::roster).await?;
    let is = |name: &str| name.eq_ignore_ascii_case(urlname);
    let ways: [fn(&KnownGroup) -> Option<&str>; 3] = [
        |group| Some(&group.urlname),
        |group| group.configured_as.as_deref(),
        |group| name_before_deletion(&group.urlname),
    ];
    for way in ways {
        // Of two that had the name in turn, the one that is still sponsored.
        let named = known.iter().filter(|group| way(group).is_some_and(is));
        if let Some(group) = named.min_by_key(|group| group.gone_at.is_some()) {
            return Ok(group.clone());
        }
    }
    let wanted = urlname.to_lowercase();
    let nearest = known
        .iter()
        .map(|group| {
            let name = group.urlname.to_lowercase();
            (strsim::damerau_levenshtein(&wanted, &name), group)
        })
        .filter(|(distance, _)| *distance <= 3.max(wanted.len() / 3))
        .min_by_key(|(distance, group)| (*distance, group.gone_at.is_some()));
    let remedy = match nearest {
        Some((_, group)) => format!("did you mean {}?", clean(&group.urlname)),
        None if known.is_empty() => "run `gatherd backfill` first, so that groups are known".into(),
        None => "write the last part of the group's address at Meetup".to_owned(),
    };
    let urlname = clean(urlname);
    Err(Misused(format!("no group \"{urlname}\" is known here\n{remedy}")).into())
}

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

/// How a group is called in an answer.
pub(crate) fn named(group: &KnownGroup) -> String {
    let urlname = clean(&group.urlname);
    if group.gone_at.is_some() {
        format!("{urlname}, which is not sponsored any more")
    } else {
        urlname
    }
}
