//! Our own words on a group: how it is doing, why it might be glad of a call, what comes first, why it is gone.

use super::words::closed;

closed! {
    /// How a group is doing: the first of these that fits.
    Status {
        /// Young, with fewer than three events.
        New = "new",
        /// Nothing held ever.
        Unstarted = "unstarted",
        /// Met again after a long silence.
        Restarted = "restarted",
        /// Silent for over 180 days.
        Quiet = "quiet",
        /// Long without a date: so long a pause is worth a call.
        Overdue = "overdue",
        /// Meets as agreed.
        OnTarget = "on_target",
        /// Meets now and then.
        Meeting = "meeting",
    }

    /// Why a group might be glad of a call, the most urgent first. The first that holds of a group is the
    /// one to act on.
    Cause {
        /// Everybody who hosted lately has left.
        LastHostLeft = "last_host_left",
        /// Nobody leads it.
        NoLeader = "no_leader",
        /// Long without a date: so long a pause is worth a call.
        Overdue = "overdue",
        /// Within two weeks of half a year without an event, nothing announced.
        TurningQuiet = "turning_quiet",
        /// New or restarted, and 30 days without a second date.
        SecondDate = "second_date",
        /// Never met, and nothing is announced.
        NotBegun = "not_begun",
        /// No leader was seen for 90 days, and nothing is announced.
        LeadersUnseen = "leaders_unseen",
        /// Below a step of the sponsor's policy.
        Policy = "policy",
        /// A leader who came often stays away.
        LeaderAway = "leader_away",
        /// Quiet for less than a year, nothing announced.
        Quiet = "quiet",
        /// Half of its events or more are hosted by us.
        MostlyOurs = "mostly_ours",
        /// Far fewer say yes than half a year before.
        TurnoutFalling = "turnout_falling",
    }

    /// What comes first in a list of groups.
    Order {
        /// Most people of the year up to the latest event.
        Stake = "stake",
        /// Longest without an event.
        Days = "days",
        /// By name.
        Name = "name",
        /// Most people who took part in the last 365 days.
        People = "people",
        /// Greatest loss of people against the year before.
        Change = "change",
        /// Soonest next date.
        Next = "next",
        /// Longest since a leader was seen.
        Leader = "leader",
        /// Most urgent cause.
        Cause = "cause",
        /// Longest since anybody was in contact.
        Contact = "contact",
        /// Worst status.
        Status = "status",
        /// By country.
        Country = "country",
        /// By time zone.
        Timezone = "timezone",
        /// By who looks after it, then those that nobody looks after.
        Owner = "owner",
    }

    /// The languages of letters.
    Language {
        /// English.
        En = "en",
        /// Spanish.
        Es = "es",
        /// French.
        Fr = "fr",
        /// German.
        De = "de",
        /// Portuguese.
        Pt = "pt",
    }

    /// Why a group is no longer sponsored.
    GoneWhy {
        /// It left its network.
        Left = "left",
        /// Meetup has it no more.
        Deleted = "deleted",
        /// The configuration names it no more.
        NotConfigured = "not configured",
    }
}
