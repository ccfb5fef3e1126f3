//! The demo community tells each status of the metric dictionary, on whatever day it is told.

use chrono::{DateTime, Datelike, Months, NaiveDate, TimeDelta, Utc};
use gatherd::community::Status;
use gatherd::demo::world::{EventStatus, Group, GroupAt, Role, Story, World};
use std::collections::{BTreeMap, BTreeSet, HashSet};

const DAY: i64 = 86_400;

fn local_month(at: i64, group: &Group) -> (i32, u32) {
    let date = DateTime::from_timestamp(at, 0)
        .unwrap()
        .with_timezone(&group.zone);
    (date.year(), date.month())
}

/// The status by the words of the dictionary, written down a second time.
fn status(world: &World, at: GroupAt, now: i64) -> &'static str {
    let group = world.group(at);
    let mut held = Vec::new();
    let mut is_scheduled = false;
    for event in world.events_of(at) {
        let row = world.event(event);
        match (world.status_of(event, now), row.starts_at, row.ends_at()) {
            (EventStatus::Past, Some(start), _) => held.push(start),
            (EventStatus::Active, ..) => is_scheduled = true,
            _ => {}
        }
    }
    held.sort_unstable();
    if held.len() < 3 && group.founded_at > now - 365 * DAY {
        return "new";
    }
    let Some(&last) = held.last() else {
        return "unstarted";
    };
    if held
        .windows(2)
        .any(|w| w[1] > now - 90 * DAY && w[1] - w[0] > 180 * DAY)
    {
        return "restarted";
    }
    let days = (now - last) / DAY;
    if days > 180 {
        return "quiet";
    }
    let mut gaps: Vec<i64> = held
        .windows(2)
        .filter(|w| w[0] > now - 1_095 * DAY)
        .map(|w| (w[1] - w[0]) / DAY)
        .rev()
        .take(12)
        .collect();
    gaps.sort_unstable();
    let overdue_after = match gaps.len() {
        0..3 => 120,
        n => gaps[(9 * n).div_ceil(10) - 1].clamp(45, 150),
    };
    if !is_scheduled && days > overdue_after {
        return "overdue";
    }
    let (year, month) = local_month(now, group);
    let this_month = NaiveDate::from_ymd_opt(year, month, 1).unwrap();
    let founded = DateTime::from_timestamp(group.founded_at, 0).unwrap();
    let founded = founded.with_timezone(&group.zone).date_naive();
    let observed: Vec<NaiveDate> = (1..=12)
        .map(|back| this_month - Months::new(back))
        .filter(|month| *month >= founded)
        .collect();
    let met: HashSet<(i32, u32)> = held
        .iter()
        .map(|&start| local_month(start, group))
        .collect();
    let hits = observed
        .iter()
        .filter(|month| met.contains(&(month.year(), month.month())))
        .count();
    if observed.len() >= 3 && hits * 4 >= observed.len() * 3 {
        "on_target"
    } else {
        "meeting"
    }
}

fn told(seed: u64, groups: usize, at: DateTime<Utc>) -> World {
    let mut world = World::demo(seed, groups, at);
    world.freeze(Some(at));
    world
}

fn some_days() -> impl Iterator<Item = DateTime<Utc>> {
    let first: DateTime<Utc> = "2026-01-01T03:11:29Z".parse().unwrap();
    (0..26).map(move |turn| first + TimeDelta::hours(turn * (14 * 24 + 5)))
}

#[test]
fn each_group_has_the_status_of_its_story_on_any_day_of_the_year() {
    for (seed, now) in (1..).zip(some_days()) {
        let world = told(seed, 24, now);
        for (at, group) in world.groups() {
            let found = status(&world, at, now.timestamp());
            assert_eq!(
                found,
                group.story.status().as_str(),
                "{} at {now}, seed {seed}",
                group.urlname
            );
        }
    }
}

#[test]
fn the_story_holds_every_status_and_every_time_zone_quirk() {
    let world = told(1, 24, Utc::now());
    let mut statuses: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, group) in world.groups() {
        *statuses.entry(group.story.status().as_str()).or_default() += 1;
    }
    assert_eq!(
        statuses.keys().copied().collect::<Vec<_>>(),
        [
            "meeting",
            "new",
            "on_target",
            "overdue",
            "quiet",
            "restarted",
            "unstarted"
        ]
    );
    let zones: BTreeSet<&str> = world.groups().map(|(_, g)| g.timezone.as_str()).collect();
    assert!(zones.len() > 20);
    for quirk in [
        "US/Eastern",
        "Asia/Calcutta",
        "Europe/Kiev",
        "Asia/Katmandu",
        "Pacific/Chatham",
    ] {
        assert!(zones.contains(quirk), "{quirk}");
    }
}

#[test]
fn the_admin_is_organizer_of_every_group_in_the_network_and_of_none_outside() {
    let world = told(1, 24, Utc::now());
    let (network, row) = world.networks().next().unwrap();
    for (_, group) in world.groups() {
        let role = group
            .membership(row.admin)
            .map(|membership| membership.role);
        if group.network == Some(network) {
            assert_eq!(role, Some(Role::Organizer), "{}", group.urlname);
        } else {
            assert_eq!(role, None, "{}", group.urlname);
        }
    }
    assert_eq!(world.outside().len(), 2);
}

#[test]
fn some_groups_mark_attendance_and_others_never_do() {
    let world = told(1, 24, Utc::now());
    let marks = |wanted: bool| {
        world
            .groups()
            .filter(|(_, group)| group.marks_attendance == wanted)
            .flat_map(|(at, _)| world.events_of(at))
            .filter(|&event| {
                world
                    .event(event)
                    .count(gatherd::demo::world::Answer::Attended)
                    > 0
            })
            .count()
    };
    assert!(marks(true) > 100);
    assert_eq!(marks(false), 0);
}

#[test]
fn the_story_has_joint_events_cancelled_ones_drafts_waitlists_and_guests() {
    let world = told(1, 24, Utc::now());
    let joint: BTreeMap<u64, usize> =
        world
            .events()
            .filter_map(|(_, e)| e.network_event)
            .fold(BTreeMap::new(), |mut map, id| {
                *map.entry(id).or_default() += 1;
                map
            });
    assert!(
        joint.len() == 3 && joint.values().all(|copies| *copies >= 4),
        "{joint:?}"
    );
    let events: Vec<_> = world.events().map(|(_, event)| event).collect();
    assert!(
        events
            .iter()
            .any(|event| event.status == EventStatus::Cancelled)
    );
    assert!(
        events
            .iter()
            .any(|event| event.status == EventStatus::Draft && event.starts_at.is_none())
    );
    assert!(events.iter().any(|event| event.minutes == Some(1_800)));
    assert!(events.iter().any(|event| !event.old_ids.is_empty()));
    assert!(
        events
            .iter()
            .any(|event| event.title.contains("<!channel>") || event.title.contains("@everyone"))
    );
    let rsvps: Vec<_> = events.iter().flat_map(|event| &event.rsvps).collect();
    assert!(
        rsvps
            .iter()
            .any(|rsvp| rsvp.answer == gatherd::demo::world::Answer::Waitlist)
    );
    assert!(rsvps.iter().any(|rsvp| rsvp.guests > 0));
    assert!(rsvps.iter().any(|rsvp| rsvp.is_hidden));
    assert!(rsvps.iter().any(|rsvp| rsvp.updated_at.is_none()));
}

#[test]
fn the_same_seed_tells_the_same_and_another_tells_another() {
    let now = Utc::now();
    let rows = |seed| {
        let world = World::demo(seed, 8, now);
        let events: Vec<_> = world
            .events()
            .map(|(_, event)| (event.id.clone(), event.title.clone(), event.rsvps.clone()))
            .collect();
        events
    };
    assert_eq!(rows(5), rows(5));
    assert_ne!(rows(5), rows(6));
}

#[test]
fn any_number_of_groups_can_be_told() {
    for groups in [0, 1, 3, 6, 60] {
        assert_eq!(World::demo(2, groups, Utc::now()).tally().groups, groups);
    }
    assert_eq!(Story::Restarted.status(), Status::Restarted);
}
