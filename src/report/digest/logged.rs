//! What the logs tell since the digest before: groups with another organizer, with new leaders, with a new
//! name or address. Each is told once, and of groups named above as well: it is other news.

use super::change::Change;
use super::desk::{Desk, Place};
use super::listing::with_each;
use crate::community::{AlertKind, Role};
use crate::metrics::{Logged, NamesNoted, Turned};
use crate::report::compose::GroupReport;
use crate::report::keys::role as role_word;
use crate::report::message::Line;
use crate::report::plain::clean;

/// Groups told of each.
const TOLD: usize = 6;
const ORGANIZER: Option<&Role> = Some(&Role::Organizer);
/// What is told, in this order.
const KINDS: [(Change, AlertKind); 3] = [
    (Change::OrganizerChanged, AlertKind::OrganizerChanged),
    (Change::NewLeader, AlertKind::NewLeader),
    (Change::Renamed, AlertKind::Renamed),
];

/// A line for each kind of news there is.
pub(super) fn lines(desk: &Desk<'_>) -> Vec<Line> {
    let found = found(desk);
    let line = |kind: Change| {
        let mut of_it = found.iter().filter(|(it, ..)| *it == kind).peekable();
        of_it.peek()?;
        let named = of_it.map(|(_, group, told)| (*group, format!(" ({told})")));
        Some(with_each(Line::plain(kind.words()), named, TOLD).text("."))
    };
    KINDS.iter().filter_map(|(kind, _)| line(*kind)).collect()
}

/// All of it: what it is, of which group, and in words.
pub(super) fn found<'a>(desk: &Desk<'a>) -> Vec<(Change, &'a GroupReport, String)> {
    let mut found = Vec::new();
    for (group, place) in desk.places() {
        let Some(logged) = desk.given.logged.get(&group.figures.id) else {
            continue;
        };
        if *place == Place::Muted {
            continue;
        }
        for (change, alert) in KINDS {
            let contact = desk.contact(group);
            if contact.is_some_and(|it| it.is_muted(alert, desk.given.today())) {
                continue;
            }
            let told = match change {
                Change::OrganizerChanged => organizer(group, logged),
                Change::NewLeader => leaders(logged),
                _ => logged.names.as_ref().map(renamed),
            };
            found.extend(told.map(|told| (change, group, told)));
        }
    }
    found
}

/// "Ana; before, Ben". None where the organizer is who it was, or another one is left.
fn organizer(group: &GroupReport, logged: &Logged) -> Option<String> {
    let of = |role: fn(&Turned) -> Option<&Role>| {
        let all = logged.roles.iter().filter(|it| role(it) == ORGANIZER);
        all.map(name).collect::<Vec<_>>()
    };
    let (new, old) = (of(|it| it.new.as_ref()), of(|it| it.old.as_ref()));
    // Who leads a group whose members were never read is not known.
    let is_led = || {
        let mut leaders = group.figures.leaders.iter();
        group.figures.organizers.leaders.is_none() || leaders.any(|it| it.role == Role::Organizer)
    };
    let now = match new.as_slice() {
        [] if old.is_empty() || is_led() => return None,
        [] => "nobody".to_owned(),
        new => new.join(" and "),
    };
    Some(match old.as_slice() {
        [] => now,
        old => format!("{now}; before, {}", old.join(" and ")),
    })
}

/// "Dan, co-organizer; Eve, event organizer": who has another leading role. Whoever steps down from
/// organizer is told with who it is now.
fn leaders(logged: &Logged) -> Option<String> {
    let came = logged.roles.iter().filter_map(|it| {
        let role = it.new.as_ref().filter(|role| **role != Role::Organizer)?;
        (it.old.as_ref() != ORGANIZER).then(|| format!("{}, {}", name(it), role_word(role)))
    });
    let came: Vec<String> = came.collect();
    (!came.is_empty()).then(|| came.join("; "))
}

/// "was ACME Berne; its address was acme-berne".
fn renamed((was, is): &(NamesNoted, NamesNoted)) -> String {
    let name = (was.name != is.name).then(|| format!("was {}", clean(&was.name)));
    let address =
        (was.urlname != is.urlname).then(|| format!("its address was {}", clean(&was.urlname)));
    name.into_iter()
        .chain(address)
        .collect::<Vec<_>>()
        .join("; ")
}

fn name(person: &Turned) -> String {
    if person.is_admin {
        return "the network's own account".to_owned();
    }
    let name = person.name.as_deref().map(clean);
    let name = name.filter(|name| !name.is_empty());
    name.unwrap_or_else(|| "(no name)".to_owned())
}
