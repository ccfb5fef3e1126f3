//! How fresh the data is, in figures and in the one sentence that every text of a report says of it.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::compose::Report;
use super::words::count;

/// How a group was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Which.
    pub urlname: String,
    /// When it was last read without failure; none: never.
    pub read_at: Option<DateTime<Utc>>,
    /// Why the last pass that should have read it could not, where it could not.
    pub unread: Option<String>,
}

/// How fresh the data is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Freshness {
    /// When the last good pass finished.
    pub last_pass_at: Option<DateTime<Utc>>,
    /// When the group that was read longest ago was; composing fills it in.
    pub oldest_read_at: Option<DateTime<Utc>>,
    /// Urlnames of groups that could not be read.
    pub unread_groups: Vec<String>,
    /// Why not, by urlname, in the same order.
    pub unread_reasons: Vec<String>,
    /// Urlnames of groups whose history is still being read; composing fills it in.
    pub incomplete_groups: Vec<String>,
    /// How each group was read; one that is missing was read in the last good pass.
    #[serde(skip)]
    pub readings: Vec<Reading>,
}

impl Freshness {
    /// From the last good pass and the groups that fail, each with its reason. All others were read then.
    pub fn new(last_pass_at: Option<DateTime<Utc>>, unread: Vec<(String, String)>) -> Self {
        let readings = unread.into_iter().map(|(urlname, why)| Reading {
            urlname,
            read_at: None,
            unread: Some(why),
        });
        Self::of(last_pass_at, readings.collect())
    }

    /// From the last good pass and how each group was read.
    pub fn of(last_pass_at: Option<DateTime<Utc>>, readings: Vec<Reading>) -> Self {
        let unread = readings
            .iter()
            .filter_map(|it| Some((it, it.unread.as_ref()?)));
        let (unread_groups, unread_reasons) = unread
            .map(|(it, why)| (it.urlname.clone(), why.clone()))
            .unzip();
        Self {
            last_pass_at,
            oldest_read_at: None,
            unread_groups,
            unread_reasons,
            incomplete_groups: Vec::new(),
            readings,
        }
    }

    /// When a group was last read without failure; none: never.
    pub fn read_at(&self, urlname: &str) -> Option<DateTime<Utc>> {
        match self.readings.iter().find(|it| it.urlname == urlname) {
            Some(reading) => reading.read_at,
            None => self.last_pass_at,
        }
    }
}

/// `Mon 15 Jun 06:00 UTC`.
fn minute(at: DateTime<Utc>) -> String {
    at.format("%a %-d %b %H:%M UTC").to_string()
}

/// The whole days from then to the report, in words; empty under one.
fn days_before(report: &Report, at: DateTime<Utc>, noun: &str) -> String {
    match (report.as_of - at).num_days() {
        ..=0 => String::new(),
        1 => format!(", a day before this {noun}"),
        n => format!(", {n} days before this {noun}"),
    }
}

/// To when the data goes, of the groups that the report tells of, and which of them could not be read.
/// `noun` is what it stands in, `listed` names some of those that were not read.
pub(super) fn sentences(report: &Report, noun: &str, listed: &str) -> String {
    let is_read = |it: &&super::GroupReport| !report.is_unread(it);
    let oldest = report
        .groups
        .iter()
        .filter(is_read)
        .filter_map(|it| it.read_at)
        .min();
    let unread: Vec<_> = report
        .groups
        .iter()
        .filter(|it| report.is_unread(it))
        .collect();
    let all = report.groups.len();
    let data = |at: Option<DateTime<Utc>>| {
        at.map_or_else(
            || "No pass has read all of it yet".to_owned(),
            |at| format!("Data to {}{}", minute(at), days_before(report, at, noun)),
        )
    };
    if unread.is_empty() {
        let data = data(oldest.or(report.freshness.last_pass_at));
        return match all {
            0 => format!("{data}."),
            1 => format!("{data}. The group was read."),
            _ => format!("{data}. All {all} groups were read."),
        };
    }
    let last = last_read(unread.iter().map(|it| it.read_at));
    let nothing = format!(
        "nothing is said of how {} doing: {listed}",
        match unread.len() {
            1 => "it is",
            _ => "they are",
        }
    );
    if unread.len() == all {
        let oldest = unread.iter().filter_map(|it| it.read_at).min();
        return match (oldest, all) {
            (None, 1) => format!("The group was never read, so {nothing}."),
            (None, _) => format!("None of the {all} groups was ever read, so {nothing}."),
            (oldest, 1) => format!(
                "{}. The group could not be read since, so {nothing}.",
                data(oldest)
            ),
            (oldest, _) => format!(
                "{}. None of the {all} groups could be read since, so {nothing}.",
                data(oldest)
            ),
        };
    }
    let were = if unread.len() == 1 { "was" } else { "were" };
    format!(
        "{}, all but {}, which {were} {last}, so {nothing}.",
        data(oldest.or(report.freshness.last_pass_at)),
        count(unread.len() as i64, "group", "groups"),
    )
}

/// "last read on Sat 28 Nov 06:00 UTC", or between two such instants, or never.
fn last_read(at: impl Iterator<Item = Option<DateTime<Utc>>> + Clone) -> String {
    let is_never = at.clone().any(|at| at.is_none());
    let (first, last) = (at.clone().flatten().min(), at.flatten().max());
    let (Some(first), Some(last)) = (first, last) else {
        return "never read".to_owned();
    };
    let or_never = if is_never { ", or never" } else { "" };
    if minute(first) == minute(last) {
        format!("last read on {}{or_never}", minute(first))
    } else {
        format!(
            "last read between {} and {}{or_never}",
            minute(first),
            minute(last)
        )
    }
}
