//! The last line of the opening: how many groups met month by month.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike as _;
use gatherd::metrics;
use gatherd::report::message::Span;
use gatherd::report::{self, Freshness};

use super::Told;
use crate::drawn;

#[test]
fn the_digest_counts_groups_by_the_local_months_of_their_events() {
    let mut told = 0;
    for seed in 0..60 {
        let (world, a, asked) = drawn::draw(seed);
        let settings = asked.settings(a);
        let measured = metrics::measure(&world.store(), &settings).unwrap();
        let report = report::compose(measured, &settings, Freshness::default());
        let told_of = Told::of(report);
        let (digest, report) = (told_of.digest(), &told_of.report);
        let Some(groups_met) = digest.message.picture() else {
            continue;
        };
        let mut groups: BTreeMap<i64, BTreeSet<&str>> = BTreeMap::new();
        for group in report.groups.iter().map(|it| &it.figures) {
            if !group.history_complete {
                continue;
            }
            // What the story of a group lists, by its own clock.
            let story = metrics::story(&world.store(), &settings, &group.urlname).unwrap();
            for event in story.unwrap().events {
                if event.when == metrics::When::Held {
                    let day = event.starts_local.date();
                    let month = i64::from(day.year()) * 12 + i64::from(day.month0());
                    groups.entry(month).or_default().insert(&group.id);
                }
            }
        }
        for cell in groups_met.cells() {
            let expected = groups.get(&cell.month).map_or(0, BTreeSet::len);
            let of = groups_met.calendar.held.iter();
            let counted: i64 = of.filter(|it| it.0 == cell.month).map(|it| it.1).sum();
            assert_eq!(counted, expected as i64, "seed {seed}, {}", cell.name());
        }
        // The last line of the opening is all of it.
        let opening = digest
            .message
            .sections
            .iter()
            .find(|it| it.picture.is_some());
        let line = opening.unwrap().lines.last().unwrap();
        let text: String = line
            .0
            .iter()
            .map(|span| match span {
                Span::Plain(text) | Span::Code(text) => text.as_str(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(
            text,
            format!(
                "{}: {} {}.",
                groups_met.heading(),
                groups_met.strip(),
                groups_met.in_words()
            )
        );
        told += 1;
    }
    assert!(told > 30, "{told}");
}
