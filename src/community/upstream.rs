//! Meetup's own enumerations, as far as anything is decided by them.

use super::words::open;

open! {
    /// Meetup's own word on a group.
    GroupStatus {
        Paid = "PAID",
        Grace = "GRACE",
        Frozen = "FROZEN",
        Dead = "DEAD",
        Blocked = "BLOCKED",
        Failed = "FAILED",
        OrgClosed = "ORG_CLOSED",
        Abandoned = "ABANDONED",
    }

    /// A group's tie to its network.
    TieStatus {
        Active = "ACTIVE",
        Delisted = "DELISTED",
        Inactive = "INACTIVE",
    }

    /// What somebody is in a group.
    Role {
        Organizer = "ORGANIZER",
        Coorganizer = "COORGANIZER",
        AsstOrganizer = "ASST_ORGANIZER",
        EventOrganizer = "EVENT_ORGANIZER",
        Member = "MEMBER",
    }

    /// Where people meet.
    EventType {
        Physical = "PHYSICAL",
        Online = "ONLINE",
        Hybrid = "HYBRID",
    }

    /// An RSVP's status.
    RsvpStatus {
        Yes = "YES",
        Attended = "ATTENDED",
        No = "NO",
        Waitlist = "WAITLIST",
        NoShow = "NO_SHOW",
        ExcusedAbsence = "EXCUSED_ABSENCE",
        Maybe = "MAYBE",
        YesPendingPayment = "YES_PENDING_PAYMENT",
        Havent = "HAVENT",
    }
}

impl Role {
    /// Whether it leads a group: any known role but that of a plain member.
    pub fn leads(&self) -> bool {
        matches!(
            self,
            Self::Organizer | Self::Coorganizer | Self::AsstOrganizer | Self::EventOrganizer
        )
    }
}

/// What Meetup hangs on the urlname of a group that was deleted, before an id.
const DELETED: &str = "_deleted@";

/// The urlname that a group had before it was deleted; none: it was not, as far as its name tells.
pub fn name_before_deletion(urlname: &str) -> Option<&str> {
    urlname.split_once(DELETED).map(|(name, _)| name)
}
