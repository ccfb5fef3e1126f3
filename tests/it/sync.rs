//! Backfill, passes and sweeps against the simulated Meetup.

use crate::rig::Rig;
use gatherd::demo::{Switches, World};
use gatherd::sync::Outcome;

fn small(seed: u64) -> World {
    World::sized(seed, 12, 200, 4_000, 3_000, chrono::Utc::now())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backfill_makes_the_mirror_equal_meetup_and_a_second_one_asks_nothing() {
    let rig = Rig::new(small(1), Switches::unlimited());
    let report = rig.backfill().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), Vec::<String>::new());
    assert_eq!(
        rig.rows("SELECT count(*) FROM groups WHERE NOT history_complete"),
        ["0"]
    );
    let again = rig.backfill().await.unwrap();
    assert_eq!((again.requests, again.rows_changed), (0, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quiet_pass_asks_one_page_of_groups_and_one_of_events_and_changes_nothing() {
    let rig = Rig::new(small(2), Switches::unlimited());
    rig.backfill().await.unwrap();
    let pass = rig.pass().await.unwrap();
    assert_eq!(pass.outcome, Outcome::Done, "{:?}", pass.failures);
    assert_eq!(pass.rows_changed, 0);
    let outside = u64::from(!rig.sim.with_world(|world| world.outside()).is_empty());
    assert!(pass.requests <= 2 + outside, "{} requests", pass.requests);
    assert_eq!(rig.differences(), Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_first_pass_on_an_empty_database_backfills() {
    let rig = Rig::new(small(3), Switches::unlimited());
    let report = rig.pass().await.unwrap();
    assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
    assert_eq!(rig.differences(), Vec::<String>::new());
    assert_eq!(
        rig.rows("SELECT count(*) FROM groups WHERE NOT history_complete"),
        ["0"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_changes_nothing_where_nothing_changed() {
    let rig = Rig::new(small(4), Switches::unlimited());
    rig.backfill().await.unwrap();
    let sweep = rig.sweep().await.unwrap();
    assert_eq!(sweep.outcome, Outcome::Done, "{:?}", sweep.failures);
    assert_eq!(sweep.rows_changed, 0);
    assert_eq!(sweep.units_left, 0);
}
