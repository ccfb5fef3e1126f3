//! Who leads, who was seen, and who stays away.

use super::*;

#[test]
fn a_leader_is_seen_when_visiting_answering_or_hosting_by_a() {
    let seen = |fill: &dyn Fn(&mut World, usize)| {
        let figures = one(|w, g| {
            w.member(g, 1, "ORGANIZER", "LEADER").seen = Some(A - 200 * DAY);
            fill(w, g);
        });
        let at = figures.leaders[0].last_seen_at.unwrap();
        (A - at.timestamp()) / DAY
    };
    assert_eq!(seen(&|_, _| {}), 200);
    let answer = |status: &'static str, at: i64| {
        seen(&|w, g| {
            let event = w.met(g, 50, &[]).answer(status, &[1]);
            event.last().updated = Some(A - at * DAY);
        })
    };
    assert_eq!((answer("YES", 60), answer("NO", 40)), (60, 40));
    assert_eq!(answer("NO", -1), 200, "not by then");
    assert_eq!(
        seen(&|w, g| {
            w.met(g, 30, &[]).hosted_by(&[1]);
        }),
        30
    );
    assert_eq!(
        seen(&|w, g| {
            let event = w.met(g, 50, &[1]);
            event.last().updated = Some(A - 60 * DAY);
            event.last().gone = Some(A - 55 * DAY);
        }),
        200,
        "an answer withdrawn before the event"
    );
    assert_eq!(
        seen(&|w, g| {
            w.met(g, 50, &[1]).status = "CANCELLED";
            w.met(g, 20, &[1]).status = "DRAFT";
        }),
        51,
        "an answer to what was cancelled later is one"
    );
    assert_eq!(
        seen(&|w, _| {
            let other = w.group("other");
            w.met(other, 5, &[1]).hosted_by(&[1]);
        }),
        200,
        "elsewhere is not here"
    );
    assert_eq!(
        seen(&|w, g| {
            w.met(g, 30, &[]).hosted_by(&[1]);
            w.groups[g].members[0].seen = Some(A + DAY);
        }),
        30,
        "a visit after A says nothing of when the one before was"
    );
}

#[test]
fn when_a_leader_last_hosted_and_last_took_part() {
    let figures = one(|w, g| {
        w.member(g, 1, "ORGANIZER", "LEADER");
        w.member(g, STAFF, "COORGANIZER", "LEADER");
        w.met(g, 30, &[1]).hosted_by(&[1]);
        w.met(g, 40, &[1, STAFF]);
        w.met(g, 50, &[1]);
    });
    let leader = |person: u32| {
        figures
            .leaders
            .iter()
            .find(|it| it.id == id_of(person))
            .unwrap()
    };
    assert_eq!(leader(1).last_hosted_at, Some(instant(A - 30 * DAY)));
    assert_eq!(leader(1).last_took_part_at, Some(instant(A - 40 * DAY)));
    assert_eq!(
        leader(STAFF).last_took_part_at,
        None,
        "staff does not take part"
    );
}

#[test]
fn who_joined_after_a_leads_nothing_yet() {
    let figures = one(|w, g| w.member(g, 1, "ORGANIZER", "LEADER").joined = Some(A + 1));
    assert_eq!(figures.organizers.leaders, Some(0));
    assert_eq!(figures.growth.members, Some(0));
    assert!(figures.leaders.is_empty());
}

#[test]
fn a_leader_is_away_after_three_events_and_none_of_two_since() {
    let away = |before: &[i64], since: &[(i64, bool)]| {
        let figures = one(|w, g| {
            w.member(g, 1, "ORGANIZER", "LEADER");
            for (n, days) in before.iter().enumerate() {
                let event = w.met(g, *days, &[1, 2]);
                if n == 0 {
                    event.hosted_by(&[1]);
                }
            }
            for (days, is_there) in since {
                w.met(g, *days, &[1][..usize::from(*is_there)]);
            }
        });
        let told = figures.away.first().map(|it| (it.came, it.held_since));
        assert!(figures.away.len() < 2, "2 does not lead");
        told
    };
    let often = [120, 200, 364];
    assert_eq!(away(&often, &[(119, false), (5, false)]), Some((3, 2)));
    assert_eq!(away(&often, &[(119, false)]), None);
    assert_eq!(away(&often, &[(119, false), (5, true)]), None);
    assert_eq!(away(&[120, 200, 365], &[(50, false), (5, false)]), None);
    assert_eq!(
        away(&[150, 200, 364], &[(130, false), (50, false), (5, false)]),
        Some((3, 3)),
        "held since they were last there"
    );
    let mut world = World::default();
    let g = world.group("acme");
    world.member(g, 1, "ORGANIZER", "LEADER");
    for days in [150, 200, 300] {
        world.met(g, days, &[1]);
    }
    world.met(g, 10, &[]);
    world.met(g, 20, &[]);
    let of = |generated_at: i64| {
        let asked = Settings {
            generated_at: instant(generated_at),
            ..settings()
        };
        metrics::measure(&world.store(), &asked).unwrap().groups[0]
            .away
            .len()
    };
    assert_eq!(
        (of(A + DAY), of(A + DAY + 1)),
        (1, 0),
        "who leads then is unknown"
    );
}

#[test]
fn the_sole_host_is_who_hosted_most_events_alone() {
    let figures = one(|w, g| {
        for days in [10, 20, 30] {
            w.met(g, days, &[]).hosted_by(&[1]);
        }
        w.met(g, 40, &[]).hosted_by(&[2]);
        w.met(g, 50, &[]).hosted_by(&[1, 2]);
        w.met(g, 60, &[]);
        w.met(g, 365, &[]).hosted_by(&[2]);
    });
    assert_eq!(
        figures.organizers.sole_host,
        rate(3, 5),
        "of those with a host"
    );
    assert_eq!(figures.sole.unwrap().id, id_of(1));
    assert_eq!(figures.fewest_hosts, Some(1));
    let shared = one(|w, g| {
        w.met(g, 10, &[]).hosted_by(&[1, 2]);
        w.met(g, 20, &[]).hosted_by(&[1, 2, 3]);
        w.met(g, 30, &[]);
    });
    assert_eq!(shared.organizers.sole_host, rate(0, 2));
    assert_eq!((shared.sole, shared.fewest_hosts), (None, Some(2)));
    let nobody = one(|w, g| {
        w.met(g, 10, &[]);
    });
    assert_eq!(
        (nobody.organizers.sole_host, nobody.fewest_hosts),
        (rate(0, 0), None)
    );
    let equal = one(|w, g| {
        w.met(g, 10, &[]).hosted_by(&[2]);
        w.met(g, 20, &[]).hosted_by(&[1]);
    });
    assert_eq!(equal.sole.unwrap().id, id_of(2), "who did so last");
}

#[test]
fn the_latest_nine_and_the_running_month_are_told_beside_the_year() {
    let figures = one(|w, g| {
        for n in 0..12 {
            let yes: Vec<u32> = (0..n).collect();
            w.met(g, 10 * i64::from(n) + 4, &yes);
        }
    });
    assert_eq!(figures.recent_yes, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    // A is the 15th: the 11th and the 1st of June.
    assert_eq!(figures.this_month, (2, 1));
    assert_eq!(figures.months.last().unwrap().events, 3);
}
