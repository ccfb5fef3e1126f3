//! One work of a history, and how it came out.

use std::time::Duration;

use gatherd::community::FailureKind;
use gatherd::sync::{PassReport, SyncError};

use super::steps::Work;
use crate::rig::Rig;

/// One work; every wait in it is bounded, so it ends.
pub(super) async fn perform(rig: &Rig, work: Work) -> Result<Option<PassReport>, SyncError> {
    let bound = Duration::from_secs(100);
    let worked = tokio::time::timeout(bound, perform_unbounded(rig, work)).await;
    worked.unwrap_or_else(|_| {
        let asked = rig.sim.counters().by_operation;
        panic!("{work:?} hangs; asked since the start: {asked:?}")
    })
}

async fn perform_unbounded(rig: &Rig, work: Work) -> Result<Option<PassReport>, SyncError> {
    match work {
        Work::Backfill => rig.backfill().await.map(Some),
        Work::Pass => rig.pass().await.map(Some),
        Work::Sweep => rig.sweep().await.map(Some),
        Work::LeftOverUnits => rig.syncer.work_left_over().await.map(|_| None),
        Work::Rota => rig.syncer.verify_stalest().await.map(|_| None),
    }
}

/// Nothing failed but groups that Meetup does not show any more.
pub(super) fn is_null_once(report: &Result<Option<PassReport>, SyncError>) -> bool {
    let Ok(Some(report)) = report else {
        return false;
    };
    let mut failures = report.failures.iter();
    failures.all(|it| it.kind == FailureKind::NotVisible)
}

/// Done, but for a configured group that was renamed or deleted before it was ever seen: nothing but
/// its name is known, and a person has to mend that.
pub(super) fn is_through(report: &Result<Option<PassReport>, SyncError>) -> bool {
    let Ok(Some(report)) = report else {
        return false;
    };
    let is_the_name = |message: &str| message.contains("check [[group]] urlname");
    report.failures.iter().all(|it| is_the_name(&it.message))
}
