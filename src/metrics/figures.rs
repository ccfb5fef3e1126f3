//! The figures as typed data; field names are the keys of the report.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, Utc};
use serde::Serialize;

use super::ahead::Ahead;
use super::months_met::MonthsMet;
use super::network_figures::{LeftGroup, NetworkFigures};
use super::pauses::{OffMonth, Pause};
use super::persons::People;
use super::policy::PolicyFigures;
use super::rate::Rate;
use crate::community::{EventType, GroupStatus, Role, Status, TieStatus};

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
    /// Median days from an event's creation at Meetup to its start, over the events of the last 365 days of
    /// which it is known; none under three.
    pub median_notice_days: Option<f64>,
    /// Events of the last 365 days, less the latest, at whose end the next date was known / those events.
    pub next_date_known: Rate,
    /// Calendar months (1 to 12) the group skips by custom.
    pub off_months: Vec<u32>,
    /// Cancelled / (cancelled and held), last 365 days.
    pub cancellation_rate: Rate,
}

/// Who said yes to the events of the last 365 days.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Attendance {
    /// Yes, summed over events.
    pub yes_365: i64,
    /// Distinct people among them.
    pub people_365: i64,
    /// The same as of 365 days before A; none: the group was not founded by then.
    #[serde(skip)]
    pub people_365_year_before: Option<i64>,
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
    /// The most events of the last 365 days that one person hosted alone / those with a known host.
    pub sole_host: Rate,
    /// Events hosted by staff alone / events with a known host; none while staff is not configured.
    pub staff_hosted_share: Option<Rate>,
    /// Leaders on the roster, less the network's admin; none for an A in the past.
    pub leaders: Option<i64>,
    /// Leaders seen on Meetup in the last 90 days / leaders.
    pub leader_activity: Option<Rate>,
    /// Whether there is no such leader.
    pub leaderless: Option<bool>,
}

/// Who knows whom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SideToSide {
    /// Pairs of people who took part together twice or more in person, last 365 days, in events of
    /// at most 60 participants.
    pub recurring_pairs: i64,
    /// People in such a pair / people who took part in such events.
    pub acquainted_rate: Rate,
}

/// Whether the group could go on without the sponsor. All of it is none while staff is not
/// configured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Handover {
    /// Observed months with an event that has a host, and none of staff / observed months.
    pub organic_cadence: Option<Rate>,
    /// What must be true.
    pub criteria: Option<Criteria>,
    /// All four are, over a year with six events; none while the roster does not speak of A.
    pub ready: Option<bool>,
}

/// What must be true of a group that is to be handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Criteria {
    /// Somebody local is organizer or co-organizer; none for an A in the past.
    pub local_lead: Option<bool>,
    /// Two local hosts or more in the last 180 days.
    pub two_local_hosts: bool,
    /// At least half of the events with a known host have none of staff; none without such events.
    pub local_majority: Option<bool>,
    /// Half of the observed months or more are organic; none without observed months.
    pub organic: Option<bool>,
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
    /// Where people meet.
    pub event_type: EventType,
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
    /// What they are there; an empty word where that is unknown.
    pub role: Role,
    /// Their page within the group.
    pub link: String,
    /// Their last visit to the group's page.
    pub last_access_at: Option<DateTime<Utc>>,
    /// The latest by A of their visits, their answers and the events they hosted, here.
    #[serde(skip)]
    pub last_seen_at: Option<DateTime<Utc>>,
    /// The start of the latest held event here that they hosted.
    #[serde(skip)]
    pub last_hosted_at: Option<DateTime<Utc>>,
    /// The start of the latest held event here in which they took part.
    #[serde(skip)]
    pub last_took_part_at: Option<DateTime<Utc>>,
}

/// Who hosted the most events of the last 365 days alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SoleHost {
    /// Meetup's id.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
}

/// A leader who came often and stays away: three events or more in (A - 365 d, A - 120 d], none since,
/// while two or more were held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Away {
    /// Meetup's id.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// The start of the latest event they took part in or hosted.
    pub last_at: DateTime<Utc>,
    /// Events they took part in or hosted in (A - 365 d, A - 120 d].
    pub came: i64,
    /// Events held since they were last there.
    pub held_since: i64,
}

/// A local host of the last 180 days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ActiveHost {
    /// Meetup's id.
    pub id: String,
    /// Display name.
    pub name: Option<String>,
    /// The start of the latest event hosted.
    pub last_hosted_at: DateTime<Utc>,
    /// Still on the group's roster today.
    pub is_member: bool,
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
    /// Latitude and longitude, in degrees.
    #[serde(skip)]
    pub at: Option<(f64, f64)>,
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
    pub side_to_side: SideToSide,
    pub growth: Growth,
    pub handover: Handover,
    /// The pause it is in; none while something is running or announced, and where its status says more.
    pub pause: Option<Pause>,
    /// People who took part in the 365 days up to its latest event.
    pub stake: i64,
    /// Where it stands beside the policy; none where there is no policy.
    pub policy: Option<PolicyFigures>,
    /// The 12 closed months, oldest first.
    pub months: Vec<Month>,
    /// Local hosts of the last 180 days, the latest first.
    #[serde(skip)]
    pub active_hosts: Vec<ActiveHost>,
    /// In which months it met, over all its time.
    #[serde(skip)]
    pub months_met: MonthsMet,
    /// Held events by year of the wall clock, oldest first.
    #[serde(skip)]
    pub years: Vec<(i64, i64)>,
    /// The most who said yes to an event in person before the last event, and how many such there
    /// were.
    #[serde(skip)]
    pub most_yes_before: Option<(i64, i64)>,
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
    /// What is usual between its events, as `pause.usual_days` has it, whether it is in a pause or not; none: it has met
    /// once at most.
    #[serde(skip)]
    pub usual_days: Option<f64>,
    /// Whether something is scheduled or running.
    #[serde(skip)]
    pub is_announced: bool,
    /// The months off, each with the years that say so.
    #[serde(skip)]
    pub off: Vec<OffMonth>,
    /// Who hosted the most events of the last 365 days alone; none where nobody did.
    #[serde(skip)]
    pub sole: Option<SoleHost>,
    /// The fewest hosts that an event of the last 365 days with a known host had.
    #[serde(skip)]
    pub fewest_hosts: Option<i64>,
    /// Those of `organizers.new_hosts_365` who are not staff.
    #[serde(skip)]
    pub new_local_hosts: i64,
    /// The start of the event at which the latest of all hosts who are not staff hosted here for the first time.
    #[serde(skip)]
    pub newest_host_at: Option<DateTime<Utc>>,
    /// Who said yes to its latest held events, the latest first: nine at most.
    #[serde(skip)]
    pub recent_yes: Vec<i64>,
    /// Leaders who came often and stay away.
    #[serde(skip)]
    pub away: Vec<Away>,
    /// Meetup's own word on it; none where that does not speak of A.
    #[serde(skip)]
    pub meetup_status: Option<GroupStatus>,
    /// Its tie to its network; none where that is unknown, or does not speak of A.
    #[serde(skip)]
    pub tie_status: Option<TieStatus>,
    /// Held events with start in (L - 365 d, L], L the latest held start: the events behind `stake`.
    #[serde(skip)]
    pub stake_events: i64,
    /// Events of this local month so far (held), and who said yes to them.
    #[serde(skip)]
    pub this_month: (i64, i64),
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
    /// Groups founded after A, in urlname order: in no figure.
    pub not_yet: Vec<NotYet>,
    /// Every scheduled event with its expected turnout, by start.
    pub ahead: Vec<Ahead>,
    /// Lists of persons; only where asked for.
    pub people: Option<People>,
}

/// A group that A is too early for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotYet {
    /// Its urlname.
    pub urlname: String,
    /// When it was founded.
    pub founded_at: DateTime<Utc>,
}
