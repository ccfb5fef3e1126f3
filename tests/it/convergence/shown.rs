//! What Meetup shows and what the mirror holds, in the same words.

use crate::rig::rows;
use gatherd::demo::world::{GroupAt, World};
use gatherd::mirror::Mirror;
use std::collections::{BTreeMap, BTreeSet};

/// Everything that is live.
#[derive(Debug, Clone, Default)]
pub struct Shown {
    pub groups: BTreeMap<String, String>,
    /// By group: each member in words; leaders begin with their standing.
    pub members: BTreeMap<String, BTreeSet<String>>,
    pub events: BTreeMap<String, EventShown>,
}

#[derive(Debug, Clone, Default)]
pub struct EventShown {
    pub id: String,
    pub row: String,
    pub starts_at: i64,
    pub hosts: BTreeSet<String>,
    pub rsvps: BTreeMap<String, String>,
    /// Counted, and not one to be seen: what is known of them stands.
    pub is_invisible: bool,
}

fn iso(at: Option<i64>) -> String {
    at.map_or("-".to_owned(), |at| {
        chrono::DateTime::from_timestamp(at, 0)
            .unwrap()
            .format("%Y-%m-%dT%H:%M:%SZ")
            .to_string()
    })
}

impl Shown {
    /// What Meetup shows of the sponsored groups: those of a network and those `outside`.
    pub fn of_world(world: &World, outside: &[GroupAt]) -> Self {
        let mut shown = Self::default();
        for (at, group) in world.groups() {
            if group.network.is_none() && !outside.contains(&at) {
                continue;
            }
            let id = group.id.to_string();
            // The tie is one between a group and its network.
            let tie = group.network.map_or("-", |_| group.tie);
            shown.groups.insert(
                id.clone(),
                format!("{}|{}|{}|{tie}", group.urlname, group.name, group.status),
            );
            let members = group
                .memberships
                .iter()
                .filter(|it| it.is_in() && !it.is_hidden);
            let members = members.map(|it| {
                let person = world.person(it.person).id;
                format!(
                    "{}|{person}|{}|{}",
                    it.standing.as_str(),
                    it.role.as_str(),
                    iso(Some(it.joined_at))
                )
            });
            shown.members.insert(id.clone(), members.collect());
            for event_at in world.events_of(at) {
                let event = world.event(event_at);
                let status = world.status_of(event_at, world.now());
                let hosts = event.hosts.iter().flatten();
                let rsvps = event.shown_rsvps().map(|rsvp| {
                    let words = format!(
                        "{}|{}|{}|{}|{}",
                        world.person(rsvp.person).id,
                        rsvp.answer.as_str(),
                        rsvp.guests,
                        u8::from(rsvp.is_host),
                        iso(rsvp.updated_at)
                    );
                    (rsvp.id.to_string(), words)
                });
                let rsvps: BTreeMap<_, _> = rsvps.collect();
                shown.events.insert(
                    event.token.clone(),
                    EventShown {
                        id: event.id.clone(),
                        row: format!(
                            "{}|{id}|{}|{}|{}|{}",
                            event.id,
                            clean(&event.title),
                            status.as_str(),
                            iso(event.starts_at),
                            iso(event.ends_at())
                        ),
                        starts_at: event.starts_at.unwrap_or(i64::MIN),
                        hosts: hosts.map(|at| world.person(*at).id.to_string()).collect(),
                        is_invisible: rsvps.is_empty() && !event.rsvps.is_empty(),
                        rsvps,
                    },
                );
            }
        }
        shown
    }

    /// What the mirror holds as live.
    pub fn of_mirror(mirror: &Mirror) -> Self {
        let mut shown = Self::default();
        let live = "(SELECT id FROM groups WHERE gone_at IS NULL)";
        for row in rows(
            mirror,
            "SELECT id, urlname, name, status, tie_status FROM groups WHERE gone_at IS NULL",
        ) {
            let (id, words) = row.split_once('|').unwrap();
            shown.members.insert(id.to_owned(), BTreeSet::new());
            shown.groups.insert(id.to_owned(), words.to_owned());
        }
        for row in rows(
            mirror,
            &format!(
                "SELECT group_id, status, member_id, role, joined_at FROM memberships
                 WHERE gone_at IS NULL AND status IN ('ACTIVE', 'LEADER') AND group_id IN {live}"
            ),
        ) {
            let (group, words) = row.split_once('|').unwrap();
            let members = shown.members.entry(group.to_owned()).or_default();
            members.insert(words.to_owned());
        }
        let events = format!(
            "FROM events WHERE gone_at IS NULL AND status <> 'DRAFT' AND group_id IN {live}"
        );
        for row in rows(
            mirror,
            &format!(
                "SELECT token, coalesce(unixepoch(starts_at), 0), id, group_id, title, status, starts_at, ends_at {events}"
            ),
        ) {
            let mut parts = row.splitn(3, '|');
            let (token, start, row) = (
                parts.next().unwrap(),
                parts.next().unwrap(),
                parts.next().unwrap(),
            );
            shown.events.insert(
                token.to_owned(),
                EventShown {
                    id: row.split('|').next().unwrap().to_owned(),
                    row: row.to_owned(),
                    starts_at: start.parse().unwrap(),
                    ..EventShown::default()
                },
            );
        }
        for row in rows(mirror, "SELECT event_token, member_id FROM event_hosts") {
            let (token, host) = row.split_once('|').unwrap();
            if let Some(event) = shown.events.get_mut(token) {
                event.hosts.insert(host.to_owned());
            }
        }
        for row in rows(
            mirror,
            "SELECT event_token, id, member_id, status, guest_count, is_host, updated_at FROM rsvps WHERE gone_at IS NULL",
        ) {
            let mut parts = row.splitn(3, '|');
            let (token, id, words) = (
                parts.next().unwrap(),
                parts.next().unwrap(),
                parts.next().unwrap(),
            );
            if let Some(event) = shown.events.get_mut(token) {
                event.rsvps.insert(id.to_owned(), words.to_owned());
            }
        }
        shown
    }

    /// Where the mirror differs, each in a line. `hot_from`: only what a pass promises, of events that
    /// start later; `but_rsvps_of` and `but_members_of` are let be.
    pub fn differences(
        &self,
        mirror: &Self,
        hot_from: Option<i64>,
        but_rsvps_of: &BTreeSet<String>,
        but_members_of: &BTreeSet<String>,
    ) -> Vec<String> {
        let mut out = Vec::new();
        told(&mut out, "group", &self.groups, &mirror.groups);
        for (group, members) in &self.members {
            let Some(kept) = mirror.members.get(group) else {
                continue;
            };
            let leaders_only = but_members_of.contains(group);
            let counts = |words: &&String| !leaders_only || words.starts_with("LEADER");
            let (wanted, kept): (BTreeSet<&String>, BTreeSet<&String>) = (
                members.iter().filter(counts).collect(),
                kept.iter().filter(counts).collect(),
            );
            out.extend(
                wanted
                    .difference(&kept)
                    .map(|it| format!("member of {group} missing: {it}")),
            );
            out.extend(
                kept.difference(&wanted)
                    .map(|it| format!("member of {group} too many: {it}")),
            );
        }
        let is_hot = |event: Option<&EventShown>| {
            hot_from.is_none_or(|from| event.is_some_and(|event| event.starts_at > from))
        };
        let tokens: BTreeSet<&String> = self.events.keys().chain(mirror.events.keys()).collect();
        for token in tokens {
            let (wanted, kept) = (self.events.get(token), mirror.events.get(token));
            // Hot by what is there or by what is believed: both make a pass look.
            if !is_hot(wanted) && !is_hot(kept) {
                continue;
            }
            match (wanted, kept) {
                (Some(wanted), Some(kept)) => {
                    if wanted.row != kept.row {
                        out.push(format!(
                            "event {token}: {} and not {}",
                            kept.row, wanted.row
                        ));
                    }
                    if wanted.hosts != kept.hosts {
                        out.push(format!(
                            "hosts of {token}: {:?} and not {:?}",
                            kept.hosts, wanted.hosts
                        ));
                    }
                    if is_hot(Some(wanted)) && !wanted.is_invisible && !but_rsvps_of.contains(token)
                    {
                        told(
                            &mut out,
                            &format!("rsvp of {token}"),
                            &wanted.rsvps,
                            &kept.rsvps,
                        );
                    }
                }
                (Some(wanted), None) => out.push(format!("event {token} missing: {}", wanted.row)),
                (None, Some(kept)) => out.push(format!("event {token} too many: {}", kept.row)),
                (None, None) => {}
            }
        }
        out.truncate(12);
        out
    }

    /// A name for each thing that is there.
    pub fn names(&self) -> BTreeSet<String> {
        let mut names: BTreeSet<String> =
            self.groups.keys().map(|id| format!("group {id}")).collect();
        for (group, members) in &self.members {
            names.extend(members.iter().map(|words| {
                format!(
                    "member {group} {}",
                    words.split('|').nth(1).unwrap_or_default()
                )
            }));
        }
        for (token, event) in &self.events {
            names.insert(format!("event {token}"));
            names.extend(event.rsvps.keys().map(|id| format!("rsvp {token} {id}")));
        }
        names
    }
}

fn told(
    out: &mut Vec<String>,
    what: &str,
    wanted: &BTreeMap<String, String>,
    kept: &BTreeMap<String, String>,
) {
    for (key, words) in wanted {
        match kept.get(key) {
            None => out.push(format!("{what} {key} missing: {words}")),
            Some(other) if other != words => {
                out.push(format!("{what} {key}: {other} and not {words}"));
            }
            Some(_) => {}
        }
    }
    for (key, words) in kept.iter().filter(|(key, _)| !wanted.contains_key(*key)) {
        out.push(format!("{what} {key} too many: {words}"));
    }
}

fn clean(title: &str) -> String {
    title.trim().to_owned()
}
