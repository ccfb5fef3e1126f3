//! Every key of the report is explained, and what is told to be behind a number adds up to it.

use chrono::DateTime;
use gatherd::community::MemberId;
use gatherd::metrics::{self, Scope, Settings, Target};
use gatherd::report::{self, Explanation, Freshness, Report, Style};
use serde_json::Value;

use crate::drawn;
use crate::world::{A, DAY, World, id_of};

fn instant(seconds: i64) -> DateTime<chrono::Utc> {
    DateTime::from_timestamp(seconds, 0).unwrap()
}

fn report_on(world: &World, settings: &Settings) -> Report {
    let measured = metrics::measure(&world.store(), settings).unwrap();
    report::compose(measured, settings, Freshness::default())
}

fn explain(world: &World, settings: &Settings, key: &str, urlname: Option<&str>) -> Explanation {
    let report = report_on(world, settings);
    let entry = metrics::entry(key).unwrap();
    let explained = metrics::explain(&world.store(), settings, entry, urlname).unwrap();
    let group = urlname.map(|urlname| report.group(urlname).unwrap());
    report::explain(&report, group, key, explained, false).unwrap()
}

/// The keys of a document, down to where an entry speaks of what is below it.
fn keys(path: &str, value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                let is_told = metrics::entry(&path).is_some_and(|entry| entry.key == path);
                if is_told {
                    found.push(path);
                } else {
                    keys(&path, value, found);
                }
            }
        }
        _ => found.push(path.to_owned()),
    }
}

#[test]
fn every_key_of_the_report_has_an_entry_and_every_entry_a_key() {
    let mut world = World::default();
    let g = world.group("acme");
    world.met(g, 10, &[1, 2]).hosted_by(&[3]);
    world.event(g, A + DAY);
    let settings = Settings {
        with_people: true,
        ..Settings::as_of(instant(A))
    };
    let document = serde_json::to_value(report_on(&world, &settings)).unwrap();
    let mut found = Vec::new();
    keys("", &document, &mut found);
    keys("", &document["groups"][0], &mut found);
    let entries: Vec<&str> = metrics::entries().map(|entry| entry.key).collect();
    for key in &found {
        assert!(entries.contains(&key.as_str()), "{key} has no entry");
    }
    for key in &entries {
        assert!(
            found.iter().any(|it| it == key),
            "{key} is not in the report"
        );
        let times = entries.iter().filter(|it| *it == key).count();
        assert_eq!(times, 1, "{key}");
    }
}

#[test]
fn rows_add_up_to_the_figure_on_drawn_worlds() {
    let mut wrong = Vec::new();
    let mut checked = 0;
    for seed in 0..12 {
        let (world, a, asked) = drawn::draw(seed);
        let settings = Settings {
            generated_at: instant(asked.generated),
            staff: asked
                .staff
                .as_ref()
                .map(|staff| staff.iter().map(|p| MemberId(id_of(*p))).collect()),
            targets: vec![Target {
                group: None,
                every_months: asked.default_target as u8,
            }],
            ..Settings::as_of(instant(a))
        };
        let report = report_on(&world, &settings);
        let conn = world.store();
        for entry in metrics::entries() {
            let groups: Vec<Option<&str>> = match entry.scope {
                Scope::Whole => vec![None],
                Scope::Group => report
                    .groups
                    .iter()
                    .map(|group| Some(group.figures.urlname.as_str()))
                    .collect(),
            };
            for urlname in groups {
                let explained = metrics::explain(&conn, &settings, entry, urlname).unwrap();
                let group = urlname.map(|urlname| report.group(urlname).unwrap());
                let told = report::explain(&report, group, entry.key, explained, true).unwrap();
                if told.rows.iter().all(|row| row.adds.is_none()) {
                    // Nothing adds up, or there is nothing to add: then the figure is 0 or null.
                    continue;
                }
                checked += 1;
                let adds: i64 = told.rows.iter().filter_map(|row| row.adds).sum();
                let of: i64 = told
                    .rows
                    .iter()
                    .filter_map(|row| row.adds_to_denominator)
                    .sum();
                let figure = told.numerator.or_else(|| told.value.as_i64());
                if figure != Some(adds) || told.denominator.is_some_and(|it| it != of) {
                    wrong.push(format!(
                        "world {seed}, {} of {urlname:?}: {}, rows {adds} / {of}",
                        entry.key, told.value
                    ));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(checked > 500, "{checked}");
}

#[test]
fn a_rate_is_told_with_its_window_its_counts_and_its_rows() {
    let mut world = World::default();
    let g = world.group("acme");
    world.met(g, 20, &[1, 3]);
    world.met(g, 10, &[1, 2]);
    let settings = Settings::as_of(instant(A));
    let told = explain(&world, &settings, "repeat.repeat_rate", Some("acme"));
    insta::assert_snapshot!(report::explanation_text(&told, Style::default()), @r#"
    repeat.repeat_rate of acme
      Of the people who took part (said yes, neither host nor staff), those who did so twice or more.

      As of   2026-06-15T12:00:00Z
      Window  the last 365 days: after 2025-06-15T12:00:00Z, up to 2026-06-15T12:00:00Z
      Figure  1 / 3 = 0.3333

      Made of (what each line adds to numerator / denominator):
        1 /   1  2026-05-26 · somebody · first time then; events since: 2, in the last 365 days: 2
        0 /   1  2026-06-05 · somebody · first time then; events since: 1, in the last 365 days: 1
        0 /   1  2026-05-26 · somebody · first time then; events since: 1, in the last 365 days: 1

    Definitions version 2.
    "#);
    let json = serde_json::to_value(&told).unwrap();
    assert_eq!(json["window"]["until"], "2026-06-15T12:00:00Z");
    assert_eq!(json["window"]["after"], "2025-06-15T12:00:00Z");
    assert_eq!((told.numerator, told.denominator), (Some(1), Some(3)));
    assert!(
        !json.to_string().contains("Person"),
        "names only where asked for"
    );
}

#[test]
fn an_event_is_told_by_date_and_title() {
    let mut world = World::default();
    let g = world.group("acme");
    world.met(g, 10, &[1, 2]).title = "Rust \u{1b}[31mnight".to_owned();
    let settings = Settings::as_of(instant(A));
    let told = explain(&world, &settings, "cadence.events_365", Some("acme"));
    let text = report::explanation_text(&told, Style::default());
    assert!(
        text.contains("1  2026-06-05 · Rust night · 2 said yes"),
        "{text}"
    );
}

#[test]
fn parts_are_explained_with_what_they_are_part_of() {
    let mut world = World::default();
    let g = world.group("acme");
    world.met(g, 10, &[1, 2]);
    let settings = Settings::as_of(instant(A));
    for (key, value) in [
        ("cadence.monthly_cadence.numerator", Value::from(0)),
        ("last_event.yes", Value::from(2)),
        ("next_event.yes", Value::Null),
        ("handover.criteria.local_lead", Value::Null),
    ] {
        assert_eq!(
            explain(&world, &settings, key, Some("acme")).value,
            value,
            "{key}"
        );
    }
    let quiet = explain(&world, &settings, "network.groups_by_status.quiet", None);
    assert_eq!(quiet.value, 0);
}

#[test]
fn an_unknown_key_is_answered_with_those_that_are_near() {
    assert_eq!(
        metrics::nearest("events_365"),
        ["network.events_365", "cadence.events_365"]
    );
    assert_eq!(
        metrics::nearest("cadence.mothly_cadence")[0],
        "cadence.monthly_cadence"
    );
    assert!(metrics::nearest("zzz").is_empty());
    assert!(metrics::entry("cadence.event").is_none());
}
