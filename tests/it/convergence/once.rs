//! What long runs found, as short as shrinking left it.

use super::Play;
use super::steps::{Change, Step, Trouble, Work};
use gatherd::demo::Endless;

/// Short histories that ended badly once.
#[tokio::test(flavor = "multi_thread")]
async fn histories_that_went_wrong_once_go_well() {
    let moved_far_under_another_token = vec![
        Step::Change(Change::GroupDeleted, 0, 0),
        Step::Work(Work::Pass),
        Step::Change(Change::EventGivenANewToken, 26, 5),
        Step::Change(Change::EventMovedIntoThePast, 51, 29),
        Step::Work(Work::Pass),
    ];
    let deleted_while_a_pass_reads = vec![
        Step::Change(Change::GroupRenamed, 2, 36),
        Step::Change(Change::GroupFounded, 50, 18),
        Step::LaterThatDay,
        Step::Change(Change::Joined, 34, 3),
        Step::Meanwhile(1, Change::EventGivenANewId, 62, 1),
        Step::Work(Work::LeftOverUnits),
        Step::Meanwhile(11, Change::EventGivenANewToken, 44, 32),
        Step::LaterThatDay,
        Step::Change(Change::EventCancelledForGood, 37, 22),
        Step::Meanwhile(7, Change::EventDeleted, 55, 30),
        Step::Change(Change::MarkedAttended, 0, 50),
        Step::Fault(Trouble::Refused, 5, 6),
        Step::Restarted,
        Step::Change(Change::EventMovedNearby, 43, 20),
        Step::Work(Work::Pass),
        Step::Change(Change::GroupUndeleted, 54, 10),
        Step::Work(Work::Backfill),
        Step::Change(Change::MarkedAttended, 57, 39),
        Step::Killed(Work::LeftOverUnits, 6),
        Step::Change(Change::SaidNo, 34, 54),
    ];
    let left_where_it_is_configured = vec![
        Step::Change(Change::GroupCameBack, 0, 0),
        Step::Killed(Work::Pass, 2),
        Step::Change(Change::GroupLeftTheNetwork, 17, 0),
        Step::Fault(Trouble::Refused, 4, 6),
        Step::Work(Work::Pass),
    ];
    for (seed, steps) in [
        (0, moved_far_under_another_token),
        (6_624_467_708_109_669_325, deleted_while_a_pass_reads),
        (121_151_739_598_846_836, left_where_it_is_configured),
    ] {
        let mut play = Play::begin(seed);
        // Both were drawn before these could be.
        play.rig.sim.switch(|switches| {
            (switches.endless, switches.too_large) = (Endless::Ends, None);
        });
        play.endless = Endless::Ends;
        for step in &steps {
            play.step(step).await.unwrap();
        }
        play.end().await.unwrap();
    }
    // A group that is gone answers nothing, whatever the size of its page; others refuse that size.
    let grown_too_large = vec![
        Step::Work(Work::Pass),
        Step::Change(Change::EventRestored, 0, 0),
        Step::Change(Change::GroupDeleted, 0, 0),
        Step::Killed(Work::Pass, 1),
        Step::Change(Change::EventDeleted, 0, 17),
    ];
    let mut play = Play::begin(3_564_622_894_973_010_596);
    for step in &grown_too_large {
        play.step(step).await.unwrap();
    }
    play.end().await.unwrap();
}
