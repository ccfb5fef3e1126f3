//! Handing over.

use super::*;
use gatherd::metrics::{Criteria, Handover};

/// A year of monthly events, hosted by two local people in turn.
fn ready(w: &mut World, g: usize) {
    for n in 0..13 {
        w.event(g, A - 20 * DAY - n * 2_629_800)
            .hosted_by(&[1 + n as u32 % 2]);
    }
    w.member(g, 1, "ORGANIZER", "LEADER");
}

const ALL: Criteria = Criteria {
    local_lead: Some(true),
    two_local_hosts: true,
    local_majority: Some(true),
    organic: Some(true),
};

#[test]
fn all_four_over_a_year_make_it_ready() {
    let handover = one(ready).handover;
    assert_eq!(handover.organic_cadence, Some(rate(12, 12)));
    assert_eq!(handover.criteria, Some(ALL));
    assert_eq!(handover.ready, Some(true));
}

#[test]
fn a_month_is_organic_if_an_event_has_hosts_and_none_of_staff() {
    let handover = one(|w, g| {
        ready(w, g);
        for event in &mut w.events[..6] {
            event.hosts.push(STAFF);
        }
        w.events[6].hosts.clear();
    })
    .handover;
    assert_eq!(handover.organic_cadence, Some(rate(5, 12)));
    let criteria = handover.criteria.unwrap();
    assert_eq!(criteria.organic, Some(false));
    assert_eq!(criteria.local_majority, Some(false), "5 of 11");
    assert!(criteria.two_local_hosts, "they host beside staff");
    assert_eq!(handover.ready, Some(false));
}

#[test]
fn a_local_lead_is_organizer_or_coorganizer_and_not_staff() {
    let lead = |person: u32, role: &'static str| {
        one(|w, g| {
            w.member(g, person, role, "LEADER");
        })
        .handover
        .criteria
        .unwrap()
        .local_lead
    };
    assert_eq!(lead(1, "COORGANIZER"), Some(true));
    assert_eq!(lead(1, "EVENT_ORGANIZER"), Some(false));
    assert_eq!(lead(STAFF, "ORGANIZER"), Some(false));
    assert_eq!(lead(ADMIN, "ORGANIZER"), Some(false));
}

#[test]
fn two_local_hosts_look_back_180_days() {
    let two = |days: i64| {
        one(|w, g| {
            w.met(g, 10, &[]).hosted_by(&[1]);
            w.met(g, days, &[]).hosted_by(&[2]);
        })
        .handover
        .criteria
        .unwrap()
        .two_local_hosts
    };
    assert_eq!((two(179), two(180)), (true, false));
}

#[test]
fn half_is_enough_and_what_cannot_be_divided_is_null() {
    let majority = one(|w, g| {
        w.met(g, 10, &[]).hosted_by(&[1]);
        w.met(g, 20, &[]).hosted_by(&[1, STAFF]);
    })
    .handover
    .criteria
    .unwrap();
    assert_eq!(majority.local_majority, Some(true));
    let young = one(|w, g| {
        w.groups[g].founded = Some(A - DAY);
        w.met(g, 0, &[]).hosted_by(&[1]);
    })
    .handover;
    assert_eq!(young.organic_cadence, Some(rate(0, 0)));
    assert_eq!(young.criteria.unwrap().organic, None);
    assert_eq!(young.ready, Some(false));
    let without = one(|_, _| {}).handover.criteria.unwrap();
    assert_eq!(without.local_majority, None);
    assert_eq!(without.organic, Some(false));
}

#[test]
fn under_twelve_observed_months_or_six_events_it_is_not_ready() {
    let young = one(|w, g| {
        ready(w, g);
        w.groups[g].founded = Some(A - 300 * DAY);
    })
    .handover;
    assert_eq!(young.criteria, Some(ALL));
    assert_eq!(young.ready, Some(false));
    // Six organic months need six events: five events fail two of the conditions at once.
    let rare = |events: usize| {
        one(|w, g| {
            ready(w, g);
            w.events.truncate(events);
        })
        .handover
        .ready
    };
    assert_eq!((rare(5), rare(6)), (Some(false), Some(true)));
}

#[test]
fn unknown_rosters_and_unconfigured_staff_leave_it_null() {
    let mut world = World::default();
    let g = world.group("acme");
    ready(&mut world, g);
    let of = |world: &World, settings: &Settings| {
        let mut measured = metrics::measure(&world.store(), settings).unwrap();
        measured.groups.remove(0).handover
    };
    let late = of(
        &world,
        &Settings {
            generated_at: instant(A + DAY + 1),
            ..settings()
        },
    );
    let unknown = Criteria {
        local_lead: None,
        ..ALL
    };
    assert_eq!((late.criteria, late.ready), (Some(unknown), None));
    let nothing = Handover {
        organic_cadence: None,
        criteria: None,
        ready: None,
    };
    for staff in [None, Some(Vec::new())] {
        let asked = Settings {
            staff,
            ..settings()
        };
        assert_eq!(of(&world, &asked), nothing);
    }
    world.groups[g].is_roster_read = false;
    let unread = of(&world, &settings());
    assert_eq!((unread.criteria, unread.ready), (Some(unknown), None));
}
