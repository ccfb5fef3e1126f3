//! A group's story equals its recount on drawn worlds, and its charts tell the same numbers as tables.

use std::collections::{BTreeMap, BTreeSet};

use gatherd::community::ChartKind;
use gatherd::metrics::{self, Curve, Story};
use gatherd::report::{latest_months, picture};
use serde_json::{Value, json};

use crate::drawn;

/// In the words of its recount.
fn told(story: &Story) -> Value {
    let curve = |it: &Curve| json!({"token": it.token, "by_day": it.by_day, "yes": it.yes, "undated": it.undated, "now": it.now});
    let events: Vec<Value> = story
        .events
        .iter()
        .map(|it| {
            let mut hosts: Vec<&String> = it.hosts.iter().map(|host| &host.id).collect();
            hosts.sort();
            json!({
                "token": it.token, "on": it.starts_local.date(), "yes": it.yes, "first": it.first_timers,
                "again": it.returners, "hosts": hosts, "absent": it.no_shows, "when": format!("{:?}", it.when),
            })
        })
        .collect();
    let mut met: BTreeMap<i64, [i64; 2]> = BTreeMap::new();
    for (at, list) in [&story.months.held, &story.months.announced]
        .into_iter()
        .enumerate()
    {
        for (month, n) in list {
            met.entry(*month).or_default()[at] = *n;
        }
    }
    let cohorts: BTreeMap<i64, [i64; 7]> = story
        .cohorts
        .iter()
        .map(|it| {
            let [a, b, c] = it.back;
            (it.quarter, [it.people, a.0, a.1, b.0, b.1, c.0, c.1])
        })
        .collect();
    json!({
        "events": events, "pauses": story.pauses.iter().map(|it| it.days).collect::<Vec<_>>(), "met": met,
        "first_month": story.months.first, "this_month": story.months.this, "since": story.since.map(|it| it.days),
        "cohorts": cohorts, "curves": story.curves.iter().map(curve).collect::<Vec<_>>(),
        "next": story.next_curve.as_ref().map(curve),
    })
}

#[test]
fn a_story_equals_its_recount_on_drawn_worlds_and_agrees_with_the_report() {
    let mut seen: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for seed in 0..120 {
        let (world, a, asked) = drawn::draw(seed);
        let (conn, settings) = (world.store(), asked.settings(a));
        let question = asked.question(&world, a);
        let report = metrics::measure(&conn, &settings).unwrap();
        for (group, it) in world.groups.iter().enumerate() {
            let story = metrics::story(&conn, &settings, &it.urlname).unwrap();
            let expected = question.story(group);
            assert_eq!(
                story.is_some(),
                expected.is_some(),
                "{} of world {seed}",
                it.urlname
            );
            let (Some(story), Some(expected)) = (story, expected) else {
                seen.entry("none").or_default().insert(String::new());
                continue;
            };
            let found = told(&story);
            for (key, expected) in expected.as_object().unwrap() {
                assert_eq!(
                    &found[key], expected,
                    "{key} of {} of world {seed}",
                    it.urlname
                );
            }
            for key in ["events", "pauses", "cohorts", "curves", "next", "met"] {
                seen.entry(key)
                    .or_default()
                    .insert(expected[key].to_string());
            }
            let figures = report
                .groups
                .iter()
                .find(|of| of.urlname == it.urlname)
                .unwrap();
            assert_eq!(story.months, figures.months_met, "world {seed}");
            assert_eq!(
                story.since.map(|it| it.days),
                figures.cadence.days_since_last_held
            );
            if let Some(since) = story.since {
                assert_eq!(since.usual_days, figures.usual_days, "world {seed}");
            }
            if let (Some(since), Some(pause)) = (story.since, figures.pause) {
                assert_eq!(since.usual_days, pause.usual_days);
                assert_eq!(since.call_after_days, Some(pause.call_after_days));
            }
            let strip = latest_months(figures, 13);
            let months = figures.months.iter().map(|month| month.events);
            let held: Vec<i64> = strip
                .iter()
                .map(|it| if it.mark() == '○' { 0 } else { it.events })
                .collect();
            assert_eq!(
                held,
                months.chain([figures.this_month.0]).collect::<Vec<_>>()
            );
            tables(&story);
        }
    }
    for (key, values) in &seen {
        assert!(*key == "none" || values.len() > 20, "{key} hardly varies");
    }
    assert!(
        seen.contains_key("none"),
        "no world has a group without a story"
    );
}

/// The tables beside the charts say what the story counted.
fn tables(story: &Story) {
    let rows = |kind| picture(kind, story, None).table().rows.clone();
    for row in rows(ChartKind::Turnout) {
        let event = story
            .events
            .iter()
            .find(|it| {
                it.starts_local.date().to_string() == row[0] && it.yes.to_string() == row[2] && {
                    let absent = it
                        .no_shows
                        .map_or_else(|| "not taken".to_owned(), |n| n.to_string());
                    it.when != metrics::When::Held || row[6] == absent
                }
            })
            .unwrap_or_else(|| panic!("no event of {row:?}"));
        if event.when == metrics::When::Held {
            let parts: i64 = row[3..6].iter().map(|it| it.parse::<i64>().unwrap()).sum();
            assert_eq!(parts, event.yes, "{row:?}");
        }
    }
    let hosted: i64 = rows(ChartKind::Hosts)
        .iter()
        .map(|row| row[1].parse::<i64>().unwrap())
        .sum();
    assert_eq!(
        hosted,
        story
            .events
            .iter()
            .map(|it| it.hosts.len() as i64)
            .sum::<i64>()
    );
    let met: i64 = rows(ChartKind::Months)
        .iter()
        .filter(|row| row[2] == "one event" || row[2] == "two or more")
        .map(|row| row[1].parse::<i64>().unwrap())
        .sum();
    assert_eq!(met, story.months.held.iter().map(|(_, n)| n).sum::<i64>());
    let pauses = rows(ChartKind::Pause);
    let began = pauses.iter().filter(|row| row[0].starts_with("began on"));
    assert!(story.since.is_none() || began.count() == story.pauses.len());
    let people: i64 = rows(ChartKind::Retention)
        .iter()
        .map(|row| row[1].parse::<i64>().unwrap())
        .sum();
    let all: i64 = story.cohorts.iter().map(|it| it.people).sum();
    assert!(people <= all);
    for row in rows(ChartKind::Answers) {
        let (Some(next), Ok(yes)) = (&story.next_curve, row[1].parse::<i64>()) else {
            continue;
        };
        // The last point that is drawn is of no whole day.
        if let Some(days) = row[0].strip_suffix(" (now)") {
            let (lead, stand) = next.now.unwrap();
            let lead = format!("{:.1}", lead as f64 / 86_400.0);
            assert_eq!((days.to_owned(), yes), (lead, stand));
        } else {
            let day = row[0].parse().unwrap();
            assert!(next.by_day.contains(&(day, yes)), "{row:?}");
        }
    }
}
