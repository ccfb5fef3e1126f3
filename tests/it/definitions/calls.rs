//! The calls replayed by `report --backtest`.

use gatherd::metrics::{Called, Calls};

use super::*;

fn replay(settings: &Settings, fill: impl FnOnce(&mut World)) -> Calls {
    let mut world = World::default();
    fill(&mut world);
    metrics::backtest(&world.store(), settings).unwrap().calls
}

fn calls(fill: impl FnOnce(&mut World)) -> Calls {
    replay(&settings(), fill)
}

/// A group that met at these instants before A, each a surprise.
fn group(world: &mut World, urlname: &str, ago: &[i64]) -> usize {
    let group = world.group(urlname);
    for ago in ago {
        known(world.event(group, A - ago), A - ago);
    }
    group
}

#[test]
fn a_call_falls_on_the_first_edge_of_90_days() {
    let found = calls(|w| {
        group(w, "acme", &[400 * DAY]);
    });
    let ours = Called {
        pauses: 1,
        cases: 1,
        long: 1,
        made: 1,
        right: 1,
        long_told_by_75: 0,
        long_told_by_90: 1,
        long_told_by_120: 1,
        median_day: Some(90.0),
    };
    assert_eq!(found.ours, ours);
    assert_eq!(found.plain_90, ours);
    let later = Called {
        long_told_by_90: 0,
        median_day: Some(105.0),
        ..ours
    };
    assert_eq!(found.plain_105, later);
}

#[test]
fn pauses_are_those_that_began_from_1275_to_180_days_before() {
    let pauses = |ago: i64| {
        calls(|w| {
            group(w, "acme", &[ago]);
        })
        .ours
        .pauses
    };
    assert_eq!(pauses(180 * DAY), 1);
    assert_eq!(pauses(180 * DAY - 1), 0);
    assert_eq!(pauses(1_275 * DAY - 1), 1);
    assert_eq!(pauses(1_275 * DAY), 0);
    let of = |change: &dyn Fn(&mut crate::world::Group)| {
        calls(|w| {
            let g = group(w, "acme", &[300 * DAY]);
            change(&mut w.groups[g]);
        })
        .ours
        .pauses
    };
    assert_eq!(of(&|group| group.is_complete = false), 0);
    assert_eq!(of(&|group| group.gone = Some(A)), 0);
}

#[test]
fn an_edge_is_left_out_from_the_day_of_an_event_or_its_announcement() {
    let s = 400 * DAY;
    let then = |days: i64, seconds: i64| {
        let found = calls(|w| {
            group(w, "acme", &[s, s - days * DAY - seconds]);
        });
        let of = |it: Called| (it.made, it.right);
        (
            found.ours.cases,
            of(found.ours),
            of(found.plain_90),
            of(found.plain_105),
        )
    };
    // The second pause is long, and counts with one call each.
    assert_eq!(then(45, 0), (1, (1, 1), (1, 1), (1, 1)));
    assert_eq!(then(45, 1), (2, (1, 1), (1, 1), (1, 1)));
    assert_eq!(then(90, 0), (2, (1, 1), (1, 1), (1, 1)));
    assert_eq!(then(90, 1), (2, (2, 1), (2, 1), (1, 1)));
    assert_eq!(then(105, 1), (2, (2, 1), (2, 1), (2, 1)));
    let announced = |at: i64| {
        calls(|w| {
            let g = group(w, "acme", &[s]);
            known(w.event(g, A - s + 200 * DAY), A - s + at);
        })
        .plain_90
        .made
    };
    assert_eq!(announced(90 * DAY), 1, "the other pause alone");
    assert_eq!(announced(90 * DAY + 1), 2);
}

#[test]
fn a_call_comes_sooner_where_pauses_alike_known_by_then_went_long() {
    // Groups that met once and never again, each pause known 180 days after it began.
    let by_75 = |known: &[i64], at: f64| {
        let settings = Settings {
            call_at: at,
            ..settings()
        };
        let found = replay(&settings, |w| {
            group(w, "asks", &[400 * DAY]);
            for (n, ago) in known.iter().enumerate() {
                group(w, &format!("past{n}"), &[*ago]);
            }
        });
        assert_eq!(found.ours.made, 1);
        found.ours.long_told_by_75
    };
    // The other network's share of the cell of 75 days is 0.426: (8 x 0.426 + 10) / 18 is 0.745.
    let long_ago = [1_300 * DAY; 10];
    assert_eq!(by_75(&[], 0.6), 0);
    assert_eq!(by_75(&[], 0.426), 1, "as great as asked");
    assert_eq!(by_75(&long_ago, 0.6), 1);
    assert_eq!(by_75(&long_ago, 0.8), 0);
    // On day 75 those count that began up to 180 days before it, and after 1,640 days before it.
    let of_day = |back: i64| [(400 - 75 + back) * DAY; 10];
    assert_eq!(by_75(&[1_560 * DAY; 10], 0.6), 1);
    // (On day 60 they give 0.698.)
    assert_eq!(by_75(&of_day(1_640).map(|ago| ago - 1), 0.72), 1);
    assert_eq!(by_75(&of_day(1_640), 0.72), 0);
}

#[test]
fn what_became_known_only_later_calls_nobody() {
    let first_day = |ago: i64| {
        let found = replay(
            &Settings {
                call_at: 0.7,
                call_after_days: 165,
                ..settings()
            },
            |w| {
                let asks = group(w, "asks", &[300 * DAY]);
                known(w.event(asks, A - 10 * DAY), A - 10 * DAY);
                for n in 0..30 {
                    group(w, &format!("past{n}"), &[ago]);
                }
            },
        );
        // Of 31 calls those at one instant fall alike: the earliest day is that of the group that asks.
        found.ours.long_told_by_75
    };
    // On day 45 and 60 and 75 of the pause: 255, 240 and 225 days before A. Known by then is what began
    // 180 days earlier.
    assert_eq!(first_day((225 + 180) * DAY), 1);
    assert_eq!(first_day((225 + 180) * DAY - 1), 0);
}

#[test]
fn the_configured_days_move_the_call_and_targets_and_months_off_do_not() {
    let median = |after: u32| {
        let settings = Settings {
            call_after_days: after,
            call_at: 1.0,
            ..settings()
        };
        replay(&settings, |w| {
            let g = group(w, "acme", &[400 * DAY]);
            w.groups[g].target = Some(4);
        })
        .ours
        .median_day
    };
    assert_eq!(median(90), Some(90.0));
    assert_eq!(median(91), Some(105.0), "on the edge after");
    assert_eq!(median(1), Some(45.0));
    assert_eq!(median(166), None);
}

#[test]
fn nothing_to_replay_is_told_as_nothing() {
    let found = calls(|_| {});
    assert_eq!(found.ours, Called::default());
    assert_eq!(found.plain_90, Called::default());
}
