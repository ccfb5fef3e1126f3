//! What is put off while something fails or is doubted, and what is not.

use super::{NONE, groups_of, outside, rig};
use crate::rig::Rig;
use gatherd::demo::{Blemish, Switches};
use gatherd::sync::Outcome;

fn sweep_units(rig: &Rig) -> usize {
    let units = "SELECT count(*) FROM units WHERE purpose = 'sweep' AND kind = 'members'";
    rig.rows(units)[0].parse().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_waits_until_a_refused_network_is_settled() {
    let rig = rig(25, 9, Switches::unlimited());
    rig.backfill().await.unwrap();
    let lost = groups_of(&rig).split_off(4);
    rig.sim
        .with_world(|world| lost.iter().for_each(|at| world.leave_network(*at)));
    let sweep = rig.sweep().await.unwrap();
    assert_eq!(sweep.outcome, Outcome::Partly, "{:?}", sweep.failures);
    assert_eq!(
        sweep_units(&rig),
        0,
        "what is doubted would be taken for gone"
    );
    rig.mirror
        .write(chrono::Utc::now(), |w| w.accept_losses(None))
        .unwrap();
    let sweep = rig.sweep().await.unwrap();
    assert_eq!(sweep.outcome, Outcome::Done, "{:?}", sweep.failures);
    // The four that stayed, and the one outside.
    assert_eq!(sweep_units(&rig), 5);
    assert_eq!(rig.differences(), NONE);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sweep_under_way_is_not_planned_again_and_one_that_only_fails_keeps_none_away() {
    let rig = rig(26, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    for (nth, attempts, planned) in [(1, 0, 0), (2, 3, 4)] {
        // A span of long ago, which is tried again in ten hours.
        rig.meddle(&format!(
            "DELETE FROM unit_row WHERE state = 'due';
             INSERT INTO unit_row (purpose, kind, network, from_at, to_at, attempts, next_due, created_at)
             SELECT 'sweep', 'events', key, {nth}, 9, {attempts}, unixepoch() + 36000, unixepoch()
             FROM network_row"
        ));
        let before = sweep_units(&rig);
        rig.sweep().await.unwrap();
        assert_eq!(sweep_units(&rig) - before, planned, "{attempts} attempts");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_outside_networks_that_fails_is_not_asked_again_before_its_time() {
    let rig = rig(27, 4, Switches::unlimited());
    rig.backfill().await.unwrap();
    let quiet = rig.pass().await.unwrap();
    assert_eq!(quiet.outcome, Outcome::Done, "{:?}", quiet.failures);
    rig.sim.blemish(outside(&rig), Blemish::Unreadable);
    let failed = rig.pass().await.unwrap();
    assert_eq!(failed.outcome, Outcome::Partly);
    let asks_for_groups = || {
        let asked = rig.sim.counters().by_operation;
        let of_groups = asked
            .iter()
            .filter(|(operation, _)| operation.starts_with("Group"));
        of_groups.map(|(_, times)| times).sum::<u64>()
    };
    let before = asks_for_groups();
    assert!(before > 0);
    let waits = rig.pass().await.unwrap();
    assert_eq!(waits.outcome, Outcome::Partly, "it is still unread");
    let asked = rig.sim.counters().by_operation;
    assert_eq!(asks_for_groups(), before, "{asked:?}");
    rig.sim.heal();
    rig.let_time_pass();
    let healed = rig.pass().await.unwrap();
    assert_eq!(healed.outcome, Outcome::Done, "{:?}", healed.failures);
    assert_eq!(rig.differences(), NONE);
}
