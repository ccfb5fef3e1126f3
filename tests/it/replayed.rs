//! The calls replayed on a network of the shape that real ones have, and printed.

use chrono::DateTime;
use gatherd::metrics::{self, Called, Settings};
use rand::rngs::StdRng;
use rand::{Rng, SeedableRng};

use crate::world::{A, DAY, World};

/// Quantiles of R-Ladies' groups (rladies/meetup_archive, CC BY 4.0), 251 groups from 2012 to 2026: at 0, 5, 10,
/// 25, 50, 75, 90, 95, 99 and 100 %.
const AT: [f64; 10] = [0.0, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 1.0];
/// Events of a group.
const EVENTS: [f64; 10] = [1.0, 1.0, 2.0, 4.0, 12.0, 31.0, 51.0, 68.0, 105.0, 140.0];
/// Days between consecutive events.
const GAPS: [f64; 10] = [
    0.1, 3.08, 7.0, 14.04, 30.01, 62.96, 133.02, 216.0, 651.0, 2_145.9,
];
/// Days from an event's creation to its start.
const NOTICE: [f64; 10] = [
    0.0, 2.22, 3.92, 7.99, 15.17, 28.42, 55.97, 89.22, 469.14, 1_169.1,
];

/// The value at a place between 0 and 1, in a straight line between the known ones.
fn quantile(of: &[f64; 10], place: f64) -> f64 {
    let after = AT.iter().position(|at| *at > place).unwrap_or(9);
    let (from, to) = (AT[after - 1], AT[after]);
    of[after - 1] + (of[after] - of[after - 1]) * ((place - from) / (to - from)).min(1.0)
}

/// 250 groups founded over ten years. Each has a pace of its own, which its gaps mostly keep to; most end at
/// some time.
fn network(seed: u64) -> World {
    let rng = &mut StdRng::seed_from_u64(seed);
    let mut world = World::default();
    for n in 0..250 {
        let group = world.group(&format!("group{n:03}"));
        let pace: f64 = rng.random();
        let mut at = A - rng.random_range(0..3_650) * DAY;
        world.groups[group].founded = Some(at - 20 * DAY);
        let events = quantile(&EVENTS, rng.random()).round() as usize;
        for _ in 0..events {
            let event = world.event(group, at);
            let notice = quantile(&NOTICE, rng.random());
            event.created = Some(at - (notice * DAY as f64) as i64);
            event.seen = Vec::new();
            let place: f64 = if rng.random_bool(0.6) {
                (pace + rng.random_range(-0.2..0.2)).abs()
            } else {
                rng.random()
            };
            let place = if place > 1.0 { 2.0 - place } else { place };
            at += (quantile(&GAPS, place) * DAY as f64) as i64;
        }
    }
    world
}

fn percent(part: i64, of: i64) -> i64 {
    if of == 0 {
        0
    } else {
        (100 * part + of / 2) / of
    }
}

#[test]
fn on_a_network_of_real_shape_calls_come_as_early_as_a_plain_90_days_and_some_sooner() {
    let mut world = network(1);
    let settings = Settings::as_of(DateTime::from_timestamp(A, 0).unwrap());
    let conn = world.store();
    let calls = metrics::backtest(&conn, &settings).unwrap().calls;
    println!(
        "{} groups, {} events; {} pauses, {} of 45 days or more with nothing announced, {} of them long",
        world.groups.len(),
        world.events.len(),
        calls.ours.pauses,
        calls.ours.cases,
        calls.ours.long
    );
    for (name, of) in [
        ("as defined", calls.ours),
        ("at 90 days", calls.plain_90),
        ("at 105 days", calls.plain_105),
    ] {
        let Called {
            made,
            right,
            long_told_by_75,
            long_told_by_90,
            long_told_by_120,
            median_day,
            ..
        } = of;
        println!(
            "{name:<11} {made:>4} calls, {right:>4} right ({}%), told by day 75: {long_told_by_75:>3}, 90: {long_told_by_90:>3}, 120: {long_told_by_120:>3}, median day {median_day:?}",
            percent(right, made)
        );
    }
    // A pause that stands at 90 days has its call by then.
    assert!(calls.ours.long_told_by_90 >= calls.plain_90.long_told_by_90);
    assert!(calls.ours.long_told_by_120 >= calls.plain_105.long_told_by_120);
    assert!(calls.ours.made >= calls.plain_90.made);
    assert!(calls.ours.long_told_by_75 > 0, "some come sooner");
    assert!(calls.plain_90.long_told_by_90 > calls.plain_90.made / 2);
    // The last event of a pause that is replayed, taken away, leaves one pause less.
    let last = world.events.iter().enumerate();
    let last = last.filter(|(_, event)| event.starts < Some(A - 180 * DAY));
    let (place, _) = last.max_by_key(|(_, event)| event.starts).unwrap();
    world.events.remove(place);
    let fewer = metrics::backtest(&world.store(), &settings).unwrap().calls;
    assert_eq!(fewer.ours.pauses, calls.ours.pauses - 1);
}
