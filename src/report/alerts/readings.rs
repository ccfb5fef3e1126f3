//! How each kind reads a group: which step it is at, as far as that can be known.

use chrono::{DateTime, TimeDelta, Utc};

use super::memory::{Look, Reading, Steps};
use crate::community::{Alert, AlertKey, AlertKind, AlertStep as Step, GroupStatus, TieStatus};
use crate::metrics::{Floor, Soon, SoonState, Watched};

const NO_YES: Steps = &[Step::No, Step::Yes];
const STATUS: Steps = &[Step::Ok, Step::Grace, Step::Frozen, Step::Closed];
const TIE: Steps = &[Step::Listed, Step::Delisted];
const HERE: Steps = &[Step::Here, Step::Gone];
const ON: Steps = &[Step::On, Step::Off];
const MEETS: Steps = &[Step::Quiet, Step::Meets];
const BEGAN: Steps = &[Step::NothingYet, Step::Begun];

/// The window of an active host, and of a group that is not quiet.
pub(super) const ACTIVE: TimeDelta = TimeDelta::days(180);
/// How long before its start a cancellation is told.
const SOON: TimeDelta = TimeDelta::hours(72);
/// How long after its start it is still told.
const LATE: TimeDelta = TimeDelta::hours(24);
/// How far ahead the floor is looked at.
const AHEAD: TimeDelta = TimeDelta::days(60);

/// The looks at a group of which anything is known, but for its events, of the kinds that are on.
pub(super) fn looks(
    group: &Watched,
    kinds: &[AlertKind],
    now: DateTime<Utc>,
    told: impl Fn(&AlertKey) -> Option<DateTime<Utc>>,
) -> Vec<(AlertKind, Look)> {
    let mut looks = Vec::new();
    for kind in kinds {
        let days = TimeDelta::days;
        let id = || group.id.clone();
        let whole = || AlertKey::Group(*kind, id());
        let mut look = |key, steps, reading, hold| {
            let look = Look {
                key,
                steps,
                reading,
                hold,
                is_news_at_first: false,
            };
            looks.push((*kind, look));
        };
        if group.is_gone {
            if *kind == AlertKind::MeetupStatus {
                look(AlertKey::Gone(id()), HERE, Reading::At(1), days(3));
            }
            continue;
        }
        match kind {
            AlertKind::Leaderless => {
                look(whole(), NO_YES, group.leaders.is_empty().into(), days(3));
            }
            AlertKind::LastHost => look(whole(), NO_YES, last_host(group, now), days(3)),
            AlertKind::MeetupStatus => {
                look(whole(), STATUS, status(&group.status), days(3));
                look(
                    AlertKey::Tie(id()),
                    TIE,
                    tied(group.tie_status.as_ref()),
                    days(3),
                );
                look(
                    AlertKey::Gone(id()),
                    HERE,
                    Reading::At(0),
                    TimeDelta::zero(),
                );
            }
            AlertKind::Restarted => {
                let told_at = told(&whole());
                let met = group.last_event.as_ref().map(|event| event.starts_at);
                let has_met_since = told_at.is_none_or(|told| met.is_some_and(|met| met > told));
                let hold = if has_met_since { days(0) } else { days(30) };
                look(whole(), MEETS, meets(group, now), hold);
            }
            AlertKind::FirstEvent => {
                let has_begun = group.events_ever > 0 || is_announced(group);
                look(whole(), BEGAN, has_begun.into(), days(30));
            }
            AlertKind::Overdue => {
                let reading = group.is_overdue.map_or(Reading::Unknown, Reading::from);
                look(whole(), NO_YES, reading, days(14));
            }
            AlertKind::Quiet => {
                let reading = match meets(group, now) {
                    Reading::At(meets) => Reading::At(1 - meets),
                    Reading::Unknown => Reading::Unknown,
                };
                look(whole(), NO_YES, reading, days(14));
            }
            AlertKind::Floor => {
                let reading = match group.floor {
                    Floor::Unknown => Reading::Unknown,
                    Floor::Above => Reading::At(0),
                    Floor::BelowFrom(day) => {
                        (day <= group.clock.at(now + AHEAD).date_naive()).into()
                    }
                };
                look(whole(), NO_YES, reading, days(14));
            }
            // Told event by event, and from logs.
            AlertKind::CancelledSoon
            | AlertKind::OrganizerChanged
            | AlertKind::NewLeader
            | AlertKind::Renamed => {}
        }
    }
    looks
}

/// The look at an event in person, and whether it is the hour to tell of it.
pub(super) fn event(group: &Watched, soon: &Soon, now: DateTime<Utc>) -> (Look, bool) {
    let starts_at = soon.event.starts_at;
    let look = Look {
        key: AlertKey::Event(group.id.clone(), soon.event.token.as_str().into()),
        steps: ON,
        reading: (soon.state != SoonState::On).into(),
        hold: TimeDelta::hours(12),
        is_news_at_first: false,
    };
    (look, starts_at - SOON <= now && now <= starts_at + LATE)
}

/// Which history the states of a group are from; none while there is none to go by.
pub(super) fn history(group: &Watched) -> Option<Alert> {
    let planned_at = group.planned_at.filter(|_| group.history_complete)?;
    Some(Alert {
        key: AlertKey::History(group.id.clone()),
        step: Step::Looked,
        rising: None,
        since: planned_at,
        told_at: None,
    })
}

/// Meetup's own word: in good standing, its organizer's subscription lapsed, without an active
/// organizer, or closed.
fn status(status: &GroupStatus) -> Reading {
    match status {
        GroupStatus::Paid => Reading::At(0),
        GroupStatus::Grace => Reading::At(1),
        GroupStatus::Frozen => Reading::At(2),
        GroupStatus::Dead
        | GroupStatus::Blocked
        | GroupStatus::Failed
        | GroupStatus::OrgClosed
        | GroupStatus::Abandoned => Reading::At(3),
        GroupStatus::Other(_) => Reading::Unknown,
    }
}

fn tied(tie: Option<&TieStatus>) -> Reading {
    match tie {
        Some(TieStatus::Active) => Reading::At(0),
        Some(TieStatus::Delisted) => Reading::At(1),
        Some(TieStatus::Inactive | TieStatus::Other(_)) | None => Reading::Unknown,
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
        // As everywhere, to the second.
        Some(last) => (is_announced(group) || now - last.starts_at <= ACTIVE).into(),
    }
}
