//! Points and page sizes: the budget holds over all tasks, refusals are waited out, and pages fit.

use super::{NONE, community, rig};
use crate::rig::{Means, Rig, quick};
use gatherd::demo::{Fault, On, Points, Switches, TooLarge};
use gatherd::sync::{BackfillAsk, Outcome};
use std::time::{Duration, Instant};

/// A budget of 45 of 50 points in a window of 400 ms.
fn tight() -> (Switches, Means) {
    let window = Duration::from_millis(400);
    let switches = Switches {
        points_limit: Some(50),
        points_window: window,
        ..Switches::default()
    };
    let means = Means {
        points: 45,
        window,
        ..Means::default()
    };
    (switches, means)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_window_exceeds_the_limit_whoever_asks() {
    let (switches, means) = tight();
    let rig = Rig::with(community(31, 5), switches, means);
    // Two handles on one file are two processes as far as the budget is concerned.
    let (here, there) = (rig.mirror.clone(), rig.opened_again());
    let askers: Vec<_> = [&here, &here, &there, &there]
        .map(|mirror| rig.meetup(mirror))
        .into_iter()
        .map(|meetup| {
            tokio::spawn(async move {
                for _ in 0..35 {
                    meetup
                        .network_group_ids("sized", None, false, None)
                        .await
                        .unwrap();
                }
            })
        })
        .collect();
    let report = rig.backfill().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    for asker in askers {
        asker.await.unwrap();
    }
    let counters = rig.sim.counters();
    assert!(counters.points > 160, "{counters:?}");
    assert!(counters.most_points_in_window <= 50, "{counters:?}");
    assert!(
        counters.most_points_in_window > 20,
        "the budget is used: {counters:?}"
    );
    assert_eq!(counters.throttled, 0, "{counters:?}");
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operation_dearer_than_thought_is_learned_and_the_pages_come_in_the_end() {
    let (mut switches, means) = tight();
    switches.points = Points::PerNode { rows_per_point: 40 };
    let rig = Rig::with(community(32, 5), switches, means);
    let report = rig.backfill().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
    assert!(rig.sim.counters().throttled > 0, "{:?}", rig.sim.counters());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_waited_out_wherever_its_end_lies() {
    for (what, past, status, window, clock) in [
        ("in the past", true, 200, 60, 0),
        ("far away", false, 429, 86_400, 0),
        ("by a clock behind ours", false, 200, 60, -3_600),
        ("by a clock ahead of ours", true, 429, 60, 3_600),
    ] {
        let rig = rig(
            33,
            3,
            Switches {
                reset_at_in_past: past,
                throttle_status: status,
                points_window: Duration::from_secs(window),
                clock_ahead_seconds: clock,
                ..Switches::unlimited()
            },
        );
        rig.backfill().await.unwrap();
        rig.sim.fault(On::Next, Fault::RateLimited, 3);
        let started = Instant::now();
        let report = rig.pass().await.unwrap();
        assert_eq!(
            report.outcome,
            Outcome::Done,
            "{what}: {:?}",
            report.failures
        );
        assert!(
            started.elapsed() < Duration::from_secs(5),
            "{what}: {:?}",
            started.elapsed()
        );
        assert_eq!(
            (rig.sim.faults_left(), rig.differences()),
            (0, NONE),
            "{what}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_asked_before_the_end_of_a_refusal() {
    let mut waits = quick();
    waits.shortest_reset = Duration::from_millis(300);
    waits.longest_reset = Duration::from_millis(300);
    let means = Means {
        waits,
        ..Means::default()
    };
    let rig = Rig::with(community(34, 3), Switches::unlimited(), means);
    rig.sim.fault(On::Request(1), Fault::RateLimited, 1);
    let (one, other) = (rig.meetup(&rig.mirror), rig.meetup(&rig.opened_again()));
    let started = Instant::now();
    one.network_group_ids("sized", None, false, None)
        .await
        .unwrap();
    assert!(started.elapsed() >= Duration::from_millis(300));
    let not_before = || rig.rows("SELECT value FROM meta WHERE key = 'not_before_ms'");
    let noted = not_before();
    rig.sim.fault(On::Next, Fault::RateLimited, 1);
    let refused = tokio::spawn(async move {
        one.network_group_ids("sized", None, false, None)
            .await
            .map(drop)
    });
    while rig.sim.faults_left() > 0 {
        tokio::task::yield_now().await;
    }
    // Another process with the same database waits as well, once the refusal is noted there.
    while not_before() == noted {
        tokio::task::yield_now().await;
    }
    let asked = rig.sim.counters().requests;
    let started = Instant::now();
    other
        .network_group_ids("sized", None, false, None)
        .await
        .unwrap();
    assert!(
        started.elapsed() >= Duration::from_millis(150),
        "{:?}",
        started.elapsed()
    );
    refused.await.unwrap().unwrap();
    assert_eq!(rig.sim.counters().requests, asked + 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_too_large_shrink_until_they_pass_and_grow_back() {
    for status in [200, 503, 504] {
        let (switches, means) = (
            Switches::unlimited(),
            Means {
                page_size: 400,
                ..Means::default()
            },
        );
        let rig = Rig::with(community(35, 10), switches, means);
        rig.sim.switch(|switches| {
            switches.too_large = Some(TooLarge {
                first_above: 100,
                status,
            });
        });
        let report = rig.backfill().await.unwrap();
        assert_eq!(
            report.outcome,
            Outcome::Done,
            "{status}: {:?}",
            report.failures
        );
        assert_eq!(rig.differences(), NONE, "{status}");
        // Pages above the limit cost a failure once, not once per group: for each of the ten groups a
        // page, two sizes that fail, and after eight pages that passed one try to grow, each with two
        // questions under way.
        let asked = rig.sim.counters().by_operation;
        assert!(
            asked["GroupMemberships"] <= 10 + 2 * 2 + 2,
            "{status}: {asked:?}"
        );
        rig.sim.switch(|switches| switches.too_large = None);
        let first = |rig: &Rig| rig.sim.counters().by_operation["GroupMemberships"];
        let mut tried = 0;
        let restart = BackfillAsk {
            restart: true,
            ..BackfillAsk::default()
        };
        // With pages of 20 rows a group of more members takes several; grown back, it takes one.
        loop {
            let before = first(&rig);
            rig.syncer.backfill(&restart).await.unwrap();
            if first(&rig) - before == 10 {
                break;
            }
            tried += 1;
            assert!(tried < 6, "{status}: pages stay small");
        }
        assert_eq!(rig.differences(), NONE, "{status}");
    }
}
