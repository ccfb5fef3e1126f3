//! What long runs found, as short as shrinking left it.

use super::Play;
use super::steps::{Change, Step, Work};

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
    for (seed, steps) in [(0, moved_far_under_another_token)] {
        let mut play = Play::begin(seed);
        for step in &steps {
            play.step(step).await.unwrap();
        }
        play.end().await.unwrap();
    }
}
