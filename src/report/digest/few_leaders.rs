//! Part of the monthly page: groups that too few of their leaders look after.

use std::cmp::Reverse;

use chrono::{DateTime, TimeDelta, Utc};

use super::desk::Desk;
use crate::community::PolicyStep;
use crate::metrics::GroupFigures;
use crate::report::message::{Entry, Line, Section};
use crate::report::plain::group_name;
use crate::report::words::number;

/// How many are enough where the policy does not say: a group with one is lost with that one.
const ENOUGH: usize = 2;
/// How long ago somebody may have been seen who looks after a group.
const LATELY: TimeDelta = TimeDelta::days(90);
/// Groups told one by one.
const TOLD: usize = 12;

/// The groups, those with the most at stake first.
pub(super) fn section(desk: &Desk<'_>) -> Option<Section> {
    let as_of = desk.report.as_of;
    let groups = desk.known().map(|group| &group.figures);
    let mut few: Vec<&GroupFigures> = groups.filter(|it| has_few(it, as_of)).collect();
    if few.is_empty() {
        return None;
    }
    few.sort_by_key(|it| Reverse(it.stake));
    let mut line =
        Line::plain("Their leaders who visited, answered or hosted in the last 90 days: ");
    for (nth, group) in few.iter().take(TOLD).enumerate() {
        line = line
            .text(if nth > 0 { ", " } else { "" })
            .link(group_name(&group.name, &group.urlname), &group.link)
            .text(format!(" ({})", of_all(group, as_of)));
    }
    Some(Section {
        heading: Some(format!(
            "Keys: too few leaders seen lately ({})",
            number(i64::try_from(few.len()).unwrap_or(i64::MAX))
        )),
        entries: vec![Entry::of(vec![line])],
        unlisted: few.len().saturating_sub(TOLD),
        ..Section::default()
    })
}

fn seen(group: &GroupFigures, as_of: DateTime<Utc>) -> usize {
    let leaders = group
        .leaders
        .iter()
        .filter_map(|leader| leader.last_seen_at);
    leaders.filter(|at| *at > as_of - LATELY).count()
}

/// Whether it has fewer than the policy asks, or than are enough; false where its leaders are not known.
fn has_few(group: &GroupFigures, as_of: DateTime<Utc>) -> bool {
    if let Some(policy) = &group.policy
        && policy
            .steps
            .iter()
            .any(|due| due.step == PolicyStep::MinLeaders)
    {
        return policy.below.contains(&PolicyStep::MinLeaders);
    }
    group.organizers.leaders.is_some() && seen(group, as_of) < ENOUGH
}

/// "1 of 3"; "nobody leads it".
fn of_all(group: &GroupFigures, as_of: DateTime<Utc>) -> String {
    match group.leaders.len() {
        0 => "nobody leads it".to_owned(),
        all => format!("{} of {all}", seen(group, as_of)),
    }
}
