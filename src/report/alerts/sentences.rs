//! What happened, in sentences that may be read by whoever they speak of.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use super::readings::ACTIVE;
use crate::community::{AlertKey, AlertKind, AlertStep, GoneWhy};
use crate::metrics::{Happening, Leader, Soon, SoonState, Watched};
use crate::report::words::{ago, count, local_day, month, weekday};

/// A sentence with the event and the people in it.
pub(super) struct Told {
    pub sentence: String,
    pub event: Option<Happening>,
    /// Whom to write to.
    pub people: Vec<Leader>,
}

pub(super) fn tell(
    group: &Watched,
    kind: AlertKind,
    key: &AlertKey,
    step: AlertStep,
    soon: Option<&Soon>,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Told {
    let mut people = group.leaders.clone();
    let mut event = None;
    let sentence = match kind {
        AlertKind::Leaderless => {
            people = hosts_here(group, now);
            leaderless(group, !people.is_empty(), now, today)
        }
        AlertKind::LastHost => last_host(group, now, today),
        AlertKind::MeetupStatus => match key {
            AlertKey::Gone(_) => left(group),
            AlertKey::Tie(_) => "It is delisted: the network does not show it any more.".to_owned(),
            _ => status(group, step),
        },
        AlertKind::CancelledSoon => {
            event = soon.map(|soon| soon.event.clone());
            soon.map_or_else(String::new, |soon| called_off(soon, today))
        }
        AlertKind::Restarted => {
            event = group
                .next_event
                .clone()
                .or_else(|| group.last_event.clone());
            restarted(group, now, today)
        }
        AlertKind::FirstEvent => {
            event = group
                .next_event
                .clone()
                .or_else(|| group.last_event.clone());
            first_event(group, today)
        }
        AlertKind::Overdue => pause(group, now, today, "Long without a date"),
        AlertKind::Quiet => {
            let last = group.last_event.as_ref();
            let since = last.map(|last| month(last.starts_local.date(), today));
            pause(
                group,
                now,
                today,
                &format!("Quiet since {}", since.unwrap_or_default()),
            )
        }
        // Told from logs, not from where the group stands.
        AlertKind::OrganizerChanged | AlertKind::NewLeader | AlertKind::Renamed => String::new(),
        AlertKind::Floor => "Soon below the events a year of the policy.".to_owned(),
    };
    Told {
        sentence,
        event,
        people,
    }
}

pub(super) fn name(person: &Leader) -> String {
    let name = person.name.as_deref().map(str::trim);
    name.filter(|name| !name.is_empty())
        .unwrap_or("somebody without a name")
        .to_owned()
}

/// Hosts of the last 180 days who are still there to be asked.
pub(super) fn hosts_here(group: &Watched, now: DateTime<Utc>) -> Vec<Leader> {
    let hosts = group.hosts.iter();
    hosts
        .filter(|host| host.is_here == Some(true) && host.last_at > now - ACTIVE)
        .map(|host| host.person.clone())
        .collect()
}

fn leaderless(group: &Watched, has_hosts: bool, now: DateTime<Utc>, today: NaiveDate) -> String {
    // Whoever left longer ago was not the last: that one stayed, and leads no more.
    let just_left = group.former_leaders.first();
    let who = match just_left.filter(|(_, left_at)| now - *left_at <= TimeDelta::days(1)) {
        Some((leader, left_at)) => {
            let day = local_day(group.clock.at(*left_at).date_naive(), today);
            format!(
                "Nobody leads it any more: {}, who led it last, has left ({day}).",
                name(leader)
            )
        }
        None => "Nobody leads it any more: whoever led it last has stepped down.".to_owned(),
    };
    if has_hosts {
        format!("{who} Ask who hosted in the last 180 days whether they would take it on.")
    } else {
        format!("{who} Nobody who hosted in the last 180 days is there to be asked either.")
    }
}

fn last_host(group: &Watched, now: DateTime<Utc>, today: NaiveDate) -> String {
    let mut left: Vec<_> = group
        .hosts
        .iter()
        .filter(|host| host.last_at > now - ACTIVE)
        .filter_map(|host| Some((host.left_at?, host)))
        .collect();
    left.sort_by_key(|(left_at, _)| *left_at);
    let Some((_, host)) = left.last() else {
        return "Nobody who hosted in the last 180 days is a member any more.".to_owned();
    };
    let hosted = local_day(group.clock.at(host.last_at).date_naive(), today);
    let alone = if left.len() == 1 {
        "the only one who hosted in the last 180 days"
    } else {
        "the last of those who hosted in the last 180 days"
    };
    format!(
        "{}, {alone} (most recently on {hosted}), has left. Ask who could host next.",
        name(&host.person)
    )
}

fn status(group: &Watched, step: AlertStep) -> String {
    match step {
        AlertStep::Grace => "The organizer's subscription at Meetup has lapsed (GRACE); unless it is renewed or somebody \
              else takes over, Meetup freezes the group after 15 days."
            .to_owned(),
        AlertStep::Frozen => "Meetup has frozen it (FROZEN), since it has no active organizer; unless somebody takes over, \
              Meetup closes it after 15 days."
            .to_owned(),
        _ => format!("Meetup has closed it ({}).", group.status.as_str()),
    }
}

fn left(group: &Watched) -> String {
    match group.gone_why {
        Some(GoneWhy::Left) => "It has left the network. What is known of it is kept.".to_owned(),
        _ => "Meetup does not have it any more. What is known of it is kept.".to_owned(),
    }
}

fn called_off(soon: &Soon, today: NaiveDate) -> String {
    let event = &soon.event;
    let how = if soon.state == SoonState::Deleted {
        "was deleted"
    } else {
        "is cancelled"
    };
    let yes = if event.yes > 0 {
        format!(" {} had said yes.", count(event.yes, "person", "people"))
    } else {
        String::new()
    };
    format!("The event of {} {how}.{yes}", at(event, today))
}

fn at(event: &Happening, today: NaiveDate) -> String {
    format!(
        "{}, {}",
        weekday(event.starts_local.date(), today),
        event.starts_local.format("%H:%M")
    )
}

fn restarted(group: &Watched, now: DateTime<Utc>, today: NaiveDate) -> String {
    let last = group.last_event.as_ref();
    if let Some(next) = &group.next_event {
        let pause = last.map_or_else(String::new, |last| {
            let days = (now - last.starts_at).num_days();
            format!(" It last met {}.", ago(days))
        });
        return format!(
            "It has announced an event again, for {}.{pause}",
            at(next, today)
        );
    }
    match (last, group.previous_at) {
        (Some(last), Some(before)) if !group.is_running => format!(
            "It met again on {} after a pause of {}.",
            local_day(last.starts_local.date(), today),
            count((last.starts_at - before).num_days(), "day", "days"),
        ),
        _ => "It is meeting again right now.".to_owned(),
    }
}

fn first_event(group: &Watched, today: NaiveDate) -> String {
    match (&group.next_event, &group.last_event) {
        (Some(next), None) => format!("It has announced its first event, for {}.", at(next, today)),
        (_, Some(first)) => format!(
            "It has held its first event, on {}.",
            local_day(first.starts_local.date(), today)
        ),
        (None, None) => "Its first event is on right now.".to_owned(),
    }
}

fn pause(group: &Watched, now: DateTime<Utc>, today: NaiveDate, what: &str) -> String {
    let Some(last) = &group.last_event else {
        return format!("{what}.");
    };
    format!(
        "{what}: last met on {}, {}. Nothing is announced.",
        local_day(last.starts_local.date(), today),
        ago((now - last.starts_at).num_days())
    )
}
