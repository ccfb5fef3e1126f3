//! The figures over the whole network as typed data; field names are the keys of the report.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::pauses::{Asks, Guidance};
use super::rate::Rate;
use crate::community::{GoneWhy, Status};

/// A group that left: its history stays, outside all other figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // as in `community::Group`
pub struct LeftGroup {
    pub id: String,
    pub urlname: String,
    pub name: String,
    pub link: String,
    pub country: Option<String>,
    pub timezone: Option<String>,
    pub gone_at: DateTime<Utc>,
    pub gone_why: Option<GoneWhy>,
    /// Held events of all time.
    pub events: i64,
    pub last_held_at: Option<DateTime<Utc>>,
}

/// How many groups have each status.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[allow(missing_docs)] // as in `Status`
pub struct ByStatus {
    pub new: i64,
    pub unstarted: i64,
    pub restarted: i64,
    pub quiet: i64,
    pub overdue: i64,
    pub on_target: i64,
    pub meeting: i64,
}

impl ByStatus {
    pub(super) fn slot(&mut self, status: Status) -> &mut i64 {
        match status {
            Status::New => &mut self.new,
            Status::Unstarted => &mut self.unstarted,
            Status::Restarted => &mut self.restarted,
            Status::Quiet => &mut self.quiet,
            Status::Overdue => &mut self.overdue,
            Status::OnTarget => &mut self.on_target,
            Status::Meeting => &mut self.meeting,
        }
    }
}

/// The figures over all groups whose history is complete. `_year_before` is the same 365 days earlier.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // the key is the window in days
pub struct NetworkFigures {
    /// Groups measured.
    pub groups: i64,
    pub groups_by_status: ByStatus,
    pub groups_met_30: i64,
    pub groups_met_30_year_before: i64,
    pub groups_met_90: i64,
    pub groups_met_90_year_before: i64,
    pub groups_met_365: i64,
    pub groups_met_365_year_before: i64,
    /// Groups on target / groups that are neither new, nor unstarted, nor silent for over a year.
    pub share_on_target: Rate,
    pub events_30: i64,
    pub events_30_year_before: i64,
    pub events_90: i64,
    pub events_90_year_before: i64,
    pub events_365: i64,
    pub events_365_year_before: i64,
    pub people_30: i64,
    pub people_30_year_before: i64,
    pub people_90: i64,
    pub people_90_year_before: i64,
    pub people_365: i64,
    pub people_365_year_before: i64,
    /// People whose first taking part anywhere in the network was in the last 90 days.
    pub first_timers_90: i64,
    pub first_timers_90_year_before: i64,
    /// People who took part in two or more events / people who took part, last 365 days.
    pub repeat_rate: Rate,
    /// People who took part in two or more groups / people who took part, last 365 days.
    pub cross_group_rate: Rate,
    /// Countries with a held event, last 365 days.
    pub countries: i64,
    /// Cities with a held event, last 365 days.
    pub cities: i64,
    /// Time zones with a held event, last 365 days.
    pub timezones: i64,
    /// Members all of whose groups are unstarted or quiet; none for an A in the past.
    pub stranded_members: Option<i64>,
    /// Pairs of groups that share people, the most overlapping first.
    pub overlaps: Vec<Overlap>,
    /// How many such pairs there are.
    pub overlaps_total: i64,
    /// What became of groups once silent.
    pub survival: Survival,
    /// The seven local dates before A's, by the schedule's clock.
    pub last_week: Week,
    /// A's local date and the six after it.
    pub next_week: Week,
    /// Events in person of the last 30 days, over for a day, at which no attendance was taken; 0 where the
    /// sponsor says its show rate.
    pub attendance_owed: i64,
    /// These events, the latest first.
    #[serde(skip)]
    pub owed: Vec<Owed>,
    /// Turnout by how long before an event was announced, by the days at which a band begins.
    pub notice: BTreeMap<u8, Option<NoticeBand>>,
    /// What came of asking; none under ten askings.
    pub asks: Option<Asks>,
    /// What became of cases like those that sentences speak of.
    #[serde(skip)]
    pub guidance: Guidance,
}

/// An event whose attendance is still to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The urlname of its group.
    pub group: String,
    /// Its date, by the wall clock of the place.
    pub starts_on: NaiveDate,
    /// Its page at Meetup, where known.
    pub url: Option<String>,
    /// It was in `last_week`.
    pub in_week: bool,
}

/// A week of the network: joint events count once.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Week {
    /// Events held, or to come.
    pub events: i64,
    /// Groups with one of them.
    pub groups: i64,
    /// Who said yes, summed over them.
    pub yes: i64,
    /// People who took part for the first time anywhere in the network; none for a week to come.
    pub first_timers: Option<i64>,
    /// The event with the most yes; none without events.
    pub biggest: Option<Biggest>,
    /// Of its events in person, those over for a day, and how many of these had their attendance taken;
    /// none for a week to come.
    #[serde(skip)]
    pub taken: Option<Rate>,
}

/// The biggest event of a week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Biggest {
    /// The group's urlname.
    pub group: String,
    /// The event's title.
    pub title: String,
    /// Who said yes.
    pub yes: i64,
    /// Groups that held it together, `group` included: those whose yes are united.
    #[serde(skip)]
    pub groups: i64,
}

/// Events announced about as long before, over the last 365 days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct NoticeBand {
    /// How many.
    pub events: i64,
    /// The median of an event's yes / its group's median yes.
    pub ratio: f64,
}

/// Two groups that five people or more took part in, last 365 days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Overlap {
    /// Their urlnames, in order.
    pub groups: [String; 2],
    /// People who took part in both / people who took part in the smaller one.
    #[serde(flatten)]
    pub shared: Rate,
}

/// Of pauses that lasted so many months, those that ended within another year / all that have had
/// that year; none where there were not over 20.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
#[allow(missing_docs)] // the key is the length in months
pub struct Survival {
    #[serde(rename = "6")]
    pub months_6: Option<Rate>,
    #[serde(rename = "12")]
    pub months_12: Option<Rate>,
    #[serde(rename = "24")]
    pub months_24: Option<Rate>,
    #[serde(rename = "36")]
    pub months_36: Option<Rate>,
}
