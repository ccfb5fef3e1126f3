//! Why a group might be glad of a call, as its figures say: which causes hold, and how much is at stake.
//!
//! Sentences about them are the digest's; here nothing is worded.

use crate::community::{AlertKind, Cause};
use crate::metrics::{GroupFigures, Status};

/// A staff share under so many events says nothing of who carries a group.
const ENOUGH_EVENTS: i64 = 3;
/// A group turns quiet within these days of its latest start.
const TURNING_QUIET: std::ops::RangeInclusive<i64> = 166..=180;
/// From so many days after its last event on, a young group's second date is worth a word.
const SECOND_DATE: i64 = 30;
/// A group that is quiet for longer is past the point where a call of this kind helps.
const QUIET_UNTIL: i64 = 366;
/// A median below this is too small to fall.
const TURNOUT_FROM: f64 = 10.0;

impl Cause {
    /// The causes of a group, the most urgent first; none while its history is incomplete.
    pub fn of(group: &GroupFigures) -> Vec<Self> {
        if group.status.is_none() {
            return Vec::new();
        }
        let all = Self::ALL.iter().copied();
        all.filter(|cause| cause.holds(group)).collect()
    }

    /// The kind of alert that tells the same; muting that mutes this.
    pub fn alert(self) -> Option<AlertKind> {
        match self {
            Self::LastHostLeft => Some(AlertKind::LastHost),
            Self::NoLeader => Some(AlertKind::Leaderless),
            Self::Overdue => Some(AlertKind::Overdue),
            Self::Quiet => Some(AlertKind::Quiet),
            Self::TurningQuiet
            | Self::SecondDate
            | Self::NotBegun
            | Self::LeadersUnseen
            | Self::Policy
            | Self::LeaderAway
            | Self::MostlyOurs
            | Self::TurnoutFalling => None,
        }
    }

    /// How much of the stake a cause puts at risk: 1 where nobody carries the group, the risk of the pause
    /// (a half at least) where it is one, else a half.
    pub fn weight(self, group: &GroupFigures) -> f64 {
        match self {
            Self::LastHostLeft | Self::NoLeader => 1.0,
            Self::Overdue | Self::TurningQuiet | Self::SecondDate | Self::Quiet => {
                group.pause.map_or(0.5, |pause| pause.risk.max(0.5))
            }
            Self::NotBegun
            | Self::LeadersUnseen
            | Self::Policy
            | Self::LeaderAway
            | Self::MostlyOurs
            | Self::TurnoutFalling => 0.5,
        }
    }

    fn holds(self, group: &GroupFigures) -> bool {
        let organizers = &group.organizers;
        let status = group.status;
        let days = group.cadence.days_since_last_held;
        let is_new = status == Some(Status::New);
        let lives = group.cadence.events_365 > 0 || is_new;
        // Nothing to come; "or running" is asked where it matters.
        let is_silent = group.next_event.is_none();
        match self {
            Self::LastHostLeft => hosts_left(group),
            Self::NoLeader => lives && organizers.leaderless == Some(true),
            Self::Overdue => group.pause.is_some_and(|pause| pause.call),
            Self::TurningQuiet => {
                is_silent
                    && status != Some(Status::Quiet)
                    && days.is_some_and(|days| TURNING_QUIET.contains(&days))
            }
            Self::SecondDate => {
                let is_young = is_new && (1..=2).contains(&group.events_ever);
                !group.is_announced
                    && (is_young || status == Some(Status::Restarted))
                    && days.is_some_and(|days| days >= SECOND_DATE)
            }
            Self::NotBegun => group.events_ever == 0 && is_silent,
            Self::LeadersUnseen => {
                let is_seen = |seen: Option<chrono::DateTime<chrono::Utc>>| {
                    let from = group.as_of_local - chrono::TimeDelta::days(90);
                    seen.is_some_and(|at| at > from && at <= group.as_of_local)
                };
                lives
                    && is_silent
                    && organizers.leaders.is_some_and(|leaders| leaders > 0)
                    && !group
                        .leaders
                        .iter()
                        .any(|leader| is_seen(leader.last_seen_at))
            }
            Self::Policy => group
                .policy
                .as_ref()
                .is_some_and(|policy| !policy.below.is_empty()),
            Self::LeaderAway => !group.away.is_empty(),
            Self::Quiet => {
                status == Some(Status::Quiet)
                    && is_silent
                    && days.is_some_and(|days| days < QUIET_UNTIL)
            }
            Self::MostlyOurs => organizers.staff_hosted_share.is_some_and(|of| {
                of.denominator >= ENOUGH_EVENTS && 2 * of.numerator >= of.denominator
            }),
            Self::TurnoutFalling => Turnout::of(group).is_some_and(Turnout::is_falling),
        }
    }
}

/// Whether all who hosted in the last 180 days, at least one of them local, have left the group; false
/// where its roster is unknown.
pub fn hosts_left(group: &GroupFigures) -> bool {
    let hosts = &group.active_hosts;
    group.organizers.leaders.is_some()
        && !hosts.is_empty()
        && hosts.iter().all(|host| !host.is_member)
}

/// The latest three events beside the six before them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turnout {
    /// Median yes of the latest three.
    pub now: f64,
    /// Median yes of the six before.
    pub before: f64,
}

impl Turnout {
    /// Of a group that held nine events.
    pub fn of(group: &GroupFigures) -> Option<Self> {
        let (now, before) = group.recent_yes.split_at_checked(3)?;
        let before = before.get(..6)?;
        Some(Self {
            now: median(now),
            before: median(before),
        })
    }

    /// At most 60 % of what it was, which was 10 or more.
    pub fn is_falling(self) -> bool {
        // In fifths, which are exact: medians are whole or halves.
        self.before >= TURNOUT_FROM && 5.0 * self.now <= 3.0 * self.before
    }
}

/// The median of counts; 0 of none.
fn median(counts: &[i64]) -> f64 {
    let mut counts = counts.to_vec();
    counts.sort_unstable();
    let middle = |place: usize| counts.get(place).copied().unwrap_or_default();
    let sum = middle((counts.len().max(1) - 1) / 2) + middle(counts.len() / 2);
    #[allow(clippy::cast_precision_loss)] // counts of people stay far below 2^53
    let sum = sum as f64;
    sum / 2.0
}
