//! The first look: headed as what it is, and nowhere but in the terminal.

use super::{bare, keep};
use crate::program::Program;
use gatherd::demo::{TRIAL_TOKEN, World};

const HEADING: &str = "first look: the last 12 months only";

/// Begun, with a past of four years of which one is read.
fn begun(seed: u64) -> (Program, String) {
    let world = World::sized(seed, 4, 200, 1_500, 200, chrono::Utc::now());
    let program = bare(Program::on(world, gatherd::demo::Switches::unlimited()));
    keep(&program, "t", TRIAL_TOKEN);
    let receiver = "http://127.0.0.1:9/hooks/x";
    keep(&program, "h", receiver);
    let ran = program.run(&[
        "init",
        "--access-token-file",
        "t",
        "--channel-url-file",
        "h",
        "--yes",
    ]);
    // Nothing listens where the channel is, which is told, and is all that is wrong.
    let said = ran.exits(1).said();
    (program, said)
}

#[test]
fn it_is_headed_wherever_it_is_shown_until_the_rest_is_read() {
    let (program, said) = begun(831);
    assert_eq!(
        said.matches(HEADING).count(),
        2,
        "before and after one's own people:\n{said}"
    );
    assert!(said.contains("The rest, about "), "{said}");
    // So many are not here yet.
    let here = program.rows("SELECT count(*) FROM event_row");
    assert!(here[0].parse::<i64>().unwrap() < 100, "{here:?}");
    assert_eq!(
        program.rows("SELECT sum(history_complete) FROM group_row"),
        ["0"]
    );

    let look = program.run(&["digest"]).exits(0);
    assert!(look.out.starts_with(HEADING), "{}", look.out);
    assert!(
        !look.out.contains("History still being read"),
        "{}",
        look.out
    );
    let look = program.run(&["digest", "--format", "markdown"]).exits(0);
    assert!(look.out.contains(HEADING), "{}", look.out);

    // The rest is a pass's work like any other.
    program.run(&["sync"]).exits(0);
    assert_eq!(
        program.rows("SELECT sum(history_complete) FROM group_row"),
        ["4"]
    );
    let whole = program.run(&["digest"]).exits(0);
    assert!(!whole.said().contains("first look"), "{}", whole.out);
}

#[test]
fn it_is_never_sent_kept_or_told_to_programs() {
    let (program, _) = begun(832);
    for args in [
        &["digest", "--format", "json"][..],
        &["report", "--format", "json"],
        &["report", "--send", "team", "--dry-run"],
        &["report", "--send", "team", "--dry-run", "--raw"],
        &["groups", "--format", "json"],
        &["report"],
    ] {
        let ran = program.run(args).exits(0);
        assert!(!ran.out.contains("first look"), "{args:?}:\n{}", ran.out);
    }
    let report = program.run(&["report", "--format", "json"]).exits(0);
    let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
    for group in report["groups"].as_array().unwrap() {
        assert_eq!(group["history_complete"], false, "{group}");
        assert!(group["status"].is_null(), "{group}");
    }
    // What was shown left no trace.
    for table in ["report_row", "delivery_row", "told_group_row"] {
        assert_eq!(
            program.rows(&format!("SELECT count(*) FROM {table}")),
            ["0"],
            "{table}"
        );
    }
}

#[test]
fn of_thirty_groups_it_takes_no_more_questions_than_fit_into_20_seconds() {
    // A question of Meetup's takes half a second or so, and two are asked at once.
    const ROOM: u64 = 20 * 2 * 2;
    let world = World::skewed(834, 30, 750, 22_500, 15_000, chrono::Utc::now());
    let program = bare(Program::on(world, gatherd::demo::Switches::unlimited()));
    keep(&program, "t", TRIAL_TOKEN);
    let ran = program
        .run(&["init", "--access-token-file", "t", "--yes"])
        .exits(0);
    ran.says(&[HEADING]);
    let counted = program.sim.counters();
    println!(
        "{} questions, {} points: {:?}",
        counted.requests, counted.points, counted.by_operation
    );
    assert!(counted.requests <= ROOM, "{counted:?}");
    // And none waits for the points of the one before.
    assert!(counted.points <= 450, "{counted:?}");
}
