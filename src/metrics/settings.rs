//! What a measurement depends on besides the mirror.

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use super::pauses::CallRule;
use crate::community::{Access, MemberId, Policy};

/// What a measurement depends on besides the mirror.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// A: the instant as of which everything is counted.
    pub as_of: DateTime<Utc>,
    /// When the report is made. Figures from the roster are null when A is over 24 h before it.
    pub generated_at: DateTime<Utc>,
    /// The configured staff; none (or nobody) leaves figures that need it null.
    pub staff: Option<Vec<MemberId>>,
    /// The share of blocks a group must meet to be on target.
    pub target_share: f64,
    /// Configured targets; what the command `target` stored wins over them.
    pub targets: Vec<Target>,
    /// Days without a date after which a call is always worth it, for a group that is to meet every month.
    pub call_after_days: u32,
    /// The share of pauses alike that went long from which on a call comes sooner.
    pub call_at: f64,
    /// The share of those who say yes that comes, as the sponsor knows it; none: as measured.
    pub show_rate: Option<f64>,
    /// What the sponsor asks of every group.
    pub policy: Policy,
    /// The zone of the schedule, in which the network's weeks are counted.
    pub zone: Tz,
    /// Only groups that each of these reaches are measured, as if there were no others; none: all.
    pub only: Vec<Access>,
    /// Whether to make the lists of persons.
    pub with_people: bool,
    /// Whether groups of which the last 365 days are read are measured as if that were all of their past.
    pub first_look: bool,
}

/// A configured target: one event every n months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    /// The group's urlname; none: all groups without a target of their own.
    pub group: Option<String>,
    /// n, from 1 to 4.
    pub every_months: u8,
}

impl Settings {
    /// Settings as of an instant, reported at the same instant, with nothing configured.
    pub fn as_of(as_of: DateTime<Utc>) -> Self {
        Self {
            as_of,
            generated_at: as_of,
            staff: None,
            target_share: 0.75,
            targets: Vec::new(),
            call_after_days: 90,
            call_at: 0.6,
            show_rate: None,
            policy: Policy::default(),
            zone: Tz::UTC,
            only: Vec::new(),
            with_people: false,
            first_look: false,
        }
    }

    /// The same of one group, as if there were no others.
    #[must_use]
    pub fn alone(&self, urlname: &str) -> Self {
        Self {
            only: vec![Access {
                groups: vec![urlname.to_owned()],
                ..Access::default()
            }],
            ..self.clone()
        }
    }

    /// Whether `[staff]` counts as configured.
    pub fn knows_staff(&self) -> bool {
        self.staff.as_ref().is_some_and(|staff| !staff.is_empty())
    }

    /// The one group that is measured, where it is named: then no other needs to be looked at.
    pub(super) fn only_group(&self) -> Option<&str> {
        let mut named = self.only.iter().map(|only| only.groups.as_slice());
        named.find_map(|groups| match groups {
            [one] => Some(one.as_str()),
            _ => None,
        })
    }

    /// When a call is worth it.
    pub(super) fn call_rule(&self) -> CallRule {
        CallRule {
            after: i64::from(self.call_after_days),
            at: self.call_at,
        }
    }

    /// Whether the roster, which has no history, still speaks of A.
    pub fn knows_roster(&self) -> bool {
        self.generated_at - self.as_of <= TimeDelta::hours(24)
    }

    /// Whether what was measured by these settings stands for the others: all the same but when it was
    /// made, while the roster speaks of A to both or to neither, and with every list that is wanted.
    pub fn stands_for(&self, others: &Self) -> bool {
        let alike = Self {
            generated_at: others.generated_at,
            with_people: others.with_people,
            ..self.clone()
        };
        alike == *others
            && self.knows_roster() == others.knows_roster()
            && (self.with_people || !others.with_people)
    }

    /// The configured target of a group, 1 if there is none.
    pub(super) fn every_months(&self, urlname: &str) -> i64 {
        let of = |wanted: Option<&str>| {
            self.targets
                .iter()
                .rev()
                .find(|target| match (target.group.as_deref(), wanted) {
                    (Some(group), Some(wanted)) => group.eq_ignore_ascii_case(wanted),
                    (group, wanted) => group == wanted,
                })
                .map(|target| i64::from(target.every_months))
        };
        of(Some(urlname)).or_else(|| of(None)).unwrap_or(1)
    }
}
