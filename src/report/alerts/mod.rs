//! Alerts: what happened to a group, or to the daemon, that cannot wait for the digest.
//!
//! Everything is decided here as data: facts, what was remembered and what is muted go in; what to
//! remember and what to tell come out. Whoever calls this keeps both in one transaction, so a kill
//! repeats nothing and loses nothing.
//!
//! # What is told, and when again
//!
//! A state is remembered for each group and kind. The first look at a group only records its states,
//! so a first backfill tells nothing; and so does the first look after its history was planned anew
//! (a backfill begun again, a group that came back), and the first after a kind was switched on. From
//! then on, a state that gets worse is told once. It may be told again only after it was *clear*, at
//! every look, for as long as the list says; while it flickers within that time nothing is told.
//! What is not known changes no state: a group that was not read, whose history is incomplete, or
//! whose roster was refused neither fires nor clears.
//!
//! | kind | told when | clear again |
//! |---|---|---|
//! | `leaderless` | nobody leads the group any more, the network's admin left out | 3 days with a leader |
//! | `last_host` | of the active hosts (local hosts of an event in the last 180 days) the last one left the group | 3 days with an active host who is a member |
//! | `organizer_changed` | somebody else is its organizer, or nobody any more while others lead it | who was it before is told again as a change; who had it until less than 3 days ago, and nobody since, is none |
//! | `new_leader` | somebody got another leading role than organizer | 3 days without it |
//! | `renamed` | its name or its urlname is another one | with the next name |
//! | `meetup_status` | its status turns GRACE, FROZEN or worse; its tie turns DELISTED; it left the network or is gone. Each further step down is news, a step up is none | 3 days without a change at the better status |
//! | `cancelled_soon` | an event in person that was on is cancelled or deleted, noticed from 72 hours before its start to a day after | 12 hours on again |
//! | `restarted` | a group that had met, but not for over 180 days and with nothing announced, announces or holds an event | once it met since it was told and fell quiet anew; else after 30 days with nothing announced |
//! | `first_event` | a group that never met announces or holds an event | 30 days with none announced and none held |
//! | `overdue` | its pause became longer than usual; only where listed | 14 days |
//! | `quiet` | it has not met for over 180 days, and nothing is announced; only where listed | 14 days |
//! | `floor` | within 60 days it will be below the events a year of the policy; remembered for the digest, never sent | 14 days |
//!
//! An old event that leaves a window is no news: a group that has not met for so long that no host is
//! active any more has not *lost* its last host (that state is unknown then), and somebody who left
//! long ago becomes the last to have left only by another's leaving, not by another's event growing
//! old. Without `[staff]`, staff cannot be told from local hosts: then everybody but the network's
//! admin counts as local, which may miss that only staff is left, but never says so of a group that
//! still has a local host.
//!
//! What happens while it is muted is remembered and not told later.
//!
//! Roles are told from the log of them and names from what was noted of them, not from a state: each
//! line is looked at once, with the first look at its group that may be believed. Where the network's own
//! account came to lead four groups or more of one look, or stopped, the operator hears of it once, in
//! the place of alerts about each.
//!
//! The daemon's own trouble is told to the operator: see [`Health`].

mod account;
mod groups;
mod memory;
mod message;
mod operator;
mod readings;
mod renamed;
mod roles;
mod sentences;

use chrono::{DateTime, NaiveDate, Utc};

use crate::community::{Alert, AlertKey, AlertKind, GroupId};
use crate::metrics::{Happening, Leader};

pub use groups::{Ask, decide, is_first_look};
pub use message::{document, kept_document, message};
pub use operator::{DEAD, Health, Trouble, operator, operator_document, operator_message};

/// What became of the states that were looked at.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Decision {
    /// States to be remembered.
    pub remember: Vec<Alert>,
    /// Keys of states to be forgotten.
    pub forget: Vec<AlertKey>,
    /// What to tell, in the order of telling.
    pub tidings: Vec<Tiding>,
    /// What to tell the operator instead, where it is about the network's own account in many groups.
    pub account: Option<Trouble>,
    /// Lines of the log of roles that are to be noted as looked at.
    pub lines: Vec<i64>,
    /// Groups with their names and urlnames, which are to be noted.
    pub names: Vec<(GroupId, String, String)>,
}

/// One thing to tell about a group.
#[derive(Debug, Clone, PartialEq)]
pub struct Tiding {
    /// What it is.
    pub kind: AlertKind,
    /// Of which group.
    pub group: Subject,
    /// When it was noticed.
    pub noticed_at: DateTime<Utc>,
    /// What happened.
    pub sentence: String,
    /// The event it is about.
    pub event: Option<Happening>,
    /// Whom to write to.
    pub people: Vec<Leader>,
}

/// The group that a tiding is about.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // as in `community::Group`
pub struct Subject {
    pub id: GroupId,
    pub urlname: String,
    pub name: String,
    pub link: String,
    pub country: Option<String>,
    pub timezone: Option<String>,
    /// The day by the group's own clock.
    pub today: NaiveDate,
}
