//! The pause a group is in, the cases alike, and the call they are worth.

use gatherd::metrics::{Alike, Pause};

use super::*;

/// The share of a cell in the other network.
fn prior(days: i64, x: usize, y: usize) -> f64 {
    let table = include_str!("../../../schema/metrics/pause-prior.csv");
    let start = format!("{days},{x},{y},");
    let line = table.lines().find_map(|line| line.strip_prefix(&start));
    line.unwrap().split(',').next().unwrap().parse().unwrap()
}

fn is(found: f64, expected: f64) -> bool {
    (found - expected).abs() < 1e-12
}

/// The pause of a world with one group that met so many seconds before A, all of it announced for long, so
/// that its own past is no case.
fn pause_of(ago: &[i64]) -> Pause {
    let figures = one(|w, g| {
        ago.iter().for_each(|ago| {
            w.event(g, A - ago).seen = vec![A - 4_000 * DAY];
        });
    });
    figures.pause.unwrap()
}

/// The cases that a group finds which met once, 46 days ago, beside a group of another's past: one cell at
/// the edge of 45 days.
fn alike(past: impl FnOnce(&mut World, usize)) -> (i64, i64) {
    let mut world = World::default();
    let asks = world.group("asks");
    world.met(asks, 46, &[]);
    let group = world.group("past");
    past(&mut world, group);
    let pause = measure(&world).groups[0].pause.unwrap();
    let Alike { edge, cases, long } = pause.alike.unwrap();
    assert_eq!(edge, 45);
    #[allow(clippy::cast_precision_loss)]
    let share = (long as f64 + 8.0 * prior(45, 0, 0)) / (cases as f64 + 8.0);
    assert!(is(pause.risk, share), "{pause:?}");
    (cases, long)
}

/// An event of which nothing was known before it began.
fn unannounced(world: &mut World, group: usize, starts: i64) {
    known(world.event(group, starts), starts);
}

#[test]
fn days_are_whole_and_the_first_edge_is_45() {
    let pause = pause_of(&[45 * DAY - 1]);
    assert_eq!((pause.days, pause.idle_days), (44, 44));
    assert_eq!((pause.risk, pause.alike), (0.0, None));
    let pause = pause_of(&[45 * DAY]);
    assert_eq!(pause.days, 45);
    assert_eq!(
        pause.alike,
        Some(Alike {
            edge: 45,
            cases: 0,
            long: 0
        })
    );
    assert!(is(pause.risk, prior(45, 0, 0)));
}

#[test]
fn the_usual_gap_is_that_of_the_last_twelve_between_distinct_starts() {
    let usual = |days: &[i64]| {
        let ago: Vec<i64> = days.iter().map(|days| days * DAY).collect();
        pause_of(&ago).usual_days
    };
    assert_eq!(usual(&[10]), None);
    assert_eq!(usual(&[10, 10]), None, "two at one instant are one start");
    assert_eq!(usual(&[10, 45]), Some(35.0));
    assert_eq!(usual(&[10, 20, 41]), Some(15.5));
    assert_eq!(usual(&[10, 20, 41, 41]), Some(15.5));
    let mut many: Vec<i64> = (0..13).map(|n| 5 + n * 10).collect();
    assert_eq!(usual(&many), Some(10.0));
    many.extend((1..12).map(|n| 125 + 200 * n));
    assert_eq!(usual(&many), Some(10.0), "of the last twelve");
    assert_eq!(
        pause_of(&[10 * DAY, 10 * DAY + 60]).usual_days,
        Some(1.0),
        "a day at least"
    );
}

#[test]
fn a_cell_is_of_strictly_more_gaps_and_strictly_more_events() {
    // The risk of a group alone is the other network's share of its cell.
    let risk = |ago: &[i64]| pause_of(ago).risk;
    let d = 45 * DAY;
    let gap = |gap: i64| risk(&[d, d + gap]);
    assert!(is(gap(30 * DAY), prior(45, 1, 1)), "45 / 30 is 1.5");
    assert!(is(gap(30 * DAY - 1), prior(45, 2, 1)));
    assert!(is(gap(45 * DAY), prior(45, 0, 1)), "as long as usual");
    assert!(is(gap(45 * DAY - 1), prior(45, 1, 1)));
    assert!(is(gap(10 * DAY), prior(45, 4, 1)), "4.5 times");
    assert!(is(gap(10 * DAY - 1), prior(45, 5, 1)));
    assert!(
        is(risk(&[d]), prior(45, 0, 0)),
        "without a gap as if 90 days"
    );
    // Events, not starts; up to 365 days before the pause began.
    assert!(is(risk(&[d, d]), prior(45, 0, 1)), "two at one instant");
    assert!(
        is(risk(&[d, d, d]), prior(45, 0, 1)),
        "three are not over three"
    );
    assert!(is(risk(&[d; 4]), prior(45, 0, 2)));
    assert!(is(risk(&[d; 6]), prior(45, 0, 2)));
    assert!(is(risk(&[d; 7]), prior(45, 0, 3)));
    assert!(is(risk(&[d; 12]), prior(45, 0, 4)));
    let year = |last: i64| risk(&[d, d + 170 * DAY, d + 340 * DAY, d + last]);
    assert!(is(year(365 * DAY - 1), prior(45, 0, 2)), "four");
    assert!(is(year(365 * DAY), prior(45, 0, 1)), "a year before");
}

#[test]
fn the_risk_is_the_greatest_of_the_edges_passed() {
    let pause = pause_of(&[105 * DAY, 275 * DAY]);
    assert!(prior(90, 0, 1) > prior(105, 0, 1));
    assert!(is(pause.risk, prior(90, 0, 1)));
    assert_eq!(pause.alike.unwrap().edge, 90);
    let pause = pause_of(&[120 * DAY, 290 * DAY]);
    assert!(is(pause.risk, prior(120, 0, 1)));
    assert_eq!(pause.alike.unwrap().edge, 120);
}

#[test]
fn a_case_is_a_pause_in_which_nothing_had_started_or_was_announced() {
    let s = A - 400 * DAY;
    assert_eq!(alike(|w, g| unannounced(w, g, s)), (1, 1));
    let then = |days: i64, seconds: i64| {
        alike(|w, g| {
            unannounced(w, g, s);
            unannounced(w, g, s + days * DAY + seconds);
        })
    };
    // The second event begins a pause of another cell: two events in its year.
    assert_eq!(then(45, 0), (0, 0), "an event on the day itself");
    assert_eq!(then(45, 1), (1, 0));
    let announced = |at: i64| {
        alike(|w, g| {
            unannounced(w, g, s);
            known(w.event(g, s + 200 * DAY), at);
        })
    };
    assert_eq!(announced(s + 45 * DAY), (0, 0), "announced on the day");
    assert_eq!(announced(s + 45 * DAY + 1), (1, 1), "and 200 days are long");
    let counted = |event: &mut crate::world::Event| event.status = "PAST";
    let other = |change: &dyn Fn(&mut crate::world::Event)| {
        alike(|w, g| {
            unannounced(w, g, s);
            change(w.event(g, s + 30 * DAY));
        })
    };
    assert_eq!(other(&counted), (0, 0));
    assert_eq!(other(&|event| event.status = "CANCELLED"), (1, 1));
    assert_eq!(other(&|event| event.status = "DRAFT"), (1, 1));
    assert_eq!(other(&|event| event.gone = Some(A)), (1, 1));
}

#[test]
fn an_event_was_created_by_its_first_sign_and_never_after_its_start() {
    let s = A - 400 * DAY;
    let edge = s + 45 * DAY;
    // It starts 60 days later; whether 45 days are a case tells whether it was known by then.
    let is_case = |created: Option<i64>, seen: Vec<i64>| {
        let cases = alike(|w, g| {
            unannounced(w, g, s);
            let event = w.event(g, edge + 15 * DAY);
            (event.created, event.seen) = (created, seen);
        });
        cases.0 == 1
    };
    assert!(is_case(Some(edge + 1), vec![]));
    assert!(!is_case(Some(edge), vec![]));
    assert!(
        !is_case(Some(edge + 1), vec![edge + 9, edge]),
        "seen before"
    );
    assert!(is_case(None, vec![]), "unknown: 14 days before its start");
    let at = |start: i64| {
        alike(|w, g| {
            unannounced(w, g, s);
            w.event(g, start).seen.clear();
        })
        .0
    };
    assert_eq!(at(edge + 14 * DAY), 0);
    assert_eq!(at(edge + 14 * DAY + 1), 1);
    let late = alike(|w, g| {
        unannounced(w, g, s);
        let event = w.event(g, edge);
        (event.created, event.seen) = (Some(A), vec![A]);
    });
    assert_eq!(late, (0, 0), "it has started, whenever it was written down");
}

#[test]
fn a_pause_is_long_without_a_start_in_the_180_days_after() {
    let s = A - 400 * DAY;
    let then = |seconds: i64| {
        alike(|w, g| {
            unannounced(w, g, s);
            unannounced(w, g, s + 180 * DAY + seconds);
        })
    };
    assert_eq!(then(0), (1, 0));
    assert_eq!(then(1), (1, 1));
    assert_eq!(alike(|w, g| unannounced(w, g, s)), (1, 1), "open");
}

#[test]
fn cases_began_from_1640_to_180_days_before_in_groups_that_are_measured() {
    let began = |ago: i64| alike(|w, g| unannounced(w, g, A - ago));
    assert_eq!(began(180 * DAY), (1, 1));
    assert_eq!(began(180 * DAY - 1), (0, 0), "not known yet");
    assert_eq!(began(1_640 * DAY - 1), (1, 1));
    assert_eq!(began(1_640 * DAY), (0, 0));
    let of = |change: &dyn Fn(&mut crate::world::Group)| {
        alike(|w, g| {
            unannounced(w, g, A - 400 * DAY);
            change(&mut w.groups[g]);
        })
    };
    assert_eq!(of(&|_| {}), (1, 1));
    assert_eq!(of(&|group| group.gone = Some(A)), (0, 0));
    assert_eq!(of(&|group| group.is_complete = false), (0, 0));
    assert_eq!(of(&|group| group.founded = Some(A + 1)), (0, 0));
    assert_eq!(of(&|group| group.founded = Some(A)), (1, 1));
    assert_eq!(of(&|group| group.founded = None), (1, 1));
}

#[test]
fn several_events_of_one_instant_begin_one_pause() {
    let s = A - 400 * DAY;
    let mut world = World::default();
    let asks = world.group("asks");
    world.met(asks, 46, &[]);
    world.met(asks, 46, &[]);
    let past = world.group("past");
    for _ in 0..2 {
        unannounced(&mut world, past, s);
    }
    let pause = measure(&world).groups[0].pause.unwrap();
    let alike = pause.alike.unwrap();
    assert_eq!((alike.cases, alike.long), (1, 1), "of two events a year");
}

#[test]
fn a_call_is_worth_it_after_90_idle_days_or_by_the_risk() {
    // After a busy year pauses seldom went long.
    let busy = |days: i64| {
        let ago: Vec<i64> = (0..12).map(|n| (days + 20 * n) * DAY).collect();
        pause_of(&ago)
    };
    assert!(busy(89).risk < 0.6);
    assert_eq!((busy(89).call, busy(89).call_after_days), (false, 90));
    assert!(busy(90).call);
    // Two events at one instant: over 0.6 at 90 days, whatever is asked.
    let settings = |after: u32, at: f64| Settings {
        call_after_days: after,
        call_at: at,
        ..settings()
    };
    let of = |days: i64, settings: &Settings| {
        let mut world = World::default();
        let g = world.group("acme");
        world.met(g, days, &[]);
        world.met(g, days, &[]);
        let measured = metrics::measure(&world.store(), settings).unwrap();
        measured.groups[0].pause.unwrap()
    };
    assert!(of(90, &settings(150, 0.6)).call);
    assert!(!of(89, &settings(150, 0.6)).call);
    assert!(
        of(90, &settings(150, prior(90, 0, 1))).call,
        "as great as asked"
    );
    assert!(!of(90, &settings(150, 0.7)).call);
    assert!(of(60, &settings(60, 1.0)).call);
    assert!(!of(59, &settings(60, 1.0)).call);
    assert_eq!(of(60, &settings(200, 1.0)).call_after_days, 150);
}

#[test]
fn a_group_that_is_to_meet_less_often_is_called_later() {
    let after = |every: i64| {
        one(|w, g| {
            w.groups[g].target = Some(every);
            w.met(g, 10, &[]);
        })
        .pause
        .unwrap()
        .call_after_days
    };
    assert_eq!([1, 2, 3, 4].map(after), [90, 120, 150, 150]);
}

#[test]
fn there_is_no_pause_where_something_is_on_or_a_status_says_more() {
    let pause = |fill: &dyn Fn(&mut World, usize)| one(fill).pause.is_some();
    assert!(!pause(&|_, _| {}), "nothing held");
    assert!(pause(&|w, g| {
        w.met(g, 10, &[]);
    }));
    let with = |starts: i64, from: i64| {
        pause(&|w, g| {
            w.met(g, 10, &[]);
            known(w.event(g, starts), from);
        })
    };
    assert!(!with(A - HOUR, A - DAY), "running");
    assert!(!with(A + DAY, A), "scheduled");
    assert!(with(A + DAY, A + 1), "announced after A");
    let of = |status: Status, fill: &dyn Fn(&mut World, usize)| {
        let figures = one(fill);
        assert_eq!(figures.status, Some(status));
        figures.pause.is_some()
    };
    assert!(!of(Status::New, &|w, g| {
        w.groups[g].founded = Some(A - 30 * DAY);
        w.met(g, 10, &[]);
    }));
    assert!(!of(Status::Restarted, &|w, g| {
        w.met(g, 60, &[]);
        w.met(g, 300, &[]);
    }));
    assert!(!of(Status::Quiet, &|w, g| {
        w.met(g, 181, &[]);
    }));
    assert!(of(Status::Overdue, &|w, g| {
        w.met(g, 180, &[]);
    }));
}

#[test]
fn days_in_months_off_are_not_idle_and_never_more_than_all() {
    // May is off; the local dates of 15 May to 14 June lie strictly between.
    let figures = one(|w, g| {
        yearly_rhythm(w, g, &[5], 2);
        w.event(g, A - 31 * DAY).status = "DRAFT";
    });
    assert_eq!(figures.cadence.off_months, [5]);
    let pause = figures.pause.unwrap();
    assert_eq!((pause.days, pause.idle_days), (60, 29));
    // Last met on 31 May at 23:30, which is another day in the place itself.
    let zone = |offset: i64| {
        one(|w, g| {
            w.groups[g].timezone = None;
            yearly_rhythm(w, g, &[6], 1);
            for event in &mut w.events {
                event.offset = offset;
            }
        })
        .pause
        .unwrap()
    };
    assert_eq!((zone(0).days, zone(0).idle_days), (30, 16));
    assert_eq!(zone(12 * HOUR + 1).idle_days, 15, "there it is the 16th");
}

#[test]
fn the_stake_is_who_took_part_in_the_year_up_to_the_latest_event() {
    let figures = one(|w, g| {
        w.met(g, 500, &[1, 2]);
        w.met(g, 400, &[3, STAFF])
            .hosted_by(&[9])
            .answer("YES", &[9]);
        w.met(g, 136, &[4]);
        w.met(g, 136 + 364, &[4, 5]);
        w.event(g, A - (135 + 365) * DAY).answer("YES", &[6]);
        w.met(g, 135, &[7]).answer("NO", &[8]);
        w.event(g, A - HOUR).answer("YES", &[10]);
        w.event(g, A + DAY).answer("YES", &[11]);
    });
    assert_eq!(figures.stake, 3, "3, 4 and 7");
    assert_eq!(one(|_, _| {}).stake, 0);
}

#[test]
fn a_network_knows_what_became_of_restarts_first_events_and_first_years() {
    let guidance = network(|w| {
        let again = w.group("again");
        for days in [900, 700, 400] {
            w.met(again, days, &[]);
        }
        let once = w.group("once");
        w.met(once, 731, &[]);
        let late = w.group("late");
        for days in [800, 365] {
            w.met(late, days, &[]);
        }
        let young = w.group("young");
        for days in [364, 10] {
            w.met(young, days, &[]);
        }
        let unread = w.group("unread");
        w.groups[unread].is_complete = false;
        w.met(unread, 900, &[]);
    })
    .guidance;
    // 900 to 700, 700 to 400, 800 to 365 days ago.
    assert_eq!(guidance.restarts, rate(1, 3));
    assert_eq!(guidance.firsts, rate(1, 3), "again, once, late");
    let years: Vec<_> = guidance.first_years.into_iter().collect();
    assert_eq!(years, [(1, rate(1, 2)), (2, rate(1, 1))]);
}
