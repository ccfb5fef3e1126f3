//! Kinds of news about a group since the digest before.

use serde::Serialize;

use crate::community::closed;

closed! {
    /// A change that is news.
    Change {
        /// It is long without a date now.
        Overdue = "overdue",
        /// It has been silent for over 180 days now.
        Quiet = "quiet",
        /// It was long without a date and has one again.
        DateAgain = "date_again",
        /// It met again.
        MetAgain = "met_again",
        /// It meets as agreed now.
        OnTarget = "on_target",
        /// It is past its beginnings.
        Meeting = "meeting",
        /// It was not told of before.
        New = "new",
        /// It is no longer sponsored.
        Left = "left",
        /// Somebody else is its organizer, or nobody.
        OrganizerChanged = "organizer_changed",
        /// Somebody has another leading role in it.
        NewLeader = "new_leader",
        /// It has another name or address.
        Renamed = "renamed",
    }
}

impl Change {
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Overdue => "Now long without a date: ",
            Self::Quiet => "Now quiet, for over 180 days: ",
            Self::DateAgain => "Have a date again: ",
            Self::MetAgain => "Met again: ",
            Self::OnTarget => "Now meet as agreed: ",
            Self::Meeting => "Past their beginnings: ",
            Self::New => "New here: ",
            Self::Left => "No longer sponsored: ",
            Self::OrganizerChanged => "Another organizer: ",
            Self::NewLeader => "New leaders: ",
            Self::Renamed => "New names: ",
        }
    }
}

/// A group of which something changed since the digest before, as programs are told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// The group's id.
    pub id: String,
    /// Its urlname.
    pub urlname: String,
    /// What changed.
    pub change: Change,
}
