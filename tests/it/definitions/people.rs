//! Lists of persons.

use super::*;
use gatherd::metrics::People;

fn people(fill: impl FnOnce(&mut World)) -> People {
    let mut world = World {
        admin: Some(ADMIN),
        ..World::default()
    };
    fill(&mut world);
    let asked = Settings {
        with_people: true,
        ..settings()
    };
    let measured = metrics::measure(&world.store(), &asked).unwrap();
    measured.people.unwrap()
}

#[test]
fn nobody_is_listed_unless_asked() {
    let mut world = World::default();
    world.group("acme");
    assert_eq!(measure(&world).people, None);
}

#[test]
fn a_candidate_took_part_four_times_or_hosted_once() {
    let found = people(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        for days in [10, 40, 70] {
            w.met(a, days, &[1, 2, STAFF, ADMIN]);
        }
        w.met(b, 80, &[1, STAFF]).last().guests = 3;
        w.met(b, 80, &[4]).hosted_by(&[3, STAFF]);
        w.met(b, 365, &[2]);
    });
    let told: Vec<_> = found
        .ambassadors
        .iter()
        .map(|p| {
            (
                p.member_id.as_str(),
                p.taken_part,
                p.hosted,
                p.groups.join(" "),
                p.score,
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            (id_of(1).as_str(), 4, 0, "a b".to_owned(), 6),
            (id_of(3).as_str(), 0, 1, "b".to_owned(), 3),
        ],
        "2 took part three times, staff is left out"
    );
    let first = &found.ambassadors[0];
    assert_eq!(first.last, instant(A - 10 * DAY));
    assert_eq!(
        (first.months_active, first.guests),
        (4, 0),
        "the guests were another's"
    );
}

#[test]
fn equal_scores_go_by_the_latest_then_by_id() {
    let found = people(|w| {
        let g = w.group("a");
        w.met(g, 30, &[]).hosted_by(&[1]);
        w.met(g, 20, &[]).hosted_by(&[9, 8]);
    });
    let ids: Vec<_> = found
        .ambassadors
        .iter()
        .map(|p| p.member_id.clone())
        .collect();
    assert_eq!(ids, [id_of(8), id_of(9), id_of(1)]);
}

#[test]
fn a_joint_event_counts_once_and_for_each_of_its_groups() {
    let found = people(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        for group in [a, b] {
            let event = w.met(group, 10, &[1]).hosted_by(&[2]);
            event.joint = Some("j".to_owned());
        }
        for days in [20, 30, 40] {
            w.met(a, days, &[1]);
        }
    });
    let one = found.ambassadors.iter().find(|p| p.member_id == id_of(1));
    let one = one.unwrap();
    assert_eq!((one.taken_part, one.groups.len(), one.score), (4, 2, 6));
    let host = found.ambassadors.iter().find(|p| p.member_id == id_of(2));
    assert_eq!(host.unwrap().hosted, 1);
}

#[test]
fn copies_that_start_at_once_in_different_months_count_for_the_month_of_the_first_token() {
    let midnight = 1_780_272_000; // 1 June 2026 in UTC, still May in New York
    for (token_of_june, token_of_may, months) in [("a", "z", 2), ("z", "a", 1)] {
        let found = people(|w| {
            let (june, may) = (w.group("june"), w.group("may"));
            for (group, token, offset) in [(june, token_of_june, 0), (may, token_of_may, -4 * HOUR)]
            {
                let event = w.event(group, midnight).hosted_by(&[1]);
                event.joint = Some("j".to_owned());
                event.token = token.to_owned();
                event.offset = offset;
            }
            w.event(may, midnight - 10 * DAY).hosted_by(&[1]);
        });
        let one = &found.ambassadors[0];
        assert_eq!((one.hosted, one.months_active), (2, months));
    }
}

#[test]
fn who_leads_a_group_already_is_marked_and_comes_last() {
    let found = people(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        w.met(a, 30, &[]).hosted_by(&[1]);
        for days in [10, 20] {
            w.met(a, days, &[]).hosted_by(&[2]);
        }
        w.member(b, 2, "EVENT_ORGANIZER", "LEADER");
        w.member(a, 1, "MEMBER", "ACTIVE");
    });
    let told: Vec<_> = found
        .ambassadors
        .iter()
        .map(|p| (p.member_id.clone(), p.leads, p.score))
        .collect();
    assert_eq!(told, [(id_of(1), false, 3), (id_of(2), true, 6)]);
}

#[test]
fn a_leader_who_stays_away_is_not_among_those_missed() {
    let missed = people(|w| {
        let (a, b) = (w.group("a"), w.group("b"));
        for days in [150, 200, 300] {
            w.met(a, days, &[1, 2]);
        }
        w.met(a, 10, &[]);
        w.met(a, 20, &[]);
        w.member(a, 1, "COORGANIZER", "LEADER");
        w.member(b, 2, "ORGANIZER", "LEADER");
    })
    .missed;
    let ids: Vec<_> = missed.iter().map(|p| p.member_id.clone()).collect();
    assert_eq!(
        ids,
        [id_of(2)],
        "leading another group is no cause to write to this one"
    );
}

#[test]
fn we_miss_who_came_three_times_and_stays_away_while_the_group_goes_on() {
    let missed = |since: &[(i64, &[u32])]| {
        people(|w| {
            let g = w.group("a");
            w.met(g, 365, &[3]);
            for days in [120, 200, 364] {
                w.met(g, days, &[1, 2, STAFF]);
            }
            w.met(g, 150, &[3]);
            w.met(g, 160, &[3]);
            for (days, yes) in since {
                w.met(g, *days, yes);
            }
        })
        .missed
        .iter()
        .map(|p| (p.member_id.clone(), p.taken_part, p.held_since))
        .collect::<Vec<_>>()
    };
    assert_eq!(
        missed(&[(119, &[2]), (5, &[])]),
        [(id_of(1), 3, 2)],
        "2 was there since, 3 came twice within the window"
    );
    assert!(missed(&[(119, &[2])]).is_empty(), "it held one event since");
}
