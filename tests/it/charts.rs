//! The charts of a group: what they count, how they are drawn, and into which files.

mod command;
mod figures;
#[cfg(feature = "png")]
mod glyphs;
pub mod groups_met;
mod shape;
mod story;
mod strip;

use gatherd::chart::{
    Alike, Answers, Calendar, Chart, Cohort, Curve, Gathering, HostPerson, Hosts, Months, Name,
    Pauses, Present, Retention, Stage, Turnout,
};

/// What a picture is read as.
fn parsed(svg: &str) -> roxmltree::Document<'_> {
    roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{error}\n{svg}"))
}

/// One of each kind, with something to draw, of a group and a host of these names.
fn all(group: &str, urlname: &str, host: &str) -> Vec<Chart> {
    let name = || Name {
        text: group.to_owned(),
        instead: urlname.to_owned(),
    };
    let on = |text: &str| text.parse().unwrap();
    let gathering = |date, yes, first_timers, returners, no_shows, stage| Gathering {
        on: on(date),
        title: group.to_owned(),
        stage,
        yes,
        first_timers,
        returners,
        no_shows,
    };
    let curve = |date, yes: i64, now| Curve {
        on: on(date),
        by_day: (2..=30).rev().map(|day| (day, yes - day / 3)).collect(),
        now,
    };
    vec![
        Months {
            name: name(),
            calendar: Calendar {
                this: 2026 * 12 + 10,
                first: Some(2025 * 12 + 2),
                held: vec![(2025 * 12 + 4, 1), (2026 * 12 + 2, 3)],
                announced: vec![(2026 * 12 + 11, 1)],
                off: vec![8],
            },
        }
        .chart(),
        Turnout {
            name: name(),
            today: on("2026-11-20"),
            events: vec![
                gathering("2026-03-05", 12, 5, 6, Some(3), Stage::Held),
                gathering("2026-03-25", 20, 2, 16, None, Stage::Held),
                gathering("2026-12-05", 7, 0, 0, None, Stage::Ahead),
            ],
        }
        .chart(),
        Pauses {
            name: name(),
            present: Some(Present {
                days: 75,
                usual_days: Some(30.5),
                is_announced: false,
                next_on: None,
                call_after_days: Some(90),
                is_call: true,
            }),
            own: vec![(on("2026-01-05"), 30), (on("2026-02-04"), 480)],
            alike: Some(Alike {
                sentence: "Of 32 pauses like this one here (75 days), 14 went past half a year."
                    .to_owned(),
                edge: 75,
                cases: 32,
                long: 14,
                is_here: true,
            }),
        }
        .chart(),
        Hosts {
            name: name(),
            people: (0..8)
                .map(|nth| HostPerson {
                    name: Name {
                        text: format!("{host}{nth}"),
                        instead: format!("host {nth}"),
                    },
                    is_staff: nth == 2,
                })
                .collect(),
            events: vec![
                (on("2026-01-05"), vec![0, 1, 2, 3]),
                (on("2026-04-05"), vec![4, 5, 6, 7]),
                (on("2026-05-05"), vec![]),
            ],
        }
        .chart(),
        Retention {
            name: name(),
            cohorts: vec![
                Cohort {
                    quarter: 2026 * 4,
                    people: 10,
                    back: [(4, 10), (2, 4), (0, 0)],
                },
                Cohort {
                    quarter: 2026 * 4 + 1,
                    people: 7,
                    back: [(0, 7), (0, 0), (0, 0)],
                },
            ],
        }
        .chart(),
        Answers {
            name: name(),
            past: vec![curve("2026-08-01", 20, None), curve("2026-09-01", 30, None)],
            next: Some(curve("2026-12-01", 25, Some((1.5, 26)))),
            left_out: 1,
        }
        .chart(),
        groups_met::of(group, urlname).chart(),
    ]
}
