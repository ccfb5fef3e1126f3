//! Measurements become a report.

use chrono::{DateTime, SubsecRound, Utc};
use serde::Serialize;

use super::fresh::Freshness;
use super::persons::{PeopleReport, people};
use super::reasons::reasons;
use super::words::{count, share};
use crate::community::{Cause, Policy};
use crate::metrics::{
    Ahead, GroupFigures, LeftGroup, Measured, NetworkFigures, NotYet, Rate, Settings, Status,
};

/// Version of the definitions of the figures.
pub const DEFINITIONS: u32 = 2;

/// A report as plain data; serialized, it is the documented JSON.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// Version of this shape.
    pub schema_version: u32,
    /// Version of the definitions of the figures.
    pub definitions_version: u32,
    /// A: the instant as of which everything is counted.
    pub as_of: DateTime<Utc>,
    /// When the report was made.
    pub generated_at: DateTime<Utc>,
    /// The names of the networks.
    pub networks: Vec<String>,
    /// Over all groups whose history is complete.
    pub network: NetworkFigures,
    /// Every measured group, in urlname order.
    pub groups: Vec<GroupReport>,
    /// How many groups there are, where only some of them are told of; the figures of the network are of all.
    #[serde(skip)]
    pub part_of: Option<i64>,
    /// Groups that left, with their history, outside all other figures.
    pub left: Vec<LeftGroup>,
    /// Every scheduled event with its expected turnout, by start.
    pub ahead: Vec<Ahead>,
    /// Lists of persons; absent unless they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub people: Option<PeopleReport>,
    /// Groups founded after A: in nothing above.
    #[serde(skip)]
    pub not_yet: Vec<NotYet>,
    /// How fresh all of it is.
    pub freshness: Freshness,
    /// What is unknown, and what to configure to know it, in sentences.
    pub remarks: Vec<String>,
    /// What was configured, as far as sentences speak of it.
    #[serde(skip)]
    pub known: Known,
}

/// What was configured, and what is known for it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Known {
    /// Whether it is known who is staff.
    pub staff: bool,
    /// Whether the roster speaks of A.
    pub roster: bool,
    /// The share of those who say yes that comes, as the sponsor says.
    pub show_rate: Option<f64>,
    /// What the sponsor asks of every group.
    pub policy: Policy,
}

/// A group's figures with the sentences that explain its status.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupReport {
    /// The figures.
    #[serde(flatten)]
    pub figures: GroupFigures,
    /// Why it has the status it has.
    pub reasons: Vec<String>,
    /// Why a call would help, the most urgent first.
    pub causes: Vec<Cause>,
    /// When it was last read without failure; none: never.
    pub read_at: Option<DateTime<Utc>>,
}

/// One group by itself, as JSON: its part of the report, and what it rests on.
#[derive(Debug, Serialize)]
pub struct GroupDocument<'a> {
    /// As in the report.
    pub as_of: DateTime<Utc>,
    /// As in the report.
    pub generated_at: DateTime<Utc>,
    /// As in the report.
    pub definitions_version: u32,
    /// The group.
    #[serde(flatten)]
    pub group: &'a GroupReport,
    /// Its scheduled events with their expected turnout.
    pub ahead: Vec<&'a Ahead>,
}

impl<'a> GroupDocument<'a> {
    /// A group of a report.
    pub fn new(report: &'a Report, group: &'a GroupReport) -> Self {
        Self {
            as_of: report.as_of,
            generated_at: report.generated_at,
            definitions_version: report.definitions_version,
            group,
            ahead: report.ahead_of(group).collect(),
        }
    }
}

impl Report {
    /// The same, with how fresh it is now.
    #[must_use]
    pub fn with_freshness(mut self, freshness: Freshness) -> Self {
        let incomplete_groups = std::mem::take(&mut self.freshness.incomplete_groups);
        for group in &mut self.groups {
            group.read_at = freshness.read_at(&group.figures.urlname);
        }
        self.freshness = Freshness {
            incomplete_groups,
            ..freshness
        };
        self.find_oldest();
        self
    }

    /// One group, by its urlname (upper and lower case alike).
    pub fn group(&self, urlname: &str) -> Option<&GroupReport> {
        self.groups
            .iter()
            .find(|group| group.figures.urlname.eq_ignore_ascii_case(urlname))
    }

    /// A group's scheduled events, by start.
    pub fn ahead_of(&self, group: &GroupReport) -> impl Iterator<Item = &Ahead> {
        let urlname = group.figures.urlname.clone();
        self.ahead
            .iter()
            .filter(move |event| event.group == urlname)
    }

    /// The groups of a status, in urlname order. One that could not be read is of none: how it is
    /// doing is unknown.
    pub fn with_status(&self, status: Status) -> Vec<&GroupReport> {
        self.groups
            .iter()
            .filter(|group| group.figures.status == Some(status) && !self.is_unread(group))
            .collect()
    }

    /// Finds when the group told of that was read longest ago was.
    pub(super) fn find_oldest(&mut self) {
        let read = self.groups.iter().filter_map(|group| group.read_at);
        self.freshness.oldest_read_at = read.min();
    }

    /// Whether a group could not be read.
    pub fn is_unread(&self, group: &GroupReport) -> bool {
        self.freshness
            .unread_groups
            .contains(&group.figures.urlname)
    }
}

/// Composes the report.
pub fn compose(measured: Measured, settings: &Settings, freshness: Freshness) -> Report {
    let remarks = remarks(&measured, settings);
    let incomplete = measured
        .groups
        .iter()
        .filter(|group| !group.history_complete)
        .map(|group| group.urlname.clone())
        .collect();
    let report = Report {
        schema_version: 2,
        definitions_version: DEFINITIONS,
        as_of: settings.as_of.trunc_subsecs(0),
        generated_at: settings.generated_at.trunc_subsecs(0),
        networks: measured.networks,
        network: measured.network,
        freshness: Freshness {
            incomplete_groups: incomplete,
            ..Freshness::default()
        },
        groups: measured
            .groups
            .into_iter()
            .map(|figures| GroupReport {
                reasons: reasons(&figures),
                causes: Cause::of(&figures),
                read_at: None,
                figures,
            })
            .collect(),
        part_of: None,
        left: measured.left,
        ahead: measured.ahead,
        people: measured
            .people
            .map(|lists| people(lists, settings.as_of.date_naive())),
        not_yet: measured.not_yet,
        remarks,
        known: Known {
            staff: settings.knows_staff(),
            roster: settings.knows_roster(),
            show_rate: settings.show_rate,
            policy: settings.policy,
        },
    };
    report.with_freshness(freshness)
}

/// What is said where the roster does not speak of A.
pub(super) const NO_ROSTER: &str = "Rosters have no history: members and leaders as of that day are unknown; organizers shown are today's.";

fn remarks(measured: &Measured, settings: &Settings) -> Vec<String> {
    let mut remarks: Vec<String> = attendance_marked(measured.groups.iter())
        .into_iter()
        .collect();
    if !settings.knows_staff() {
        remarks.push(
            "Which hosts are staff is not configured: list their ids as member_ids under [staff] to see who is local."
                .to_owned(),
        );
    }
    if !settings.knows_roster() {
        remarks.push(NO_ROSTER.to_owned());
    }
    remarks
}

/// At how many events of these groups attendance was marked. None where nothing was held.
pub fn attendance_marked<'a>(groups: impl Iterator<Item = &'a GroupFigures>) -> Option<String> {
    let rates = groups
        .filter(|group| group.history_complete)
        .map(|group| group.attendance.attendance_taken)
        .filter(|rate| rate.denominator > 0);
    let (mut marked, mut held, mut never) = (0, 0, 0);
    for rate in rates {
        marked += rate.numerator;
        held += rate.denominator;
        never += i64::from(rate.numerator == 0);
    }
    if held == 0 {
        return None;
    }
    if marked == 0 {
        return Some(
            "Attendance is never marked: figures are who said yes, not who came.".to_owned(),
        );
    }
    let never = match never {
        0 => String::new(),
        n => format!(", and never in {}", count(n, "group", "groups")),
    };
    // A joint event is marked by each group that has a copy.
    Some(format!(
        "Attendance was marked at {} in the last 365 days{never}; elsewhere, figures are who said yes.",
        share(Rate::new(marked, held), "events of the groups"),
    ))
}
