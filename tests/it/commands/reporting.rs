//! The report's many faces, through the real program.

use crate::program::Program;
use gatherd::demo::{Switches, World};
use serde_json::Value;

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// When the world of these tests was made: a day that is past, so that a date which they look
/// from lies as far into its story whenever they run.
fn made() -> chrono::DateTime<chrono::Utc> {
    "2026-11-28T12:00:00Z".parse().unwrap()
}

/// A demo's community, mirrored.
fn demo() -> Program {
    let program = Program::on(World::demo(1, 24, made()), Switches::unlimited());
    let meetup = program.meetup_section("");
    let urlname = "lanternfish";
    program.configure(&format!("{meetup}[[network]]\nurlname = \"{urlname}\"\n"));
    program.run(&["backfill"]).exits(0);
    program
}

#[test]
fn a_figure_is_explained_by_the_very_number_of_the_report() {
    let program = demo();
    let at = "2026-11-01";
    let report = json(
        &program
            .run(&["report", "--format", "json", "--as-of", at])
            .exits(0)
            .out,
    );
    let group = report["groups"]
        .as_array()
        .unwrap()
        .iter()
        .find(|group| group["cadence"]["events_365"].as_i64() > Some(3))
        .unwrap();
    let urlname = group["urlname"].as_str().unwrap();
    let asked = |key: &str| {
        let args = [
            "report",
            "--as-of",
            at,
            "--explain",
            key,
            "--group",
            urlname,
            "--format",
            "json",
        ];
        json(&program.run(&args).exits(0).out)
    };
    let told = asked("repeat.repeat_rate");
    assert_eq!(told["value"], group["repeat"]["repeat_rate"]);
    assert!(told["rows"][0].get("name").is_none(), "{told}");
    let events = asked("cadence.events_365");
    assert_eq!(events["value"], group["cadence"]["events_365"]);
    assert!(events["rows"][0]["title"].is_string());
    let whole = program
        .run(&[
            "report",
            "--as-of",
            at,
            "--explain",
            "network.people_365",
            "--names",
        ])
        .exits(0)
        .says(&["Window", "Figure", "Made of"]);
    assert!(!whole.out.contains("somebody"), "{}", whole.out);

    // Everything else about one group, from the same mirror.
    let one = program
        .run(&[
            "report", "--format", "json", "--as-of", at, "--group", urlname,
        ])
        .exits(0);
    let one = json(&one.out);
    assert_eq!(one["as_of"], "2026-11-01T00:00:00Z");
    assert_eq!(one["cadence"], group["cadence"]);
    program
        .run(&["report", "--group", urlname])
        .exits(0)
        .says(&["What helps", "Trust", "Together"]);
    program.run(&["note", urlname, "back in *spring*"]).exits(0);
    program
        .run(&["report", "--group", urlname])
        .exits(0)
        .says(&["Contact", "back in *spring*"]);
    program
        .run(&["report", "--group", urlname, "--format", "markdown"])
        .exits(0)
        .says(&["**Contact**", "back in \\*spring\\*", "**What helps**"]);
    assert!(report.get("people").is_none());
    let named = program
        .run(&["report", "--format", "json", "--as-of", at, "--names"])
        .exits(0);
    let named = json(&named.out);
    let people = &named["people"];
    assert!(
        people["ambassadors"][0]["reasons"][0].is_string(),
        "{people}"
    );
    program
        .run(&["report", "--format", "markdown", "--names"])
        .exits(0)
        .says(&["# Lanternfish", "## Whom to invite as ambassador"]);

    let replayed = json(
        &program
            .run(&["report", "--backtest", "--format", "json"])
            .exits(0)
            .out,
    );
    assert_eq!(replayed["leads"].as_array().unwrap().len(), 4);
    assert!(
        replayed["leads"][2]["events"].as_i64() > Some(10),
        "{replayed}"
    );
    program.run(&["report", "--backtest"]).exits(0).says(&[
        "days before",
        "all who said yes",
        "in the range",
    ]);
}

#[test]
fn what_cannot_be_explained_exits_2_and_says_what_was_meant() {
    let program = Program::small(1);
    program.run(&["backfill"]).exits(0);
    program
        .run(&["report", "--explain", "cadence.event_365", "--group", "x"])
        .exits(2)
        .says(&[
            "no key \"cadence.event_365\"",
            "did you mean cadence.events_365",
        ]);
    program
        .run(&["report", "--explain", "cadence.events_365"])
        .exits(2)
        .says(&["figure of each group", "add --group URLNAME"]);
    program
        .run(&["report", "--explain", "network.groups", "--group", "x"])
        .exits(2)
        .says(&["leave out --group"]);
    program
        .run(&["report", "--explain", "network.groups.what"])
        .exits(2)
        .says(&["no key"]);
}

#[test]
fn before_its_founding_a_group_is_said_to_be_too_young() {
    let program = Program::small(1);
    program.run(&["backfill"]).exits(0);
    let urlname = program.rows("SELECT urlname FROM groups LIMIT 1").remove(0);
    program
        .run(&["report", "--as-of", "1990-01-01", "--group", &urlname])
        .exits(1)
        .says(&["was founded on", "after 1990-01-01", "--as-of"]);
    program
        .run(&["report", "--group", "nobody"])
        .exits(2)
        .says(&["no group \"nobody\" is known here"]);
}

#[test]
fn a_report_of_some_countries_or_zones_lists_their_groups_alone_and_says_so() {
    let program = demo();
    let report = |more: &[&str]| {
        let args = [&["report", "--format", "json"][..], more].concat();
        json(&program.run(&args).exits(0).out)
    };
    let whole = report(&[]);
    let of = |key: &str, values: &[&str]| -> Vec<String> {
        let groups = whole["groups"].as_array().unwrap().iter();
        groups
            .filter(|it| values.iter().any(|value| it[key] == *value))
            .map(|it| it["urlname"].as_str().unwrap().to_owned())
            .collect()
    };
    let listed = |report: &Value| -> Vec<String> {
        let groups = report["groups"].as_array().unwrap().iter();
        groups
            .map(|it| it["urlname"].as_str().unwrap().to_owned())
            .collect()
    };
    let two = report(&["--country", "JP", "--country", "fr"]);
    assert_eq!(listed(&two), of("country", &["jp", "fr"]));
    assert!(listed(&two).len() >= 2);
    assert_eq!(two["network"], whole["network"]);
    let zone = report(&["--timezone", "Asia/Tokyo"]);
    assert_eq!(listed(&zone), of("timezone", &["Asia/Tokyo", "Japan"]));
    let none = ["report", "--country", "jp", "--timezone", "Europe/Paris"];
    program
        .run(&none)
        .exits(2)
        .says(&["no sponsored group is in JP, in Europe/Paris"]);
    let nowhere = program.run(&["digest", "--country", "aq"]).exits(2);
    nowhere.says(&["no sponsored group is in AQ", "countries with groups: "]);
    let text = program.run(&["report", "--country", "jp"]).exits(0);
    text.says(&[
        "1 group: 1 meets as agreed.",
        "Only groups of JP are listed",
    ]);
}
