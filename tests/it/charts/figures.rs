//! What is drawn is as long as what is counted.

use super::{all, parsed};
use gatherd::community::ChartKind;

/// The heights of the bars of a class, in units of the picture.
fn heights(svg: &str, class: &str) -> Vec<f64> {
    let picture = parsed(svg);
    let bars = picture.descendants().filter(|it| {
        // Keys of the legend have round corners.
        it.has_tag_name("rect")
            && it.attribute("class") == Some(class)
            && it.attribute("rx").is_none()
    });
    bars.map(|it| it.attribute("height").unwrap().parse().unwrap())
        .collect()
}

fn svg(kind: ChartKind) -> String {
    let charts = all("Acme", "acme", "Ana");
    charts
        .iter()
        .find(|it| it.id() == kind.as_str())
        .unwrap()
        .embedded()
}

#[test]
fn bars_of_turnout_are_as_high_as_the_people_they_stand_for() {
    let svg = svg(ChartKind::Turnout);
    // The greatest is 20, and so is the scale: 150 units.
    let of = |class| -> Vec<i64> {
        heights(&svg, class)
            .iter()
            .map(|it| (it / 7.5).round() as i64)
            .collect()
    };
    assert_eq!(of("c-first"), [5, 2]);
    assert_eq!(of("c-again"), [6, 16]);
    assert_eq!(of("c-own"), [1, 2], "hosts and staff: the rest of the yes");
    assert_eq!(of("c-absent"), [3]);
    assert_eq!(of("c-yes"), [7]);
}

#[test]
fn bars_of_those_who_came_back_are_shares_and_few_people_make_none() {
    let svg = svg(ChartKind::Retention);
    let of = |class| -> Vec<i64> {
        heights(&svg, class)
            .iter()
            .map(|it| (it / 1.4).round() as i64)
            .collect()
    };
    assert_eq!(
        of("c-soon"),
        [40, 1],
        "4 of 10; 0 of 7 is a line, to be seen"
    );
    assert_eq!(
        (of("c-later"), of("c-few")),
        (vec![], vec![50]),
        "2 of 4: under five people"
    );
}

#[test]
fn bars_of_hosts_add_up_to_how_often_each_hosted() {
    let svg = svg(ChartKind::Hosts);
    let all = ["c-one", "c-two", "c-three", "c-four", "c-five", "c-own"];
    let of = all.map(|class| {
        heights(&svg, class)
            .iter()
            .map(|it| (it / 35.0).round() as i64)
            .sum::<i64>()
    });
    assert_eq!(of, [1, 1, 1, 1, 1, 3], "eight hosts, three of them others");
}

#[test]
fn the_present_pause_is_as_long_as_its_days() {
    let svg = svg(ChartKind::Pause);
    let picture = parsed(&svg);
    let bar = picture
        .descendants()
        .find(|it| it.attribute("class") == Some("c-late"))
        .unwrap();
    let wide: f64 = bar.attribute("width").unwrap().parse().unwrap();
    // 390 days are 462 units wide.
    assert_eq!((wide / 462.0 * 390.0).round() as i64, 75);
}

#[test]
fn every_chart_says_in_words_what_it_shows() {
    let told: Vec<String> = all("Acme", "acme", "Ana")
        .iter()
        .map(|it| it.summary().to_owned())
        .collect();
    assert_eq!(
        told,
        [
            "Met in 2 of 21 months up to November 2026, 4 events in all.",
            "2 events in the 24 months shown: 32 yes, 7 of them by people for the first time and 22 by people who had \
             come before. Attendance was taken at 1, with 3 marked as not come.",
            "75 days without an event, and none announced. Usually it meets every 31 days. Its longest pause before \
             lasted 480 days. Of 32 pauses like this one here (75 days), 14 went past half a year.",
            "3 events by 8 hosts; the busiest hosted 1 of 8 times. One person hosted alone 0 times.",
            "Came back after their first time: 4 of 17 within 90 days, 2 of 4 within 180 days.",
            "26 people have said yes for the event of 1 December 2026. 2 days before its start it was 25, where the \
             median of 2 past events was 25.",
            "Groups that met, month by month: October 2025 1, November 2025 0, December 2025 16, January 2026 9, \
             February 2026 0, March 2026 0, April 2026 0, May 2026 0, June 2026 0, July 2026 0, August 2026 0, \
             September 2026 0, October 2026 1,200, November 2026 3 so far.",
        ]
    );
}
