//! Why a group might be glad of a call: each cause with its numbers and one plain suggestion.

use chrono::Datelike as _;

use crate::community::{AlertKind, Cause};
use crate::metrics::{GroupFigures, Status};
use crate::report::compose::Report;
use crate::report::helps::{hosts_left, whole, would_like_to_meet};
use crate::report::words::{count, local_day, months_of_the_year, number, share};

/// Fewer events tell nothing about who hosts, or who comes.
const ENOUGH_EVENTS: i64 = 3;

impl Cause {
    /// How groups of this cause are counted: "3 quiet".
    pub(super) fn counted(self) -> &'static str {
        match self {
            Self::LastHostLeft => "whose last hosts left",
            Self::NoLeader => "in need of an organizer",
            Self::LongerPause => "in a longer pause than usual",
            Self::NotBegun => "new without a first event",
            Self::LeadersUnseen => "whose leaders were not seen lately",
            Self::Quiet => "quiet for less than a year",
            Self::MostlyOurs => "mostly hosted by us",
            Self::TurnoutFalling => "with fewer who say yes",
        }
    }

    /// The kind of alert that tells the same; muting that mutes this.
    pub(super) fn alert(self) -> Option<AlertKind> {
        match self {
            Self::LastHostLeft => Some(AlertKind::LastHost),
            Self::NoLeader => Some(AlertKind::Leaderless),
            Self::LongerPause => Some(AlertKind::Overdue),
            Self::Quiet => Some(AlertKind::Quiet),
            Self::NotBegun | Self::LeadersUnseen | Self::MostlyOurs | Self::TurnoutFalling => None,
        }
    }

    fn holds(self, group: &GroupFigures) -> bool {
        let organizers = &group.organizers;
        let is_new = group.status == Some(Status::New);
        let lives = group.cadence.events_365 > 0 || is_new;
        match self {
            Self::LastHostLeft => hosts_left(group),
            Self::NoLeader => lives && organizers.leaderless == Some(true),
            Self::LongerPause => group.status == Some(Status::Overdue),
            Self::NotBegun => is_new && group.events_ever == 0 && !group.is_announced,
            Self::LeadersUnseen => {
                lives
                    && !group.is_announced
                    && organizers
                        .leader_activity
                        .is_some_and(|of| of.denominator > 0 && of.numerator == 0)
            }
            Self::Quiet => {
                group.status == Some(Status::Quiet)
                    && !group.is_announced
                    && group
                        .cadence
                        .days_since_last_held
                        .is_some_and(|days| days <= 365)
            }
            Self::MostlyOurs => organizers.staff_hosted_share.is_some_and(|of| {
                of.denominator >= ENOUGH_EVENTS && 2 * of.numerator >= of.denominator
            }),
            Self::TurnoutFalling => turnout(group).is_some_and(Turnout::is_falling),
        }
    }

    /// The numbers, in a sentence.
    pub(super) fn reason(self, group: &GroupFigures) -> String {
        let today = group.as_of_local.date_naive();
        match self {
            Self::LastHostLeft => match group.active_hosts.len() {
                1 => "The only host of the last 180 days has left the group.".to_owned(),
                n => format!("All {n} hosts of the last 180 days have left the group."),
            },
            Self::NoLeader => {
                "It needs an organizer: nobody leads it on Meetup but the network's own account."
                    .to_owned()
            }
            Self::LongerPause => pause(group),
            Self::NotBegun => {
                let founded = group.founded_local.or(group.joined_network_local);
                let since = founded.map_or_else(
                    || "No first event yet".to_owned(),
                    |at| {
                        let day = local_day(at.date_naive(), today);
                        format!("Here since {day}, no first event yet")
                    },
                );
                match group.growth.members {
                    Some(members) => format!("{since}; {}.", count(members, "member", "members")),
                    None => format!("{since}."),
                }
            }
            Self::LeadersUnseen => match group.organizers.leader_activity {
                Some(of) if of.denominator > 1 => format!(
                    "None of its {} leaders was seen on Meetup in the last 90 days.",
                    number(of.denominator)
                ),
                _ => "Its one leader was not seen on Meetup in the last 90 days.".to_owned(),
            },
            Self::Quiet => {
                let days = group.cadence.days_since_last_held.unwrap_or_default();
                format!("Nothing held for {days} days.")
            }
            Self::MostlyOurs => {
                group
                    .organizers
                    .staff_hosted_share
                    .map_or_else(String::new, |of| {
                        format!(
                            "Mostly hosted by us: {} in the last 365 days had no other host.",
                            share(of, "events")
                        )
                    })
            }
            Self::TurnoutFalling => turnout(group).map_or_else(String::new, Turnout::say),
        }
    }

    /// One plain suggestion.
    pub(super) fn suggestion(self, report: &Report, group: &GroupFigures) -> String {
        match self {
            Self::LastHostLeft => "Ask its organizers who could host next.".to_owned(),
            Self::NoLeader => "Ask who of its regulars would like to lead it.".to_owned(),
            Self::LongerPause if group.organizers.hosts_365 == 1 => {
                "One person hosted all of it: ask who else could host.".to_owned()
            }
            Self::LongerPause => "Ask what is in the way of a next date.".to_owned(),
            Self::NotBegun => "Offer a speaker and a date for the first event.".to_owned(),
            Self::LeadersUnseen => "Ask how they are, and who could help them.".to_owned(),
            Self::Quiet => would_like_to_meet(report, group),
            Self::MostlyOurs => "Ask who of its regulars would host the next one.".to_owned(),
            Self::TurnoutFalling => {
                "Ask whether topic, day or place should change; offer a speaker.".to_owned()
            }
        }
    }
}

/// The causes that hold of a group, the most urgent first.
pub(super) fn causes(group: &GroupFigures) -> Vec<Cause> {
    Cause::ALL
        .iter()
        .copied()
        .filter(|cause| cause.holds(group))
        .collect()
}

/// Among groups of the same cause, the lowest comes first.
pub(super) fn urgency(cause: Cause, group: &GroupFigures) -> i64 {
    let days = group.cadence.days_since_last_held.unwrap_or_default();
    match cause {
        Cause::LongerPause => -days,
        Cause::NotBegun => group
            .founded_local
            .or(group.joined_network_local)
            .map_or(0, |at| i64::from(at.num_days_from_ce())),
        // The longer ago, the less a call helps.
        Cause::Quiet => days,
        _ => -group.attendance.yes_365,
    }
}

fn pause(group: &GroupFigures) -> String {
    let cadence = &group.cadence;
    let days = cadence.days_since_last_held.unwrap_or_default();
    let mut sentence = format!("Nothing held for {days} days");
    if group.days_off > 0 {
        sentence.push_str(&format!(
            " ({} of them in {}, not counted)",
            number(group.days_off),
            months_of_the_year(&cadence.off_months)
        ));
    }
    // Its pauses are those of three years, three or fewer.
    if group.pauses.len() == 3 && group.pauses.iter().all(|(before, _)| *before < days) {
        sentence.push_str(", its longest pause in three years");
    }
    format!(
        "{sentence}; up to {} days are usual here.",
        whole(cadence.overdue_after_days)
    )
}

/// Events and yes of the last six whole months, and of the six before.
#[derive(Clone, Copy)]
struct Turnout {
    events: i64,
    yes: i64,
    events_before: i64,
    yes_before: i64,
}

fn turnout(group: &GroupFigures) -> Option<Turnout> {
    let (before, lately) = group.months.split_at_checked(6)?;
    let sums = |months: &[crate::metrics::Month]| {
        months.iter().fold((0, 0), |(events, yes), month| {
            (events + month.events, yes + month.yes)
        })
    };
    let ((events, yes), (events_before, yes_before)) = (sums(lately), sums(before));
    let is_enough = events >= ENOUGH_EVENTS && events_before >= ENOUGH_EVENTS;
    is_enough.then_some(Turnout {
        events,
        yes,
        events_before,
        yes_before,
    })
}

impl Turnout {
    /// Six tenths or less of what it was, which was five an event at least.
    fn is_falling(self) -> bool {
        self.yes_before >= 5 * self.events_before
            && 10 * self.yes * self.events_before <= 6 * self.yes_before * self.events
    }

    fn say(self) -> String {
        let mean = |yes: i64, events: i64| (2 * yes + events) / (2 * events);
        format!(
            "Fewer say yes: about {} per event in the last six months ({}), {} in the six before ({}).",
            mean(self.yes, self.events),
            count(self.events, "event", "events"),
            mean(self.yes_before, self.events_before),
            number(self.events_before)
        )
    }
}
