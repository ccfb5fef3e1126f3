//! How each kind reads a group: which step it is at, as far as that can be known.

use chrono::{DateTime, TimeDelta, Utc};

use super::Kind;
use super::memory::{Look, Reading, Steps};
use crate::community::Alert;
use crate::metrics::{Floor, Soon, Watched};

const NO_YES: Steps = &["no", "yes"];
const STATUS: Steps = &["ok", "grace", "frozen", "closed"];
const TIE: Steps = &["listed", "delisted"];
const HERE: Steps = &["here", "gone"];
const ON: Steps = &["on", "off"];
const MEETS: Steps = &["quiet", "meets"];
const BEGAN: Steps = &["nothing yet", "begun"];

/// The window of an active host, and of a group that is not quiet.
pub(super) const ACTIVE: TimeDelta = TimeDelta::days(180);
/// How long before its start a cancellation is told.
const SOON: TimeDelta = TimeDelta::hours(72);
/// How long after its start it is still told.
const LATE: TimeDelta = TimeDelta::hours(24);
/// How far ahead the floor is looked at.
const AHEAD: TimeDelta = TimeDelta::days(60);

/// The kind under which it is kept which history a group's states are from; with the group's id, the
/// key.
pub const READ: &str = "read";

/// The looks at a group of which anything is known, but for its events, of the kinds that are on.
pub(super) fn looks(
    group: &Watched,
    kinds: &[Kind],
    now: DateTime<Utc>,
    told: impl Fn(&str) -> Option<DateTime<Utc>>,
) -> Vec<Look> {
    let mut looks = Vec::new();
    for kind in kinds {
        let days = TimeDelta::days;
        let mut look = |about: &str, steps, reading, hold| {
            looks.push(Look {
                key: key(*kind, about, group),
                kind: kind.as_str(),
                group: Some(group.id.clone()),
                steps,
                reading,
                hold,
                is_news_at_first: false,
            });
        };
        if group.is_gone {
            if *kind == Kind::MeetupStatus {
                look("gone", HERE, Reading::At(1), days(3));
            }
            continue;
        }
        match kind {
            Kind::Leaderless => look("", NO_YES, group.leaders.is_empty().into(), days(3)),
            Kind::LastHost => look("", NO_YES, last_host(group, now), days(3)),
            Kind::MeetupStatus => {
                look("", STATUS, status(&group.status), days(3));
                look("tie", TIE, tie(group.tie_status.as_deref()), days(3));
                look("gone", HERE, Reading::At(0), TimeDelta::zero());
            }
            Kind::Restarted => {
                let told_at = told(&key(*kind, "", group));
                let met = group.last_event.as_ref().map(|event| event.starts_at);
                let has_met_since = told_at.is_none_or(|told| met.is_some_and(|met| met > told));
                let hold = if has_met_since { days(0) } else { days(30) };
                look("", MEETS, meets(group, now), hold);
            }
            Kind::FirstEvent => {
                let has_begun = group.events_ever > 0 || is_announced(group);
                look("", BEGAN, has_begun.into(), days(30));
            }
            Kind::Overdue => {
                let reading = group.is_overdue.map_or(Reading::Unknown, Reading::from);
                look("", NO_YES, reading, days(14));
            }
            Kind::Quiet => {
                let reading = match meets(group, now) {
                    Reading::At(meets) => Reading::At(1 - meets),
                    Reading::Unknown => Reading::Unknown,
                };
                look("", NO_YES, reading, days(14));
            }
            Kind::Floor => {
                let reading = match group.floor {
                    Floor::Unknown => Reading::Unknown,
                    Floor::Above => Reading::At(0),
                    Floor::BelowFrom(day) => {
                        (day <= group.clock.at(now + AHEAD).date_naive()).into()
                    }
                };
                look("", NO_YES, reading, days(14));
            }
            Kind::CancelledSoon => {}
        }
    }
    looks
}

/// The look at an event in person, and whether it is the hour to tell of it.
pub(super) fn event(group: &Watched, soon: &Soon, now: DateTime<Utc>) -> (Look, bool) {
    let starts_at = soon.event.starts_at;
    let look = Look {
        key: format!("{} {}", Kind::CancelledSoon.as_str(), soon.event.token),
        kind: Kind::CancelledSoon.as_str(),
        group: Some(group.id.clone()),
        steps: ON,
        reading: (soon.state != "on").into(),
        hold: TimeDelta::hours(12),
        is_news_at_first: false,
    };
    (look, starts_at - SOON <= now && now <= starts_at + LATE)
}

/// Which history the states of a group are from; none while there is none to go by.
pub(super) fn history(group: &Watched) -> Option<Alert> {
    let planned_at = group.planned_at.filter(|_| group.history_complete)?;
    Some(Alert {
        key: format!("{READ} {}", group.id),
        kind: READ.to_owned(),
        group: Some(group.id.clone()),
        state: planned_at.timestamp().to_string(),
        since: planned_at,
        told_at: None,
    })
}

fn key(kind: Kind, about: &str, group: &Watched) -> String {
    let about = if about.is_empty() {
        String::new()
    } else {
        format!("{about} ")
    };
    format!("{} {about}{}", kind.as_str(), group.id)
}

/// Meetup's own word: in good standing, its organizer's subscription lapsed, without an active
/// organizer, or closed.
fn status(word: &str) -> Reading {
    match word {
        "PAID" => Reading::At(0),
        "GRACE" => Reading::At(1),
        "FROZEN" => Reading::At(2),
        "DEAD" | "BLOCKED" | "FAILED" | "ORG_CLOSED" | "ABANDONED" => Reading::At(3),
        _ => Reading::Unknown,
    }
}

fn tie(word: Option<&str>) -> Reading {
    match word {
        Some("ACTIVE") => Reading::At(0),
        Some("DELISTED") => Reading::At(1),
        _ => Reading::Unknown,
    }
}

fn last_host(group: &Watched, now: DateTime<Utc>) -> Reading {
    let hosted_after = |limit: DateTime<Utc>| {
        let hosts = group.hosts.iter();
        hosts.filter(move |host| host.last_at > limit)
    };
    if hosted_after(now - ACTIVE).any(|host| host.is_here == Some(true)) {
        return Reading::At(0);
    }
    let Some(left_at) = hosted_after(now - ACTIVE)
        .filter_map(|host| host.left_at)
        .max()
    else {
        return Reading::Unknown;
    };
    // Whoever was active when that host left, and is here still, has only not hosted for a while.
    if hosted_after(left_at - ACTIVE).any(|host| host.is_here == Some(true)) {
        Reading::Unknown
    } else {
        Reading::At(1)
    }
}

pub(super) fn is_announced(group: &Watched) -> bool {
    group.next_event.is_some() || group.is_running
}

/// Whether a group that has met meets still: lately, or by what it announces.
fn meets(group: &Watched, now: DateTime<Utc>) -> Reading {
    match &group.last_event {
        None => Reading::Unknown,
        // As everywhere, in whole days: 180 days and some hours are not more than 180.
        Some(last) => {
            let days = (now - last.starts_at).num_days();
            (is_announced(group) || days <= ACTIVE.num_days()).into()
        }
    }
}
