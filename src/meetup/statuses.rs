//! The statuses that are asked for by name. They stand below everything that asks, since what we use
//! of the API is read here too.

/// Said every time: what comes without it is not known.
pub(crate) const SEARCHED: [&str; 3] = ["UPCOMING", "PAST", "CANCELLED"];
/// The same for one group's events, where the words are others. Drafts and templates are no events.
pub(crate) const LISTED: [&str; 7] = [
    "ACTIVE",
    "PAST",
    "CANCELLED",
    "CANCELLED_PERM",
    "AUTOSCHED",
    "AUTOSCHED_CANCELLED",
    "AUTOSCHED_FINISHED",
];
/// Every status the schema knows: whoever is asked for by id is wanted whatever became of them.
pub(crate) const ANY_STATUS: [&str; 14] = [
    "ABANDONED",
    "ACTIVE",
    "BLOCKED",
    "BOOTED",
    "BOUNCED",
    "DEAD",
    "GROUP_BLOCKED",
    "GROUP_BLOCKED_ORG",
    "INCOMPLETE",
    "LEADER",
    "PENDING",
    "PENDING_PAYMENT",
    "REMOVED",
    "UNAPPROVED",
];
/// Of those, whoever is in the group.
pub(crate) const IN_GROUP: [&str; 2] = ["ACTIVE", "LEADER"];
