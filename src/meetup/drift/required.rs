//! Without what nothing works. Every other field of the operations is optional: where Meetup's API has
//! it no more, it is cut from the operations, what it told stays as it was known, and the pass says so.
//!
//! Arguments and input fields are all required: each bounds, orders or filters an answer, and
//! without it the answer would mean something else.

/// Fields by place, each with what fails without it. `*` stands for every type.
const REQUIRED: &[(&str, &str)] = &[
    ("Query.*", "it is the way in"),
    ("*.id", "it tells one thing from another"),
    ("Event.token", "an event is known by it"),
    (
        "ProNetwork.urlname",
        "the configuration names networks by it",
    ),
    ("Group.urlname", "the configuration names groups by it"),
    (
        "Group.proNetwork",
        "it tells a group that left its network from one that a listing missed",
    ),
    (
        "ProNetwork.groupsSearch",
        "a network's groups are found by it",
    ),
    (
        "ProNetwork.eventsSearch",
        "a network's events are found by it",
    ),
    ("Group.events", "a group's events are found by it"),
    ("Group.memberships", "a group's people are found by it"),
    ("Event.rsvps", "an event's answers are found by it"),
    ("*.edges", "rows come in it"),
    ("*.node", "rows come in it"),
    ("*.cursor", "the next page is asked from it"),
    ("*.pageInfo", "it tells whether another page follows"),
    ("PageInfo.*", "it tells whether another page follows"),
    ("Event.group", "it tells whose event it is"),
    ("Event.dateTime", "it tells when an event starts"),
    ("Event.status", "it tells a held event from a cancelled one"),
    ("Rsvp.member", "it tells who answered"),
    ("Rsvp.status", "it is the answer"),
    (
        "GroupMemberEdge.metadata",
        "it tells who belongs to a group",
    ),
    ("Membership.status", "it tells a member from an applicant"),
];

/// What fails without this field; none if it can be done without.
pub(crate) fn reason(place: &str) -> Option<&'static str> {
    let (of, field) = place.split_once('.')?;
    let fits = |pattern: &str| {
        pattern.split_once('.').is_some_and(|(any_of, any_field)| {
            (any_of == "*" || any_of == of) && (any_field == "*" || any_field == field)
        })
    };
    REQUIRED
        .iter()
        .find(|(pattern, _)| fits(pattern))
        .map(|(_, reason)| *reason)
}
