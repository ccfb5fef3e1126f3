//! Which group is meant: by its urlname, an address, its name, or a part that only it has.

use super::{Misused, database::Database};
use crate::{
    community::{name_before_deletion, urlname_of},
    mirror::{self, KnownGroup},
    report::{GroupReport, Report, clean},
};
use anyhow::{Result, anyhow};
use chrono::{DateTime, Utc};

/// Choices told of several that may be meant.
const CHOICES: usize = 8;

/// The urlnames of all groups that are sponsored.
pub(crate) async fn urlnames(database: &Database) -> Result<Vec<String>> {
    let roster = database.read(mirror::roster).await?;
    let sponsored = roster.into_iter().filter(|it| it.gone_at.is_none());
    Ok(sponsored.map(|it| clean(&it.urlname)).collect())
}

/// The group that somebody means: by its urlname as it is, as it was configured or as it was before the
/// group was deleted, by the address of any of its pages, by its name, or by a part of its urlname or
/// name that no other has.
pub(crate) async fn group(database: &Database, written: &str) -> Result<KnownGroup> {
    let known = database.read(mirror::roster).await?;
    Ok(pick(&known, written)?.clone())
}

/// The group with an id of Meetup's.
pub(crate) async fn with_id(database: &Database, id: &str) -> Result<KnownGroup> {
    let known = database.read(mirror::roster).await?;
    let found = known.into_iter().find(|it| it.id.as_str() == id);
    found.ok_or_else(|| anyhow!("the group is not in the mirror any more\nload the page again"))
}

/// A known group in a report, or why it is in no figure of it.
pub(crate) fn in_report<'a>(report: &'a Report, known: &KnownGroup) -> Result<&'a GroupReport> {
    let id = known.id.as_str();
    if let Some(group) = report.groups.iter().find(|it| it.figures.id == id) {
        return Ok(group);
    }
    let urlname = clean(&known.urlname);
    let is_it = |known: &str| known.eq_ignore_ascii_case(&urlname);
    let day = |at: DateTime<Utc>| at.format("%Y-%m-%d");
    if let Some(group) = report.not_yet.iter().find(|it| is_it(&it.urlname)) {
        return Err(anyhow!(
            "the group \"{urlname}\" was founded on {}, after {}\nask for a later day with --as-of",
            day(group.founded_at),
            day(report.as_of)
        ));
    }
    if let Some(group) = report.left.iter().find(|it| it.id == id) {
        return Err(anyhow!(
            "the group \"{urlname}\" is no longer sponsored, since {}; it is in no figure\nits history stands under \"left\" in the JSON of the whole report",
            day(group.gone_at)
        ));
    }
    Err(anyhow!(
        "the group \"{urlname}\" is not sponsored; it is in no figure\n`gatherd groups` lists those that are"
    ))
}

fn pick<'a>(known: &'a [KnownGroup], written: &str) -> Result<&'a KnownGroup, Misused> {
    let urlname = urlname_of(written);
    let name = clean(written).to_lowercase();
    let wanted = urlname
        .as_deref()
        .map_or_else(|| name.clone(), str::to_lowercase);
    let as_part = wanted.replace(' ', "-");
    let is = |name: &str| name.to_lowercase() == wanted;
    let has = |text: &str, part: &str| !part.is_empty() && text.to_lowercase().contains(part);
    let ways: [&dyn Fn(&KnownGroup) -> bool; 6] = [
        &|it| is(&it.urlname),
        &|it| it.configured_as.as_deref().is_some_and(is),
        &|it| name_before_deletion(&it.urlname).is_some_and(is),
        &|it| !name.is_empty() && clean(&it.name).to_lowercase() == name,
        &|it| has(&it.urlname, &as_part),
        &|it| has(&clean(&it.name), &name),
    ];
    for (nth, way) in ways.iter().enumerate() {
        let mut found: Vec<&KnownGroup> = known.iter().filter(|it| way(it)).collect();
        // Of several, those that are still sponsored.
        if found.iter().any(|it| it.gone_at.is_none()) {
            found.retain(|it| it.gone_at.is_none());
        }
        match found[..] {
            [] => {}
            [one] => return Ok(one),
            // A urlname is one group's, however often it was given away.
            [first, ..] if nth < 3 => return Ok(first),
            _ => return Err(several(written, &found)),
        }
    }
    Err(unknown(known, written, &wanted))
}

fn several(written: &str, found: &[&KnownGroup]) -> Misused {
    let mut names: Vec<String> = found.iter().map(|it| clean(&it.urlname)).collect();
    let more = names.len().saturating_sub(CHOICES);
    names.truncate(CHOICES);
    let more = match more {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    Misused(format!(
        "\"{}\" may be one of {} groups\nwrite one of: {}{more}",
        clean(written),
        found.len(),
        names.join(", ")
    ))
}

fn unknown(known: &[KnownGroup], written: &str, wanted: &str) -> Misused {
    let as_part = wanted.replace(' ', "-");
    let distance = |group: &KnownGroup| {
        let urlname = clean(&group.urlname).to_lowercase();
        // What all names of a network begin with is seldom written.
        let ends = urlname.match_indices('-').map(|(at, _)| &urlname[at + 1..]);
        let ends = ends.map(|end| (strsim::damerau_levenshtein(&as_part, end), wanted.len() / 3));
        let whole = [&urlname, &clean(&group.name).to_lowercase()]
            .map(|name| strsim::damerau_levenshtein(wanted, name));
        let whole = whole.map(|distance| (distance, 3.max(wanted.len() / 3)));
        let near = ends
            .chain(whole)
            .filter(|(distance, most)| distance <= most);
        near.map(|(distance, _)| distance).min()
    };
    let nearest = known
        .iter()
        .filter_map(|group| Some((distance(group)?, group)))
        .min_by_key(|(distance, group)| (*distance, group.gone_at.is_some()));
    let remedy = match nearest {
        Some((_, group)) => format!("did you mean {}?", clean(&group.urlname)),
        None if known.is_empty() => "run `gatherd backfill` first, so that groups are known".into(),
        None => {
            "paste the group's address at Meetup, or write a part of it; `gatherd groups` lists all"
                .to_owned()
        }
    };
    Misused(format!(
        "no group \"{}\" is known here\n{remedy}",
        clean(written)
    ))
}
