//! Listings that do not end, each next page under a cursor that was never used.

use super::{NONE, rig};
use crate::rig::Rig;
use gatherd::demo::{Endless, PageCaps, Switches};
use gatherd::sync::{Outcome, PassReport};

async fn everything(rig: &Rig) -> Vec<PassReport> {
    let mut reports = vec![rig.backfill().await.unwrap()];
    for _ in 0..2 {
        reports.push(rig.pass().await.unwrap());
        reports.push(rig.sweep().await.unwrap());
    }
    reports
}

#[tokio::test(flavor = "multi_thread")]
async fn a_listing_that_goes_on_without_news_ends_at_the_page_that_has_none() {
    for endless in [Endless::Empty, Endless::Repeats] {
        for rows in [9, 1_000] {
            let switches = Switches {
                endless,
                page_caps: PageCaps::all(rows),
                ..Switches::unlimited()
            };
            let rig = rig(81, 6, switches);
            for report in everything(&rig).await {
                assert_eq!(report.outcome, Outcome::Done, "{:?}", report.failures);
                assert!(report.requests < 300, "{endless:?}: {report:?}");
            }
            assert_eq!(rig.differences(), NONE, "{endless:?}, {rows} rows");
            assert_eq!(rig.falsely_gone(), NONE, "{endless:?}, {rows} rows");
        }
    }
}
