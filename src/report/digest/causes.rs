//! Why a group might be glad of a call: each cause with its numbers and one plain suggestion.

use chrono::Datelike as _;

use crate::community::Cause;
use crate::metrics::GroupFigures;
use crate::report::causes::Turnout;
use crate::report::compose::Report;
use crate::report::helps::{whole, would_like_to_meet};
use crate::report::words::{count, local_day, months_of_the_year, number, share};

impl Cause {
    /// How groups of this cause are counted: "3 quiet".
    pub(super) fn counted(self) -> &'static str {
        match self {
            Self::LastHostLeft => "whose last hosts left",
            Self::NoLeader => "in need of an organizer",
            Self::Overdue => "long without a date",
            Self::TurningQuiet => "about to turn quiet",
            Self::SecondDate => "without a second date",
            Self::NotBegun => "without a first event",
            Self::LeadersUnseen => "whose leaders were not seen lately",
            Self::Policy => "below the policy",
            Self::LeaderAway => "whose leader stays away",
            Self::Quiet => "quiet for less than a year",
            Self::MostlyOurs => "mostly hosted by us",
            Self::TurnoutFalling => "with fewer who say yes",
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
            Self::Overdue | Self::TurningQuiet | Self::SecondDate => pause(group),
            Self::Policy | Self::LeaderAway => String::new(),
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
            Self::TurnoutFalling => Turnout::of(group).map_or_else(String::new, |of| {
                format!(
                    "Fewer say yes: typically {} at the latest three events, {} at the six before.",
                    of.now, of.before
                )
            }),
        }
    }

    /// One plain suggestion.
    pub(super) fn suggestion(self, report: &Report, group: &GroupFigures) -> String {
        match self {
            Self::LastHostLeft => "Ask its organizers who could host next.".to_owned(),
            Self::NoLeader => "Ask who of its regulars would like to lead it.".to_owned(),
            Self::Overdue if group.organizers.hosts_365 == 1 => {
                "One person hosted all of it: ask who else could host.".to_owned()
            }
            Self::Overdue | Self::TurningQuiet | Self::SecondDate | Self::Policy => {
                "Ask what is in the way of a next date.".to_owned()
            }
            Self::LeaderAway => "Ask how they are.".to_owned(),
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

/// Among groups of the same cause, the lowest comes first.
pub(super) fn urgency(cause: Cause, group: &GroupFigures) -> i64 {
    let days = group.cadence.days_since_last_held.unwrap_or_default();
    match cause {
        Cause::Overdue => -days,
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
