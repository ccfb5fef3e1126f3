//! What the numbers mean, row by row, and all of them recounted on drawn worlds.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Datelike};
use gatherd::metrics::{self, GroupFigures, Measured, Settings};
use serde_json::{Value, json};

use crate::drawn;
use crate::world::World;

fn measure(world: &World, settings: &Settings) -> Measured {
    metrics::measure(&world.store(), settings).unwrap()
}

fn tree(group: &GroupFigures) -> Value {
    json!({
        "urlname": group.urlname, "status": group.status, "cadence": group.cadence, "attendance": group.attendance,
        "repeat": group.repeat, "organizers": group.organizers, "growth": group.growth,
        "side_to_side": group.side_to_side, "handover": group.handover, "policy": group.policy, "told": told(group),
        "pause": group.pause, "stake": group.stake,
        "off_years": group.off.iter().map(|it| (it.month, it.years)).collect::<Vec<_>>(),
    })
}

/// What stands in no document.
fn told(group: &GroupFigures) -> Value {
    let mut leaders: Vec<&metrics::Leader> = group.leaders.iter().collect();
    leaders.sort_by(|x, y| x.id.cmp(&y.id));
    let leaders: Vec<Value> = leaders
        .iter()
        .map(|it| {
            json!({"id": it.id, "last_seen_at": it.last_seen_at, "last_hosted_at": it.last_hosted_at,
                "last_took_part_at": it.last_took_part_at})
        })
        .collect();
    let away: Vec<Value> = group
        .away
        .iter()
        .map(|it| {
            json!({"id": it.id, "name": it.name, "last_at": it.last_at, "came": it.came, "held_since": it.held_since})
        })
        .collect();
    json!({
        "leaders": leaders, "sole": group.sole.as_ref().map(|it| &it.id), "fewest_hosts": group.fewest_hosts,
        "recent_yes": group.recent_yes, "this_month": group.this_month, "away": away,
    })
}

/// Equal but for the last bits of a float, and 3 against 3.0.
fn differs(path: &str, found: &Value, expected: &Value, into: &mut Vec<String>) {
    match (found, expected) {
        (Value::Object(x), Value::Object(y)) => {
            for key in x.keys().chain(y.keys().filter(|key| !x.contains_key(*key))) {
                let none = Value::String("(absent)".to_owned());
                differs(
                    &format!("{path}.{key}"),
                    x.get(key).unwrap_or(&none),
                    y.get(key).unwrap_or(&none),
                    into,
                );
            }
        }
        (Value::Number(x), Value::Number(y)) => {
            if (x.as_f64().unwrap() - y.as_f64().unwrap()).abs() > 1e-9 {
                into.push(format!("{path}: {x}, recounted {y}"));
            }
        }
        _ if found == expected => {}
        _ => into.push(format!("{path}: {found}, recounted {expected}")),
    }
}

fn note(path: &str, value: &Value, seen: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Object(map) => map
            .iter()
            .for_each(|(key, value)| note(&format!("{path}.{key}"), value, seen)),
        _ => {
            seen.entry(path.to_owned())
                .or_default()
                .insert(value.to_string());
        }
    }
}

/// How many worlds are drawn.
fn worlds() -> u64 {
    let asked = std::env::var("WORLDS").ok();
    asked.and_then(|n| n.parse().ok()).unwrap_or(250)
}

#[test]
fn every_figure_equals_its_recount_on_drawn_worlds() {
    let mut failures = Vec::new();
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for seed in 0..worlds() {
        let (world, a, asked) = drawn::draw(seed);
        let settings = asked.settings(a);
        let measured = measure(&world, &settings);
        let in_sql = metrics::measure_in_sql(&world.store(), &settings).unwrap();
        assert_eq!(measured, in_sql, "one pass and SQL, world {seed}");
        let question = asked.question(&world, a);
        let mut wrong = Vec::new();
        let recounted = question.groups();
        assert_eq!(
            measured.groups.len(),
            recounted.len(),
            "groups of world {seed}"
        );
        for (found, expected) in measured.groups.iter().zip(&recounted) {
            differs(&found.urlname, &tree(found), expected, &mut wrong);
            note("group", expected, &mut seen);
        }
        note("network", &question.network(), &mut seen);
        differs(
            "network",
            &serde_json::to_value(&measured.network).unwrap(),
            &question.network(),
            &mut wrong,
        );
        let people = question.people();
        note(
            "people",
            &json!([people["ambassadors"], people["missed"]]),
            &mut seen,
        );
        differs(
            "people",
            &serde_json::to_value(&measured.people).unwrap(),
            &people,
            &mut wrong,
        );
        failures.extend(
            wrong
                .into_iter()
                .map(|line| format!("world {seed}: {line}")),
        );
    }
    assert!(
        failures.is_empty(),
        "{} differences\n{}",
        failures.len(),
        failures[..failures.len().min(30)].join("\n")
    );
    let dull: Vec<_> = seen
        .iter()
        .filter(|(_, values)| values.len() < 2 && !values.contains("null"))
        .map(|(path, _)| path)
        // A band takes 20 events: few worlds have one.
        .filter(|path| !path.starts_with("network.notice."))
        .collect();
    let ratios: BTreeSet<&String> = seen
        .iter()
        .filter(|(path, _)| path.ends_with(".ratio"))
        .flat_map(|(_, values)| values)
        .collect();
    assert!(ratios.len() >= 4, "{ratios:?}");
    assert!(dull.is_empty(), "the drawn worlds never vary {dull:?}");
    assert_eq!(
        seen["group.status"].len(),
        8,
        "all seven and none: {:?}",
        seen["group.status"]
    );
}

#[test]
fn a_connection_that_refuses_to_write_measures_and_refuses_still() {
    let (world, a, _) = drawn::draw(7);
    let conn = world.store();
    conn.execute_batch("PRAGMA query_only = ON; BEGIN").unwrap();
    let settings = Settings::as_of(DateTime::from_timestamp(a, 0).unwrap());
    let first = metrics::measure(&conn, &settings).unwrap();
    assert_eq!(metrics::measure(&conn, &settings).unwrap(), first);
    assert!(conn.execute("DELETE FROM group_row", []).is_err());
    let left: i64 = conn
        .query_row("SELECT COUNT(*) FROM temp.sqlite_schema", [], |row| {
            row.get(0)
        })
        .unwrap();
    assert_eq!(left, 0);
}

/// What `report --backtest` says of calls that were counted here.
fn calls_in_words(calls: &Value) -> Vec<String> {
    let of = |key: &str| calls[key].as_i64().unwrap();
    let (long, made, right, cases) = (of("long"), of("made"), of("right"), of("cases"));
    if cases == 0 {
        return vec!["No pause could be replayed: none of 45 days or more with nothing announced began from 1,275 to 180 days before.".to_owned()];
    }
    let s = |n: i64| if n == 1 { "" } else { "s" };
    let were = |n: i64| if n == 1 { "was" } else { "were" };
    let (by_90, by_120) = (of("long_told_by_90"), of("long_told_by_120"));
    let percent = match made {
        ..5 => String::new(),
        _ => format!(
            " ({:.0}%)",
            (100.0 * right as f64 / made as f64 + 0.5).floor()
        ),
    };
    let row = |name: &str, of: &Value| {
        let keys = [
            "made",
            "right",
            "long_told_by_75",
            "long_told_by_90",
            "long_told_by_120",
        ];
        let cells = keys.map(|key| of[key].to_string());
        format!("{name} {}", cells.join(" "))
    };
    vec![
        row("as configured", calls),
        row("at 90 days", &calls["plain_90"]),
        row("at 105 days", &calls["plain_105"]),
        format!(
            "Of {long} long silence{}, {by_90} {} told by day 90 and {by_120} by day 120, in {made} call{}, of which {right} {} right.",
            s(long),
            were(by_90),
            s(made),
            were(right)
        ),
        format!(
            "A call is right where the pause went past 180 days: {right} of {made} calls{percent}."
        ),
        format!(
            "Of {cases} pause{} of 45 days or more with nothing announced, {long} did.",
            s(cases)
        ),
    ]
}

#[test]
fn calls_and_guidance_equal_their_recount_on_drawn_worlds() {
    let mut failures = Vec::new();
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for seed in 0..worlds() {
        let (world, a, asked) = drawn::draw(seed);
        let settings = asked.settings(a);
        let question = asked.question(&world, a);
        let replayed = metrics::backtest(&world.store(), &settings).unwrap();
        let calls = serde_json::to_value(&replayed).unwrap()["calls"].clone();
        let expected = question.calls();
        note("calls", &expected, &mut seen);
        let mut wrong = Vec::new();
        differs("calls", &calls, &expected, &mut wrong);
        let text = gatherd::report::backtest_text(&replayed, gatherd::report::Style::default());
        for sentence in calls_in_words(&expected) {
            let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
            if !text.contains(&sentence) {
                wrong.push(format!("not said: {sentence}\n{text}"));
            }
        }
        let guidance = measure(&world, &settings).network.guidance;
        let counts = |rate: metrics::Rate| (rate.numerator, rate.denominator);
        let first_years = guidance.first_years.iter();
        let first_years: BTreeMap<i64, (i64, i64)> =
            first_years.map(|(n, of)| (*n, counts(*of))).collect();
        let guidance = json!({
            "restarts": counts(guidance.restarts), "firsts": counts(guidance.firsts), "first_years": first_years,
        });
        note("guidance", &guidance, &mut seen);
        differs("guidance", &guidance, &question.guidance(), &mut wrong);
        failures.extend(
            wrong
                .into_iter()
                .map(|line| format!("world {seed}: {line}")),
        );
    }
    assert!(
        failures.is_empty(),
        "{}",
        failures[..failures.len().min(30)].join("\n")
    );
    let dull: Vec<_> = seen
        .iter()
        .filter(|(path, values)| {
            values.len() < 3 && !path.contains("first_years") && !path.contains("plain")
        })
        .collect();
    assert!(dull.is_empty(), "the drawn worlds never vary {dull:?}");
}

#[test]
fn what_came_of_asking_equals_its_recount_on_drawn_worlds() {
    let mut failures = Vec::new();
    let mut seen: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for seed in 0..worlds() / 2 {
        let (world, a, asked) = drawn::draw_asked(seed);
        let asks = measure(&world, &asked.settings(a)).network.asks;
        let expected = asked.question(&world, a).asks();
        note("asks", &expected, &mut seen);
        let found = serde_json::to_value(asks).unwrap();
        let mut wrong = Vec::new();
        differs("asks", &found, &expected, &mut wrong);
        failures.extend(
            wrong
                .into_iter()
                .map(|line| format!("world {seed}: {line}")),
        );
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    for rate in ["answered_30", "answered_90", "unasked_30", "unasked_90"] {
        let values = &seen[&format!("asks.{rate}.value")];
        assert!(values.len() > 10, "{rate} never varies: {values:?}");
    }
}

#[test]
fn a_year_equals_its_recount_on_drawn_worlds() {
    let mut failures = Vec::new();
    let mut seen: BTreeMap<&str, BTreeSet<i64>> = BTreeMap::new();
    let drawn = (0..worlds()).map(drawn::draw);
    for (nth, (world, a, asked)) in drawn
        .chain((0..worlds() / 5).map(drawn::draw_asked))
        .enumerate()
    {
        let settings = asked.settings(a);
        let question = asked.question(&world, a);
        let this_year = settings.as_of.with_timezone(&settings.zone).year();
        for year in [this_year, this_year - 1, this_year - 3] {
            let counted = metrics::year(&world.store(), &settings, year).unwrap();
            let (until, [now, before]) = question.year(year);
            let found = (counted.until, counted.now, counted.before);
            if found != (until, now, before) {
                failures.push(format!(
                    "world {nth}, {year}: {found:?}\nrecounted {:?}",
                    (until, now, before)
                ));
            }
            for (figure, value) in [
                ("people", now.people),
                ("new", now.new_people),
                ("returning", now.people - now.new_people),
                ("came again", now.came_again),
                ("met again", now.met_again),
                ("events", now.events),
                ("groups met", now.groups_met),
                ("countries", now.countries),
                ("begun", now.begun),
                ("revived", now.revived),
                ("asked", now.asked),
                ("answered", now.answered),
                ("left", now.left),
            ] {
                seen.entry(figure).or_default().insert(value);
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} differences\n{}",
        failures.len(),
        failures[..failures.len().min(10)].join("\n")
    );
    let dull: Vec<_> = seen.iter().filter(|(_, it)| it.len() < 2).collect();
    assert!(dull.is_empty(), "the drawn worlds never vary {dull:?}");
}
