//! The figures as typed data; field names are the keys of the report.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;

/// A share with the counts it is made of.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Rate {
    /// How many did.
    pub numerator: i64,
    /// How many could.
    pub denominator: i64,
    /// Their quotient; none when nobody could.
    pub value: Option<f64>,
}

impl Rate {
    /// The rate of two counts.
    pub fn new(numerator: i64, denominator: i64) -> Self {
        #[allow(clippy::cast_precision_loss)] // counts of people and events stay far below 2^53
        let value = (denominator != 0).then(|| numerator as f64 / denominator as f64);
        Self {
            numerator,
            denominator,
            value,
        }
    }
}

/// How a group is doing: the first of these that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Young, with fewer than three events.
    New,
    /// Nothing held ever.
    Unstarted,
    /// Met again after a long silence.
    Restarted,
    /// Silent for over 180 days.
    Quiet,
    /// A longer pause than usual, nothing announced.
    Overdue,
    /// Meets as agreed.
    OnTarget,
    /// Meets now and then.
    Meeting,
}

impl Status {
    /// Reads the word used in SQL and JSON.
    pub fn parse(word: &str) -> Option<Self> {
        Some(match word {
            "new" => Self::New,
            "unstarted" => Self::Unstarted,
            "restarted" => Self::Restarted,
            "quiet" => Self::Quiet,
            "overdue" => Self::Overdue,
            "on_target" => Self::OnTarget,
            "meeting" => Self::Meeting,
            _ => return None,
        })
    }
}

/// How regularly a group meets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Cadence {
    /// The target in force: one event every so many months.
    pub every_months: i64,
    /// Observed months with a held event / observed months.
    pub monthly_cadence: Rate,
    /// Blocks with a held event / whole blocks of the target.
    pub target_cadence: Rate,
    /// Held events of the last 365 days.
    pub events_365: i64,
    /// Months met in a row up to now.
    pub streak_months: i64,
    /// Median days between consecutive events of the last 365 days.
    pub median_gap_days: Option<f64>,
    /// Whole days since the latest held event started.
    pub days_since_last_held: Option<i64>,
    /// Whole days to the next scheduled start.
    pub days_to_next_scheduled: Option<i64>,
    /// The pause in days after which it is longer than usual.
    pub overdue_after_days: f64,
    /// Calendar months (1 to 12) the group takes off.
    pub off_months: Vec<u32>,
    /// Cancelled / (cancelled and held), last 365 days.
    pub cancellation_rate: Rate,
}

/// Who said yes to the events of the last 365 days.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attendance {
    /// Yes, summed over events.
    pub yes_365: i64,
    /// Distinct people among them.
    pub people_365: i64,
    /// Median yes per event.
    pub median_yes: Option<f64>,
    /// Median yes per event not online.
    pub median_yes_in_person: Option<f64>,
    /// Median yes per online event.
    pub median_yes_online: Option<f64>,
    /// Guests brought by them.
    pub guests_365: i64,
    /// Events with attendance marked / events.
    pub attendance_taken: Rate,
    /// Yes / (yes and no-shows), where attendance was marked: an upper bound.
    pub show_rate: Rate,
}

/// How people come back.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Repeat {
    /// People who took part twice or more / people who took part, last 365 days.
    pub repeat_rate: Rate,
    /// Participations of people who had taken part before / participations, last 365 days.
    pub returning_share: Rate,
    /// Participants of one event who took part in the next one too / participants.
    pub next_event_return: Rate,
    /// First-timers who took part again within 90 days / first-timers who had the time.
    pub first_timer_return_90: Rate,
}

/// Who carries the group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Organizers {
    /// Distinct hosts, last 90 days.
    pub hosts_90: i64,
    /// Distinct hosts, last 365 days.
    pub hosts_365: i64,
    /// Those of `hosts_90` who are not staff; none while staff is not configured.
    pub local_hosts_90: Option<i64>,
    /// Hosts whose first event as host here is in the last 365 days.
    pub new_hosts_365: i64,
    /// Fewest hosts who together hold half of the (event, host) pairs.
    pub host_absence_factor: Option<i64>,
    /// Pairs of the busiest host / all pairs.
    pub top_host_share: Rate,
    /// Events hosted by staff alone / events with a known host; none while staff is not configured.
    pub staff_hosted_share: Option<Rate>,
    /// Leaders on the roster, less the network's admin; none for an A in the past.
    pub leaders: Option<i64>,
    /// Leaders seen on Meetup in the last 90 days / leaders.
    pub leader_activity: Option<Rate>,
    /// Whether there is no such leader.
    pub leaderless: Option<bool>,
}

/// How the group grows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Growth {
    /// Members on the roster; none for an A in the past.
    pub members: Option<i64>,
    /// Those who joined in the last 90 days.
    pub joined_90: Option<i64>,
    /// People who took part for the first time in the last 90 days.
    pub first_timers_90: i64,
}

/// One closed local month of a group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Month {
    /// `YYYY-MM`.
    pub month: String,
    /// Held events that started in it.
    pub events: i64,
    /// Yes, summed over them.
    pub yes: i64,
}

/// An event as a report names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Happening {
    /// Stable key.
    pub token: String,
    /// Title, as Meetup sent it.
    pub title: String,
    /// `PHYSICAL`, `ONLINE`, `HYBRID`.
    pub event_type: String,
    /// Start.
    pub starts_at: DateTime<Utc>,
    /// Start by the wall clock of the place.
    pub starts_local: NaiveDateTime,
    /// Its page.
    pub url: Option<String>,
    /// Who said yes, so far.
    pub yes: i64,
}

/// Someone to write to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Leader {
    /// Meetup's id.
    #[serde(skip)]
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// `ORGANIZER`, `COORGANIZER`, `ASST_ORGANIZER` or `EVENT_ORGANIZER`.
    pub role: String,
    /// Their page within the group.
    pub link: String,
    /// Their last visit to the group's page.
    pub last_access_at: Option<DateTime<Utc>>,
}

/// A group with all its figures. What is not serialized serves the sentences about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)] // as in `community::Group`, or explained at their own types
pub struct GroupFigures {
    pub id: String,
    pub urlname: String,
    pub name: String,
    pub link: String,
    pub city: Option<String>,
    pub country: Option<String>,
    pub timezone: Option<String>,
    pub history_complete: bool,
    /// None while the history is still being read.
    pub status: Option<Status>,
    pub organizers: Organizers,
    pub leaders: Vec<Leader>,
    pub last_event: Option<Happening>,
    pub next_event: Option<Happening>,
    pub cadence: Cadence,
    pub attendance: Attendance,
    pub repeat: Repeat,
    pub growth: Growth,
    /// The 12 closed months, oldest first.
    pub months: Vec<Month>,
    /// A by the group's own clock.
    #[serde(skip)]
    pub as_of_local: DateTime<FixedOffset>,
    /// The founding by the group's own clock.
    #[serde(skip)]
    pub founded_local: Option<DateTime<FixedOffset>>,
    /// When it joined the network, by its own clock.
    #[serde(skip)]
    pub joined_network_local: Option<DateTime<FixedOffset>>,
    /// Held events of all time.
    #[serde(skip)]
    pub events_ever: i64,
    /// The local date on which it met again after over 180 days, within the last 90, and how many
    /// days the pause had lasted.
    #[serde(skip)]
    pub restarted: Option<(NaiveDate, i64)>,
    /// Local dates of the present pause that fall in months off.
    #[serde(skip)]
    pub days_off: i64,
    /// Whether something is scheduled or running.
    #[serde(skip)]
    pub is_announced: bool,
}

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
    /// `left`, `deleted` or `not configured`.
    pub gone_why: Option<String>,
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
    /// The count of one status.
    pub fn of(&self, status: Status) -> i64 {
        let mut counts = *self;
        *counts.slot(status)
    }

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
    /// People who took part in two or more events / people who took part, last 365 days.
    pub repeat_rate: Rate,
}

/// Everything measured.
#[derive(Debug, Clone, PartialEq)]
pub struct Measured {
    /// The networks' names.
    pub networks: Vec<String>,
    /// In urlname order.
    pub groups: Vec<GroupFigures>,
    /// Over all of them whose history is complete.
    pub network: NetworkFigures,
    /// Groups that left, in urlname order.
    pub left: Vec<LeftGroup>,
}
