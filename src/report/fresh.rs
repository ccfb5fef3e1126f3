//! How fresh the data is, in figures.

use chrono::{DateTime, Utc};
use serde::Serialize;

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
