//! The columns of what is measured of groups: the paths of keys in a group's document, joined.

use super::cell::Kind::{
    self, Boolean, Date, Double, Id, Instant, Integer, Json, Said, Text, Wall,
};
use super::column::Column;

/// Names of leaders and hosts are in it.
const NAMES: Kind = Said("member_row.name");

/// A key, or a rate, which is three.
enum Part {
    One(Kind),
    Rate,
}
use Part::{One, Rate};

/// In the order of the document. `months` is left out: `group_months` has them, and more.
#[rustfmt::skip]
const GROUP: &[(&str, Part)] = &[
    ("id", One(Id)), ("urlname", One(Text)), ("name", One(Text)), ("link", One(Text)), ("city", One(Text)), ("country", One(Text)),
    ("timezone", One(Text)), ("history_complete", One(Boolean)), ("status", One(Text)),
    ("organizers.hosts_90", One(Integer)), ("organizers.hosts_365", One(Integer)), ("organizers.local_hosts_90", One(Integer)),
    ("organizers.new_hosts_365", One(Integer)), ("organizers.host_absence_factor", One(Integer)),
    ("organizers.top_host_share", Rate), ("organizers.sole_host", Rate), ("organizers.staff_hosted_share", Rate),
    ("organizers.leaders", One(Integer)), ("organizers.leader_activity", Rate), ("organizers.leaderless", One(Boolean)),
    ("leaders", One(NAMES)),
    ("last_event.token", One(Id)), ("last_event.title", One(Text)), ("last_event.event_type", One(Text)),
    ("last_event.starts_at", One(Instant)), ("last_event.starts_local", One(Wall)), ("last_event.url", One(Text)), ("last_event.yes", One(Integer)),
    ("next_event.token", One(Id)), ("next_event.title", One(Text)), ("next_event.event_type", One(Text)),
    ("next_event.starts_at", One(Instant)), ("next_event.starts_local", One(Wall)), ("next_event.url", One(Text)), ("next_event.yes", One(Integer)),
    ("cadence.every_months", One(Integer)), ("cadence.monthly_cadence", Rate), ("cadence.target_cadence", Rate),
    ("cadence.events_365", One(Integer)), ("cadence.streak_months", One(Integer)), ("cadence.median_gap_days", One(Double)),
    ("cadence.days_since_last_held", One(Integer)), ("cadence.days_to_next_scheduled", One(Integer)),
    ("cadence.median_notice_days", One(Double)), ("cadence.next_date_known", Rate), ("cadence.off_months", One(Json)),
    ("cadence.cancellation_rate", Rate),
    ("attendance.yes_365", One(Integer)), ("attendance.people_365", One(Integer)), ("attendance.median_yes", One(Double)),
    ("attendance.median_yes_in_person", One(Double)), ("attendance.median_yes_online", One(Double)),
    ("attendance.guests_365", One(Integer)), ("attendance.attendance_taken", Rate), ("attendance.show_rate", Rate),
    ("repeat.repeat_rate", Rate), ("repeat.returning_share", Rate), ("repeat.next_event_return", Rate), ("repeat.first_timer_return_90", Rate),
    ("side_to_side.recurring_pairs", One(Integer)), ("side_to_side.acquainted_rate", Rate),
    ("growth.members", One(Integer)), ("growth.joined_90", One(Integer)), ("growth.first_timers_90", One(Integer)),
    ("handover.organic_cadence", Rate), ("handover.criteria.local_lead", One(Boolean)), ("handover.criteria.two_local_hosts", One(Boolean)),
    ("handover.criteria.local_majority", One(Boolean)), ("handover.criteria.organic", One(Boolean)), ("handover.ready", One(Boolean)),
    ("pause.days", One(Integer)), ("pause.idle_days", One(Integer)), ("pause.usual_days", One(Double)), ("pause.risk", One(Double)),
    ("pause.alike.edge", One(Integer)), ("pause.alike.cases", One(Integer)), ("pause.alike.long", One(Integer)),
    ("pause.call_after_days", One(Integer)), ("pause.call", One(Boolean)),
    ("stake", One(Integer)), ("policy.steps", One(Json)), ("policy.below", One(Json)),
    ("reasons", One(NAMES)), ("causes", One(Json)), ("read_at", One(Instant)),
];

/// The columns of `group_metrics`.
pub(super) fn group_metrics() -> Vec<Column> {
    let mut columns = Vec::new();
    for (path, part) in GROUP {
        let path: Vec<&'static str> = path.split('.').collect();
        match part {
            One(kind) => columns.push(column(path, *kind)),
            Rate => {
                for (key, kind) in [
                    ("numerator", Integer),
                    ("denominator", Integer),
                    ("value", Double),
                ] {
                    let mut path = path.clone();
                    path.push(key);
                    columns.push(column(path, kind));
                }
            }
        }
    }
    columns
}

fn column(path: Vec<&'static str>, kind: Kind) -> Column {
    Column {
        name: path.join("_"),
        kind,
        path,
    }
}

const MONTHS: &[(&str, Kind, &str)] = &[
    ("group_id", Id, "the group"),
    (
        "month",
        Date,
        "the month, by the wall clock of the place: its first day. A month in which nothing was held has no row",
    ),
    ("events", Integer, "held events that started in it"),
    (
        "yes",
        Integer,
        "who said yes, summed over them; hosts and staff included, guests not",
    ),
    ("guests", Integer, "guests brought by those who said yes"),
    (
        "people",
        Integer,
        "different people among those who said yes",
    ),
    ("hosts", Integer, "different hosts"),
];

/// The columns of `group_months`.
pub(super) fn group_months() -> Vec<Column> {
    let columns = MONTHS.iter();
    columns
        .map(|(name, kind, _)| Column {
            name: (*name).to_owned(),
            kind: *kind,
            path: Vec::new(),
        })
        .collect()
}

/// What a column of `group_months` means.
pub(super) fn month_words(name: &str) -> Option<&'static str> {
    let found = MONTHS.iter().find(|(known, _, _)| *known == name);
    found.map(|(_, _, words)| *words)
}
