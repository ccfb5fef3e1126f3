//! The budget, by the server's own counter, whoever asks and however often it starts anew.

use super::{NONE, community};
use crate::program::{Program, until};
use crate::rig::{Means, Rig, quick};
use gatherd::demo::{Dice, PageCaps, Points, Switches, World};
use gatherd::sync::Outcome;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use std::time::Duration;

/// The same cases each time, unless others are asked for.
fn seed() -> u64 {
    let asked = std::env::var("GATHERD_TEST_SEED").ok();
    asked.and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// How points are counted, how many there are, and who asks.
#[derive(Debug, Clone)]
struct Case {
    seed: u64,
    limit: u32,
    window: Duration,
    /// Rows that cost a point more; none: only root fields count.
    rows_per_point: Option<u32>,
    /// Other processes that ask beside, and die.
    others: usize,
    page: usize,
}

fn cases() -> impl Strategy<Value = Case> {
    let rows = prop_oneof![Just(None), (15..60_u32).prop_map(Some)];
    (
        any::<u64>(),
        60..120_u32,
        150..400_u64,
        rows,
        0..3_usize,
        8..40_usize,
    )
        .prop_map(|(seed, limit, window, rows_per_point, others, page)| Case {
            seed,
            limit,
            window: Duration::from_millis(window),
            rows_per_point,
            others,
            page,
        })
}

async fn holds(case: &Case) {
    let switches = Switches {
        points_limit: Some(case.limit),
        points_window: case.window,
        points: case
            .rows_per_point
            .map_or(Points::PerRootField, |rows_per_point| Points::PerNode {
                rows_per_point,
            }),
        page_caps: PageCaps::all(case.page),
        ..Switches::default()
    };
    let mut waits = quick();
    // `resetAt` is honoured to its end.
    waits.longest_reset = Duration::from_secs(30);
    let means = Means {
        points: case.limit * 9 / 10,
        window: case.window,
        waits,
        ..Means::default()
    };
    let rig = Rig::with(community(case.seed, 4), switches, means);
    // Each of these asks in vain and is gone in the midst of it, with what it had reserved.
    for nth in 0..case.others {
        let meetup = rig.meetup(&rig.opened_again());
        let asker = tokio::spawn(async move {
            loop {
                meetup
                    .network_group_ids("sized", None, false, None)
                    .await
                    .unwrap();
            }
        });
        let enough = rig.sim.counters().requests + 5 + nth as u64 * 7;
        while rig.sim.counters().requests < enough {
            tokio::task::yield_now().await;
        }
        asker.abort();
        let _ = asker.await;
    }
    let report = tokio::time::timeout(Duration::from_secs(120), rig.backfill()).await;
    let report = report.expect("progress").unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), NONE);
    let counters = rig.sim.counters();
    if case.rows_per_point.is_none() {
        assert!(counters.most_points_in_window <= case.limit, "{counters:?}");
        assert_eq!(counters.throttled, 0, "{counters:?}");
    }
    // Only what was under way when the refusal came may come before its end.
    assert!(counters.early <= counters.throttled, "{counters:?}");
    // One refusal teaches what rows cost. Where it is met by a page larger than any before, another one.
    assert!(counters.throttled <= 4, "{counters:?}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 5, failure_persistence: None, rng_seed: RngSeed::Fixed(seed()), ..ProptestConfig::default() })]

    #[test]
    fn no_window_exceeds_the_limit_and_nothing_is_asked_before_the_end_of_a_refusal(case in cases()) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(holds(&case));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cost_once_learned_is_known_to_the_next_process() {
    let window = Duration::from_millis(300);
    let switches = Switches {
        points_limit: Some(40),
        points_window: window,
        points: Points::PerNode { rows_per_point: 1 },
        ..Switches::default()
    };
    let mut waits = quick();
    waits.longest_reset = Duration::from_secs(30);
    let means = Means {
        points: 36,
        window,
        waits,
        ..Means::default()
    };
    let rig = Rig::with(community(71, 5), switches, means);
    let asks = async |times: usize| {
        let meetup = rig.meetup(&rig.opened_again());
        for _ in 0..times {
            meetup
                .network_group_ids("sized", None, false, None)
                .await
                .unwrap();
        }
        rig.sim.counters().throttled
    };
    // Five points each, in truth.
    let learning = asks(60).await;
    assert_eq!(learning, 1, "refusals");
    assert_eq!(asks(30).await, learning, "and no more");
    assert_eq!(rig.sim.counters().early, 0);
}

#[test]
fn processes_that_are_killed_in_turns_keep_to_the_budget_of_a_minute() {
    let seed = 72;
    let world = World::sized(seed, 6, 90, 1_500, 500, chrono::Utc::now());
    let switches = Switches {
        page_caps: PageCaps::all(10),
        latency: Duration::from_millis(1),
        ..Switches::default()
    };
    let program = Program::on(world, switches);
    let meetup = program.meetup_section("").replace("100000", "40");
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    let mut dice = Dice::new(seed);
    for _ in 0..12 {
        let wanted = program.sim.counters().requests + dice.below(8) as u64;
        let mut running = program.start(&["backfill"]);
        until("it has asked enough, or may ask no more", || {
            let asked = program.sim.counters();
            running.is_over() || asked.requests >= wanted || asked.points >= 30
        });
        running.kill();
    }
    // As many as are left are used, and no more.
    let running = program.start(&["backfill"]);
    until("the budget is used up", || {
        program.rows("SELECT sum(points) FROM budget_row") == ["40"]
    });
    running.kill();
    let counters = program.sim.counters();
    assert!(
        counters.most_points_in_window <= 40,
        "seed {seed}: {counters:?}"
    );
    assert!(counters.points >= 10, "seed {seed}: {counters:?}");
    assert_eq!(counters.throttled, 0, "seed {seed}: {counters:?}");
    assert_eq!(program.integrity(), "ok", "seed {seed}");
}
