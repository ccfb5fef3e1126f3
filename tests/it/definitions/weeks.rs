//! The week that was and the week to come.

use super::*;
use gatherd::metrics::Biggest;

/// The network at A, Monday 15 June 2026 at noon UTC, by a clock.
fn by(zone: &str, fill: impl FnOnce(&mut World)) -> NetworkFigures {
    let mut world = World::default();
    fill(&mut world);
    let asked = Settings {
        zone: zone.parse().unwrap(),
        ..settings()
    };
    metrics::measure(&world.store(), &asked).unwrap().network
}

const MIDNIGHT: i64 = A - 12 * HOUR;

#[test]
fn weeks_are_seven_dates_by_the_clock_of_the_schedule() {
    let held = |zone: &str, starts: i64| {
        let n = by(zone, |w| {
            let g = w.group("a");
            w.event(g, starts);
        });
        (n.last_week.events, n.next_week.events)
    };
    assert_eq!(held("UTC", MIDNIGHT - 7 * DAY - 1), (0, 0));
    assert_eq!(held("UTC", MIDNIGHT - 7 * DAY), (1, 0));
    assert_eq!(held("UTC", MIDNIGHT - 1), (1, 0));
    assert_eq!(
        held("UTC", MIDNIGHT),
        (0, 1),
        "on A's date, though it is over"
    );
    assert_eq!(held("UTC", A - HOUR), (0, 1), "or running");
    assert_eq!(held("UTC", MIDNIGHT + 7 * DAY - 1), (0, 1));
    assert_eq!(held("UTC", MIDNIGHT + 7 * DAY), (0, 0));
    // In Kathmandu the 15th began at 18:15 UTC of the 14th.
    assert_eq!(
        held("Asia/Kathmandu", MIDNIGHT - 5 * HOUR - 45 * 60),
        (0, 1)
    );
    assert_eq!(
        held("Asia/Kathmandu", MIDNIGHT - 5 * HOUR - 45 * 60 - 1),
        (1, 0)
    );
}

#[test]
fn a_week_whose_midnight_is_skipped_begins_when_its_first_day_does() {
    // In Santiago, Sunday 6 September 2026 began at 01:00, 04:00 UTC.
    let as_of = 1_789_300_800; // Sunday 13 September 2026, 12:00 UTC
    let began = 1_788_667_200;
    let held = |starts: i64| {
        let mut world = World::default();
        let g = world.group("a");
        world.event(g, starts);
        let asked = Settings {
            zone: chrono_tz::America::Santiago,
            ..Settings::as_of(instant(as_of))
        };
        let measured = metrics::measure(&world.store(), &asked).unwrap();
        measured.network.last_week.events
    };
    assert_eq!((held(began - 1), held(began)), (0, 1));
}

#[test]
fn a_week_tells_events_groups_yes_and_the_biggest() {
    let n = by("UTC", |w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 1, &[1, 2, 3]).title = "One".to_owned();
        w.met(b, 2, &[1, 2, 4]).title = "Earlier".to_owned();
        w.met(b, 3, &[5]);
        w.event(a, A + DAY).answer("YES", &[7]).title = "Next".to_owned();
        let hidden = w.group("hidden");
        w.groups[hidden].is_complete = false;
        w.met(hidden, 1, &[1, 2, 3, 4, 5]);
    });
    let week = &n.last_week;
    assert_eq!((week.events, week.groups, week.yes), (3, 2, 7));
    let biggest = |group: &str, title: &str, yes| {
        Some(Biggest {
            group: group.to_owned(),
            title: title.to_owned(),
            yes,
            groups: 1,
        })
    };
    assert_eq!(week.biggest, biggest("b", "Earlier", 3));
    assert_eq!(n.next_week.biggest, biggest("a", "Next", 1));
    assert_eq!(n.next_week.first_timers, None);
}

#[test]
fn equal_ones_go_by_start_then_token() {
    let n = by("UTC", |w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 1, &[1]).token = "y".to_owned();
        w.met(b, 1, &[2]).token = "x".to_owned();
    });
    assert_eq!(n.last_week.biggest.unwrap().group, "b");
    assert_eq!(by("UTC", |_| {}).last_week.biggest, None);
}

#[test]
fn a_joint_event_is_one_of_a_week_its_yes_united() {
    let n = by("UTC", |w| {
        let (a, b) = (w.group("a"), w.group("b"));
        for (group, yes) in [(b, [1, 2]), (a, [2, 3])] {
            let event = w.met(group, 1, &yes).hosted_by(&[2]);
            event.joint = Some("j".to_owned());
        }
    });
    let week = n.last_week;
    assert_eq!((week.events, week.groups, week.yes), (1, 2, 3));
    let biggest = week.biggest.unwrap();
    assert_eq!(biggest.group, "b", "called by its first copy");
    assert_eq!((biggest.yes, biggest.groups), (3, 2));
    assert_eq!(week.first_timers, Some(2), "1 and 3: 2 hosts it");
}

#[test]
fn first_timers_of_the_week_took_part_nowhere_before() {
    let n = by("UTC", |w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 900, &[1]);
        w.met(b, 300, &[]).hosted_by(&[2]);
        w.met(a, 4, &[1, 2, 3, STAFF]);
        w.met(b, 2, &[3]);
        w.event(b, MIDNIGHT).answer("YES", &[4]);
    });
    assert_eq!(n.last_week.first_timers, Some(2), "2 and 3");
}

#[test]
fn attendance_is_owed_of_events_in_person_over_for_a_day() {
    let owed = |fill: &dyn Fn(&mut World, usize)| {
        network(|w| {
            let g = w.group("a");
            fill(w, g);
        })
        .attendance_owed
    };
    let ended = |ago: i64| {
        owed(&|w, g| {
            let event = w.met(g, 29, &[1]);
            (event.starts, event.ends) = (Some(A - ago - HOUR), Some(A - ago));
        })
    };
    assert_eq!((ended(DAY), ended(DAY + 1), ended(30 * DAY)), (0, 1, 0));
    let met = |kind: &'static str, status: &'static str| {
        owed(&|w, g| w.met(g, 5, &[1]).answer(status, &[2]).kind = kind)
    };
    assert_eq!((met("PHYSICAL", "YES"), met("HYBRID", "YES")), (1, 1));
    assert_eq!((met("ONLINE", "YES"), met("PHYSICAL", "NO_SHOW")), (0, 0));
    assert_eq!(met("PHYSICAL", "ATTENDED"), 0);
    let joint = |status: &'static str| {
        network(|w| {
            for (name, status) in [("a", "YES"), ("b", status)] {
                let g = w.group(name);
                w.met(g, 5, &[]).answer(status, &[1]).joint = Some("j".to_owned());
            }
        })
        .attendance_owed
    };
    assert_eq!((joint("YES"), joint("NO_SHOW")), (1, 0));
    let mut world = World::default();
    let g = world.group("a");
    world.met(g, 5, &[1]);
    let asked = Settings {
        show_rate: Some(0.7),
        ..settings()
    };
    let measured = metrics::measure(&world.store(), &asked).unwrap();
    assert_eq!(measured.network.attendance_owed, 0, "the sponsor knows");
}
