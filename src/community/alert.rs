//! Alerts: their kinds, and where each of them stands.

use chrono::{DateTime, Utc};

use super::words::closed;
use super::{EventToken, GroupId};

closed! {
    /// What an alert about a group is about. In the order in which a message tells them.
    AlertKind {
        /// An event close to its start was called off.
        CancelledSoon = "cancelled_soon",
        /// Nobody leads the group any more.
        Leaderless = "leaderless",
        /// The last active host left.
        LastHost = "last_host",
        /// Another organizer, or none any more.
        OrganizerChanged = "organizer_changed",
        /// Somebody got another leading role.
        NewLeader = "new_leader",
        /// Meetup's own word on the group got worse.
        MeetupStatus = "meetup_status",
        /// Another name or urlname.
        Renamed = "renamed",
        /// Back after a long silence.
        Restarted = "restarted",
        /// Its first event.
        FirstEvent = "first_event",
        /// A longer pause than usual.
        Overdue = "overdue",
        /// Not met for over 180 days.
        Quiet = "quiet",
        /// Soon below the events a year of the policy.
        Floor = "floor",
    }

    /// The daemon's own trouble, for whoever runs it.
    TroubleKind {
        /// Nothing was read for too long.
        NoGoodPass = "no_good_pass",
        /// A person must sign in.
        SignIn = "sign_in",
        /// Meetup's API differs from what is asked of it.
        Drift = "drift",
        /// A roster shrank too much to be believed.
        RefusedRoster = "refused_roster",
        /// What is known of a network, or of many groups, is old.
        StaleData = "stale_data",
        /// Messages to a channel were given up.
        DeadDelivery = "dead_delivery",
        /// No backup was made for too long.
        OldBackup = "old_backup",
        /// The network's own account came to lead many groups at once, or stopped.
        AdminRoles = "admin_roles",
    }

    /// A step that something watched may be at. Which steps it has, and which of them are worse, says
    /// whoever watches it.
    AlertStep {
        /// What the kind asks is not so.
        No = "no",
        /// It is so.
        Yes = "yes",
        /// Of Meetup's status: in good standing.
        Ok = "ok",
        /// The organizer's subscription lapsed.
        Grace = "grace",
        /// Without an active organizer.
        Frozen = "frozen",
        /// Closed by Meetup.
        Closed = "closed",
        /// Of the tie: the network shows it.
        Listed = "listed",
        /// The network shows it no more.
        Delisted = "delisted",
        /// Sponsored.
        Here = "here",
        /// Not sponsored any more.
        Gone = "gone",
        /// Of an event: it takes place.
        On = "on",
        /// It was called off.
        Off = "off",
        /// Not met for long, nothing announced.
        Quiet = "quiet",
        /// Meets, or announces to.
        Meets = "meets",
        /// Neither held nor announced anything.
        NothingYet = "nothing yet",
        /// Held or announced something.
        Begun = "begun",
        /// Of the daemon: nothing is wrong.
        Well = "well",
        /// Something is.
        Trouble = "trouble",
        /// Of a history: it was looked at.
        Looked = "looked",
    }
}

/// What a remembered state is of.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum AlertKey {
    /// Which history of a group the states of that group are from.
    History(GroupId),
    /// A kind, of a group as a whole.
    Group(AlertKind, GroupId),
    /// A group's tie to its network, of the kind `meetup_status`.
    Tie(GroupId),
    /// Whether a group is sponsored still, of the kind `meetup_status`.
    Gone(GroupId),
    /// An event, of the kind `cancelled_soon`.
    Event(GroupId, EventToken),
    /// The daemon's own trouble: of one scope or channel, where there may be several.
    Trouble(TroubleKind, Option<String>),
}

impl AlertKind {
    /// Whether its sentence names persons.
    pub const fn names_persons(self) -> bool {
        matches!(
            self,
            Self::Leaderless | Self::LastHost | Self::OrganizerChanged | Self::NewLeader
        )
    }
}

impl AlertKey {
    /// The group it is of.
    pub fn group(&self) -> Option<&GroupId> {
        match self {
            Self::History(group)
            | Self::Group(_, group)
            | Self::Tie(group)
            | Self::Gone(group)
            | Self::Event(group, _) => Some(group),
            Self::Trouble(..) => None,
        }
    }
}

/// Where something stands: one row of what alerts remember.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What it is of.
    pub key: AlertKey,
    /// The step it is held to be at.
    pub step: AlertStep,
    /// The better step it shows, not for long enough yet.
    pub rising: Option<AlertStep>,
    /// Since when; of a history, when its backfill was planned.
    pub since: DateTime<Utc>,
    /// When it was last told.
    pub told_at: Option<DateTime<Utc>>,
}
