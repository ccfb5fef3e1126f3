//! Why a group might be glad of a call, in sentences: each cause with what was counted, and one question
//! or offer. Fit for its organizer's eyes.

use super::causes::Turnout;
use super::compose::Report;
use super::hosts::{alone, hangs_on_one};
use super::plain::clean;
use super::words::{count, local_day, median, month, number, share};
use super::{pause, policy};
use crate::community::Cause;
use crate::metrics::{GroupFigures, Rate, Status};

/// What became of others is told from so many of them on.
const ENOUGH_CASES: i64 = 5;
/// The same of groups in their first year.
const ENOUGH_FIRST_YEARS: i64 = 20;
/// Steps of the policy told of one group.
const STEPS: usize = 2;

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

    /// What was counted, in sentences.
    pub(super) fn reason(self, report: &Report, group: &GroupFigures) -> Vec<String> {
        match self {
            Self::LastHostLeft => vec![match group.active_hosts.len() {
                1 => "The only local host of the last 180 days has left the group.".to_owned(),
                n => format!("All {n} local hosts of the last 180 days have left the group."),
            }],
            Self::NoLeader => vec![
                "It needs an organizer: nobody leads it on Meetup but the network's own account."
                    .to_owned(),
            ],
            Self::Overdue => {
                let mut told = vec![pause::nothing_held(group)];
                told.extend(group.pause.as_ref().and_then(pause::alike));
                told
            }
            Self::TurningQuiet => [pause::half_a_year(group), pause::years(group)]
                .into_iter()
                .flatten()
                .collect(),
            Self::SecondDate => {
                let mut told = vec![pause::second_date(group)];
                told.extend(second_dates(report, group));
                told
            }
            Self::NotBegun => vec![not_begun(group)],
            Self::LeadersUnseen => vec![match group.organizers.leaders {
                Some(n @ 2..) => format!(
                    "None of its {} leaders was seen on Meetup, answered or hosted in the last 90 days.",
                    number(n)
                ),
                _ => "Its one leader was not seen on Meetup, nor answered or hosted, in the last 90 days."
                    .to_owned(),
            }],
            Self::Policy => policy::below(group)
                .into_iter()
                .take(STEPS)
                .map(|due| policy::sentence(report, group, due))
                .collect(),
            Self::LeaderAway => away(group).into_iter().collect(),
            Self::Quiet => quiet(group).into_iter().collect(),
            Self::MostlyOurs => group
                .organizers
                .staff_hosted_share
                .map(|of| {
                    format!(
                        "Mostly hosted by us: {} in the last 365 days had no other host.",
                        share(of, "events")
                    )
                })
                .into_iter()
                .collect(),
            Self::TurnoutFalling => Turnout::of(group)
                .map(|of| {
                    format!(
                        "Fewer say yes: typically {} at the latest three events, {} at the six before.",
                        median(of.now),
                        median(of.before)
                    )
                })
                .into_iter()
                .collect(),
        }
    }

    /// One question or offer.
    pub(super) fn suggestion(self, report: &Report, group: &GroupFigures) -> String {
        match self {
            Self::LastHostLeft => "Ask its organizers who could host next.".to_owned(),
            Self::NoLeader => "Ask who of its regulars would like to lead it.".to_owned(),
            Self::Overdue | Self::TurningQuiet | Self::Policy if hangs_on_one(group) => {
                alone(report, group).map_or_else(String::new, |alone| {
                    format!("Ask who else could host: {alone}.")
                })
            }
            Self::Policy if group.events_ever == 0 => {
                "Offer a speaker and a date for the first event.".to_owned()
            }
            Self::Policy if group.is_announced => "Ask what would help with more dates.".to_owned(),
            Self::Overdue | Self::TurningQuiet | Self::Policy => {
                "Ask what is in the way of a next date.".to_owned()
            }
            Self::SecondDate => "A second date decides: ask whether one is planned.".to_owned(),
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

/// What became of groups that had as many events in their first year; none where there were too few of them.
pub(super) fn first_year(report: &Report, group: &GroupFigures) -> Option<String> {
    if group.status != Some(Status::New) || group.events_ever == 0 {
        return None;
    }
    let past = report
        .network
        .guidance
        .first_years
        .get(&group.events_ever)?;
    (past.denominator >= ENOUGH_FIRST_YEARS).then(|| {
        format!(
            "Of {} groups here with {} in their first year, {} held one in the year after.",
            number(past.denominator),
            count(group.events_ever, "event", "events"),
            number(past.numerator)
        )
    })
}

/// What became of groups that had one date and no second yet.
fn second_dates(report: &Report, group: &GroupFigures) -> Option<String> {
    let guidance = &report.network.guidance;
    let told = |past: Rate, of: &str| {
        (past.denominator >= ENOUGH_CASES).then(|| {
            format!(
                "Of {} {of} here, {} met again within a year.",
                number(past.denominator),
                number(past.numerator)
            )
        })
    };
    if group.restarted.is_some() {
        return told(guidance.restarts, "restarts");
    }
    let of_first = match group.events_ever {
        1 => told(guidance.firsts, "first events"),
        _ => None,
    };
    first_year(report, group).or(of_first)
}

fn not_begun(group: &GroupFigures) -> String {
    let today = group.as_of_local.date_naive();
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

fn away(group: &GroupFigures) -> Option<String> {
    let away = group.away.first()?;
    let today = group.as_of_local.date_naive();
    let last = away.last_at.with_timezone(group.as_of_local.offset());
    let name = away.name.as_deref().map(clean);
    let name = name.filter(|name| !name.is_empty());
    Some(format!(
        "{}, who leads it, said yes to or hosted {} from 365 to 120 days ago, the last on {}, and none of {} since.",
        name.unwrap_or_else(|| "Somebody".to_owned()),
        count(away.came, "event", "events"),
        local_day(last.date_naive(), today),
        number(away.held_since)
    ))
}

fn quiet(group: &GroupFigures) -> Option<String> {
    let today = group.as_of_local.date_naive();
    let last = group.last_event.as_ref()?.starts_local.date();
    let days = group.cadence.days_since_last_held?;
    let ahead = if group.is_announced {
        "; an event is on right now"
    } else {
        " and nothing announced"
    };
    Some(format!(
        "Quiet since {}: nothing held for {}{ahead}.",
        month(last, today),
        count(days, "day", "days")
    ))
}

/// What to ask a quiet group, with what such groups did in the past.
fn would_like_to_meet(report: &Report, group: &GroupFigures) -> String {
    let survival = report.network.survival;
    let days = group.cadence.days_since_last_held.unwrap_or(0);
    let of = match days {
        ..365 => survival.months_6,
        365..730 => survival.months_12,
        730..1095 => survival.months_24,
        _ => survival.months_36,
    };
    let past = of.map_or_else(String::new, |of| {
        format!(
            " After so long a silence, our groups met again within a year in {}.",
            share(of, "cases")
        )
    });
    format!("Ask whether somebody would like to meet again.{past}")
}
