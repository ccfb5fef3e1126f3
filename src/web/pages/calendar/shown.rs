//! Events as the calendar shows them.

use crate::{
    app::showing::Look,
    metrics::{Ahead, Lately},
    report::{expectation, number, order},
};
use chrono::{DateTime, NaiveDateTime};
use chrono_tz::Tz;
use std::collections::HashMap;

/// An event of one group.
pub(super) struct Shown<'a> {
    pub group: &'a str,
    pub group_name: &'a str,
    pub title: &'a str,
    pub url: Option<&'a str>,
    joint: Option<&'a str>,
    /// The start by the wall clock of the place.
    pub starts_local: NaiveDateTime,
    /// The start by the clock of the schedule.
    pub own: DateTime<Tz>,
    /// Who said yes, and what to expect.
    pub told: String,
    /// Whether that is of all who have the event together.
    pub is_united: bool,
    /// What to order.
    pub order: Option<String>,
}

/// An event, with the other groups that have it too.
pub(super) struct Folded<'a> {
    pub first: Shown<'a>,
    pub others: Vec<Shown<'a>>,
}

/// What was held on the dates before today, and what is announced, by start.
pub(super) fn events(look: &Look, zone: Tz) -> Vec<Shown<'_>> {
    let held = look.lately().map(|it| lately(it, zone));
    let to_come = look.report().ahead.iter().map(|it| ahead(it, zone));
    held.chain(to_come).collect()
}

fn lately(it: &Lately, zone: Tz) -> Shown<'_> {
    Shown {
        group: &it.group,
        group_name: &it.group_name,
        title: &it.event.title,
        url: it.event.url.as_deref(),
        joint: it.joint.as_deref(),
        starts_local: it.event.starts_local,
        own: it.event.starts_at.with_timezone(&zone),
        told: format!("held; {} said yes", number(it.event.yes)),
        is_united: true,
        order: None,
    }
}

fn ahead(it: &Ahead, zone: Tz) -> Shown<'_> {
    Shown {
        group: &it.group,
        group_name: &it.group_name,
        title: &it.title,
        url: it.url.as_deref(),
        joint: it.joint.as_deref(),
        starts_local: it.starts_local,
        own: it.starts_at.with_timezone(&zone),
        told: format!("{} yes · {}", number(it.yes), expectation(it)),
        is_united: false,
        order: it.expected.as_ref().and_then(order),
    }
}

/// Each joint event once, with all who have it, by the wall clock of the first.
pub(super) fn folded(events: Vec<Shown<'_>>) -> Vec<Folded<'_>> {
    let mut folded: Vec<Folded<'_>> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for event in events {
        if let Some(joint) = event.joint {
            if let Some(at) = known.get(joint) {
                folded[*at].others.push(event);
                continue;
            }
            known.insert(joint, folded.len());
        }
        folded.push(Folded {
            first: event,
            others: Vec::new(),
        });
    }
    folded.sort_by_key(|it| it.first.starts_local);
    folded
}
