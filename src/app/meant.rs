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
    let wanted = Wanted::of(written);
    let parts: [Way<'_>; 2] = [&Wanted::is_part_of_urlname, &Wanted::is_part_of_name];
    for (nth, way) in WHOLE.iter().copied().chain(parts).enumerate() {
        match found(known, &wanted, way)[..] {
            [] => {}
            [one] => return Ok(one),
            // A urlname is one group's, however often it was given away.
            [first, ..] if nth < URLNAMES => return Ok(first),
            ref several @ [..] => return Err(self::several(written, several)),
        }
    }
    Err(unknown(known, written, &wanted))
}

/// Which of the known groups is named by its id, its urlname, an address or its name, all of it: a line of a file
/// means no other. Otherwise why none is, with the nearest.
pub(super) fn named_whole(known: &[KnownGroup], written: &str) -> Result<usize, String> {
    let place = |one: &KnownGroup| known.iter().position(|it| it.key == one.key);
    let is_id = |it: &KnownGroup| it.id.as_str() == written.trim();
    if let Some(nth) = known.iter().position(is_id) {
        return Ok(nth);
    }
    let wanted = Wanted::of(written);
    for (nth, way) in WHOLE.iter().enumerate() {
        let found = found(known, &wanted, way);
        match found[..] {
            [] => {}
            [one, ..] if found.len() == 1 || nth < URLNAMES => {
                return place(one).ok_or_else(String::new);
            }
            _ => {
                let names: Vec<String> = found.iter().map(|it| clean(&it.urlname)).collect();
                return Err(format!(
                    "group: \"{}\" is the name of several; write one of {}",
                    clean(written),
                    names.join(", ")
                ));
            }
        }
    }
    let part = [
        &Wanted::is_part_of_urlname as Way<'_>,
        &Wanted::is_part_of_name,
    ]
    .into_iter()
    .find_map(|way| found(known, &wanted, way).first().copied());
    let nearest = nearest(known, &wanted).or(part);
    let nearest = nearest.map_or_else(String::new, |it| {
        format!("; the nearest is {}", clean(&it.urlname))
    });
    Err(format!(
        "group: none \"{}\" is known{nearest}",
        clean(written)
    ))
}

/// A way in which a group may be the one that is wanted.
type Way<'a> = &'a dyn Fn(&Wanted, &KnownGroup) -> bool;

/// The ways in which a group is named whole, the surest first.
const WHOLE: [Way<'static>; 4] = [
    &|wanted, it| wanted.is(&it.urlname),
    &|wanted, it| it.configured_as.as_deref().is_some_and(|it| wanted.is(it)),
    &|wanted, it| name_before_deletion(&it.urlname).is_some_and(|it| wanted.is(it)),
    &|wanted, it| !wanted.name.is_empty() && clean(&it.name).to_lowercase() == wanted.name,
];
/// So many of them go by urlnames.
const URLNAMES: usize = 3;

/// What somebody wrote for a group.
struct Wanted {
    /// As a urlname, in small letters.
    urlname: String,
    /// As a name, in small letters.
    name: String,
    /// As a part of a urlname.
    part: String,
}

impl Wanted {
    fn of(written: &str) -> Self {
        let name = clean(written).to_lowercase();
        let urlname = urlname_of(written).map_or_else(|| name.clone(), |it| it.to_lowercase());
        let part = urlname.replace(' ', "-");
        Self {
            urlname,
            name,
            part,
        }
    }

    fn is(&self, urlname: &str) -> bool {
        urlname.to_lowercase() == self.urlname
    }

    fn is_part_of_urlname(&self, it: &KnownGroup) -> bool {
        !self.part.is_empty() && it.urlname.to_lowercase().contains(&self.part)
    }

    fn is_part_of_name(&self, it: &KnownGroup) -> bool {
        !self.name.is_empty() && clean(&it.name).to_lowercase().contains(&self.name)
    }
}

/// The groups that are wanted in one way; of several, those that are still sponsored.
fn found<'a>(known: &'a [KnownGroup], wanted: &Wanted, way: Way<'_>) -> Vec<&'a KnownGroup> {
    let mut found: Vec<&KnownGroup> = known.iter().filter(|it| way(wanted, it)).collect();
    if found.iter().any(|it| it.gone_at.is_none()) {
        found.retain(|it| it.gone_at.is_none());
    }
    found
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

/// The group whose urlname or name is written most like what is wanted, where one is near enough.
fn nearest<'a>(known: &'a [KnownGroup], wanted: &Wanted) -> Option<&'a KnownGroup> {
    let longest = wanted.urlname.len() / 3;
    let distance = |group: &KnownGroup| {
        let urlname = clean(&group.urlname).to_lowercase();
        // What all names of a network begin with is seldom written.
        let ends = urlname.match_indices('-').map(|(at, _)| &urlname[at + 1..]);
        let ends = ends.map(|end| (strsim::damerau_levenshtein(&wanted.part, end), longest));
        let whole = [&urlname, &clean(&group.name).to_lowercase()]
            .map(|name| strsim::damerau_levenshtein(&wanted.urlname, name));
        let whole = whole.map(|distance| (distance, 3.max(longest)));
        let near = ends
            .chain(whole)
            .filter(|(distance, most)| distance <= most);
        near.map(|(distance, _)| distance).min()
    };
    known
        .iter()
        .filter_map(|group| Some((distance(group)?, group)))
        .min_by_key(|(distance, group)| (*distance, group.gone_at.is_some()))
        .map(|(_, group)| group)
}

fn unknown(known: &[KnownGroup], written: &str, wanted: &Wanted) -> Misused {
    let remedy = match nearest(known, wanted) {
        Some(group) => format!("did you mean {}?", clean(&group.urlname)),
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
