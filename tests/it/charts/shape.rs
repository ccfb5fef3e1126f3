//! Whatever is in it, a chart is well-formed, says what it is to those who do not see it, and brings no style
//! into a page.

use super::{all, parsed};
use chrono::{NaiveDate, TimeDelta};
use gatherd::chart::{
    Alike, Answers, CSS, Calendar, Chart, Cohort, Curve, Gathering, HostPerson, Hosts, Level,
    Months, Name, Pauses, Present, Retention, Stage, Theme, Turnout, cells, strip,
};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use std::collections::BTreeSet;

const HOSTILE: &str = "</title><script>alert(1)</script> & \"q\" 'a' \u{0}\u{8}\u{1b}[31m\u{202e}\u{feff}\u{ffff}]]><!-- –";

/// Ends the test where a chart is not fit to be shown.
fn check(chart: &Chart) {
    let table = chart.table();
    assert!(table.rows.iter().all(|row| row.len() == table.head.len()));
    assert!(!chart.summary().is_empty());
    for theme in [Theme::Reader, Theme::Light, Theme::Dark] {
        let svg = chart.standing_alone(theme);
        assert!(svg.contains("<style>") && !svg.contains("var("));
        look(&svg);
    }
    let embedded = chart.embedded();
    assert!(
        !embedded.contains("<style") && !embedded.contains("style="),
        "{embedded}"
    );
    if !chart.is_empty() {
        assert!(!table.rows.is_empty(), "{embedded}");
        look(&embedded);
    }
}

fn look(svg: &str) {
    let picture = parsed(svg);
    let root = picture.root_element();
    let frame: Vec<f64> = numbers(root.attribute("viewBox").unwrap());
    assert!(
        root.attribute("width").is_none(),
        "it is as wide as there is room"
    );
    assert_eq!(root.attribute("role"), Some("img"));
    for id in root.attribute("aria-labelledby").unwrap().split(' ') {
        let named = picture
            .descendants()
            .find(|it| it.attribute("id") == Some(id))
            .unwrap();
        assert!(
            named.has_tag_name("title")
                || named.has_tag_name("desc")
                || named.has_tag_name((SVG, "title"))
        );
        assert!(!named.text().unwrap_or_default().trim().is_empty());
    }
    for node in picture.descendants().filter(|it| it.is_element()) {
        assert!(
            [
                "svg", "title", "desc", "style", "rect", "line", "circle", "polyline", "text"
            ]
            .contains(&node.tag_name().name())
        );
        for attribute in node.attributes() {
            assert!(!attribute.name().starts_with("on"));
            let is_length = [
                "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "width", "height", "points",
            ];
            if is_length.contains(&attribute.name()) {
                for value in numbers(attribute.value()) {
                    assert!(value.is_finite() && value.abs() < 100_000.0, "{svg}");
                }
            }
            if ["width", "height", "r"].contains(&attribute.name()) {
                assert!(
                    numbers(attribute.value()).iter().all(|it| *it >= 0.0),
                    "{svg}"
                );
            }
            if ["y", "cy"].contains(&attribute.name()) {
                let y = numbers(attribute.value())[0];
                assert!(
                    y >= frame[1] && y <= frame[1] + frame[3],
                    "{y} of {frame:?}\n{svg}"
                );
            }
        }
    }
}

const SVG: &str = "http://www.w3.org/2000/svg";

fn numbers(text: &str) -> Vec<f64> {
    let parts = text.split([' ', ',']);
    parts
        .map(|it| it.parse().unwrap_or_else(|_| panic!("{it:?} is no number")))
        .collect()
}

#[test]
fn charts_of_hostile_names_are_well_formed_and_show_them_as_text() {
    for chart in all(HOSTILE, HOSTILE, HOSTILE) {
        check(&chart);
        let svg = chart.embedded();
        assert!(!svg.contains("<script"), "{svg}");
        let picture = parsed(&svg);
        let title = picture
            .descendants()
            .find(|it| it.tag_name().name() == "title")
            .unwrap();
        assert!(title.text().unwrap().contains("</title>") || title.text().unwrap().contains('…'));
    }
}

#[test]
fn where_there_is_nothing_to_draw_a_sentence_says_why() {
    for chart in [
        Months::default().chart(),
        Turnout::default().chart(),
        Pauses::default().chart(),
        Hosts::default().chart(),
        Retention::default().chart(),
        Answers::default().chart(),
    ] {
        assert!(chart.is_empty());
        check(&chart);
        let sentence = chart.summary();
        assert_eq!(
            chart.embedded(),
            format!(
                "<p class=\"c-empty\">{}</p>",
                sentence.replace('\'', "&#39;")
            )
        );
        assert!(sentence.ends_with('.'), "{sentence}");
    }
}

#[test]
fn every_class_of_a_chart_is_in_the_style_sheet_and_none_there_is_unused() {
    let mut used: BTreeSet<String> = BTreeSet::from(["c-empty".to_owned()]);
    let mut take = |svg: &str| {
        let picture = parsed(svg);
        let classes = picture
            .descendants()
            .filter_map(|it| it.attribute("class").map(str::to_owned));
        used.extend(classes.flat_map(|it| it.split(' ').map(str::to_owned).collect::<Vec<_>>()));
    };
    for chart in all("Acme", "acme", "Ana") {
        take(&chart.standing_alone(Theme::Reader));
    }
    let calendar = Calendar {
        this: 24_300,
        first: Some(24_290),
        ..Calendar::default()
    };
    take(&strip(&cells(&calendar, 24_280, 24_300)));
    let known: BTreeSet<String> = CSS
        .lines()
        .filter_map(|line| line.strip_prefix('.')?.split_once(' '))
        .map(|(class, _)| class.to_owned())
        .collect();
    assert_eq!(used, known);
}

fn name() -> impl Strategy<Value = Name> {
    (any::<String>(), "[a-z-]{1,30}").prop_map(|(text, instead)| Name { text, instead })
}

fn date() -> impl Strategy<Value = NaiveDate> {
    (0_i64..20_000)
        .prop_map(|days| NaiveDate::from_ymd_opt(1985, 1, 1).unwrap() + TimeDelta::days(days))
}

fn people() -> impl Strategy<Value = i64> {
    prop_oneof![-3_i64..60, 0_i64..2_000_000]
}

fn months() -> impl Strategy<Value = Chart> {
    let month = || 22_000_i64..26_000;
    let list = || vec((month(), 0_i64..40), 0..60);
    (
        name(),
        month(),
        option::of(month()),
        list(),
        list(),
        vec(0_u32..15, 0..4),
    )
        .prop_map(|(name, this, first, held, announced, off)| {
            Months {
                name,
                calendar: Calendar {
                    this,
                    first,
                    held,
                    announced,
                    off,
                },
            }
            .chart()
        })
}

fn turnout() -> impl Strategy<Value = Chart> {
    let event = (
        date(),
        any::<String>(),
        any::<bool>(),
        people(),
        people(),
        people(),
        option::of(people()),
    )
        .prop_map(
            |(on, title, is_held, yes, first_timers, returners, no_shows)| Gathering {
                on,
                title,
                stage: if is_held { Stage::Held } else { Stage::Ahead },
                yes,
                first_timers,
                returners,
                no_shows,
            },
        );
    (name(), date(), vec(event, 0..60)).prop_map(|(name, today, mut events)| {
        events.sort_by_key(|it| it.on);
        Turnout {
            name,
            today,
            events,
        }
        .chart()
    })
}

fn pauses() -> impl Strategy<Value = Chart> {
    let days = || prop_oneof![-2_i64..500, 0_i64..200_000];
    let usual = option::of(prop_oneof![
        Just(f64::NAN),
        Just(f64::INFINITY),
        1.0..3_000.0_f64
    ]);
    let present = (
        days(),
        usual,
        any::<bool>(),
        option::of(date()),
        option::of(days()),
        any::<bool>(),
    )
        .prop_map(
            |(days, usual_days, is_announced, next_on, call_after_days, is_call)| Present {
                days,
                usual_days,
                is_announced,
                next_on,
                call_after_days,
                is_call,
            },
        );
    let cases = (0_i64..90, 0_i64..90, any::<bool>());
    let alike =
        (any::<String>(), days(), cases).prop_map(|(sentence, edge, (cases, long, is_here))| {
            Alike {
                sentence,
                edge,
                cases,
                long: long.min(cases),
                is_here,
            }
        });
    (
        name(),
        option::of(present),
        vec((date(), days()), 0..200),
        option::of(alike),
    )
        .prop_map(|(name, present, own, alike)| {
            Pauses {
                name,
                present,
                own,
                alike,
            }
            .chart()
        })
}

fn hosts() -> impl Strategy<Value = Chart> {
    let person = (name(), any::<bool>()).prop_map(|(name, is_staff)| HostPerson { name, is_staff });
    (
        name(),
        vec(person, 0..12),
        vec((date(), vec(0_usize..14, 0..4)), 0..60),
    )
        .prop_map(|(name, people, events)| {
            Hosts {
                name,
                people,
                events,
            }
            .chart()
        })
}

fn retention() -> impl Strategy<Value = Chart> {
    let back = (0_i64..60, 0_i64..60).prop_map(|(came, of)| (came.min(of), of));
    let cohort = (
        7_800_i64..8_200,
        people(),
        [back.clone(), back.clone(), back],
    )
        .prop_map(|(quarter, people, back)| Cohort {
            quarter,
            people,
            back,
        });
    (name(), vec(cohort, 0..30)).prop_map(|(name, cohorts)| Retention { name, cohorts }.chart())
}

fn curve() -> impl Strategy<Value = Curve> {
    let now = option::of((prop_oneof![Just(f64::NAN), -1.0..40.0_f64], people()));
    (date(), vec((0_i64..70, people()), 0..31), now).prop_map(|(on, by_day, now)| Curve {
        on,
        by_day,
        now,
    })
}

fn answers() -> impl Strategy<Value = Chart> {
    (name(), vec(curve(), 0..13), option::of(curve()), 0_i64..13).prop_map(
        |(name, past, next, left_out)| {
            Answers {
                name,
                past,
                next,
                left_out,
            }
            .chart()
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_chart_breaks_on_any_data(
        months in months(), turnout in turnout(), pauses in pauses(), hosts in hosts(), retention in retention(),
        answers in answers(),
    ) {
        for chart in [months, turnout, pauses, hosts, retention, answers] {
            check(&chart);
        }
    }

    #[test]
    fn a_strip_has_a_cell_a_month_and_is_well_formed(
        this in 22_000_i64..26_000, first in option::of(22_000_i64..26_000),
        held in vec((22_000_i64..26_000, 0_i64..30), 0..40), many in 0_i64..60,
    ) {
        let calendar = Calendar { this, first, held, ..Calendar::default() };
        let cells = cells(&calendar, this - many + 1, this);
        prop_assert_eq!(cells.len() as i64, many);
        prop_assert!(cells.iter().all(|it| it.level != Level::Outside || it.events == 0));
        let svg = strip(&cells);
        parsed(&svg);
        prop_assert!(!svg.contains("style"));
    }
}
