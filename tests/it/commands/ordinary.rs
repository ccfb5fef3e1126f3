//! When nothing is wrong.

use super::NONE;
use crate::program::{GATHERD, Program};
use gatherd::demo::{Blemish, TRIAL_TOKEN};

#[test]
fn backfill_status_and_sync_mirror_a_network() {
    let program = Program::small(1);
    program
        .run(&["status"])
        .exits(6)
        .says(&["there is none yet", "run `gatherd backfill`"]);
    program
        .run(&["report"])
        .exits(6)
        .says(&["there is none yet"]);
    program.run(&["backfill"]).exits(0).says(&[
        "backfill done in",
        "4 groups",
        "40 events",
        "500 RSVPs",
    ]);
    assert_eq!(program.differences(), NONE);
    let asked = program.sim.counters().requests;
    program
        .run(&["backfill"])
        .exits(0)
        .says(&["nothing is left to fetch", "--restart"]);
    assert_eq!(
        program.sim.counters().requests,
        asked,
        "and it asked nothing"
    );

    program.run(&["status"]).exits(0).says(&[
        "backfill",
        "done",
        "4 sponsored, 4 with their whole history",
        "pass ",
    ]);
    let json = program.run(&["status", "--json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        (&json["groups"], &json["is_well"]),
        (&4.into(), &true.into()),
        "{json}"
    );
    program.run(&["status", "--check"]).exits(0);
    let json = program.run(&["report", "--format", "json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(json["groups"].as_array().unwrap().len(), 4, "{json}");

    program.sim.with_world(|world| {
        let group = world.groups().next().unwrap().0;
        let event = world.events_of(group).next_back().unwrap();
        world.rename_event(event, "Another title");
    });
    program
        .run(&["sync"])
        .exits(0)
        .says(&["pass done", "1 row changed", "2 requests"]);
    assert_eq!(program.differences(), NONE);
    program
        .run(&["sync", "--sweep"])
        .exits(0)
        .says(&["sweep done", "0 rows changed"]);
    let passes = program.rows("SELECT kind, outcome FROM passes ORDER BY id");
    assert_eq!(
        passes,
        ["backfill|done", "backfill|done", "pass|done", "sweep|done"]
    );
}

#[test]
fn a_first_sync_on_an_empty_database_backfills() {
    let program = Program::small(2);
    program.run(&["sync"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn since_leaves_the_older_part_for_a_plain_backfill() {
    let program = Program::small(3);
    let day = (chrono::Utc::now() - chrono::Duration::days(70))
        .format("%Y-%m-%d")
        .to_string();
    let first = program.run(&["backfill", "--since", &day]).exits(0);
    first.says(&["history is incomplete for 4 groups"]);
    let older = format!("SELECT count(*) FROM events WHERE starts_at < '{day}'");
    assert_eq!(program.rows(&older), ["0"]);
    assert_ne!(program.rows("SELECT count(*) FROM events"), ["0"]);
    program.run(&["sync"]).exits(0);
    assert_eq!(program.rows(&older), ["0"], "a pass leaves it alone");
    program.run(&["backfill"]).exits(0);
    assert_eq!(program.differences(), NONE);
    assert_eq!(
        program.rows("SELECT count(*) FROM groups WHERE NOT history_complete"),
        ["0"]
    );
}

#[test]
fn one_group_can_be_backfilled_alone() {
    let program = Program::small(4);
    program
        .run(&["backfill", "--group", "sized-group-0002"])
        .exits(0);
    let read = "SELECT DISTINCT g.urlname FROM events e JOIN groups g ON g.id = e.group_id";
    assert_eq!(program.rows(read), ["sized-group-0002"]);
    program
        .run(&["backfill", "--group", "sized-group-9999"])
        .exits(3)
        .says(&[
            "group sized-group-9999",
            "not among the sponsored groups",
            "check the urlname",
        ]);
    program.run(&["backfill"]).exits(0);
    assert_eq!(program.differences(), NONE);
}

#[test]
fn restart_reads_everything_again_and_finds_nothing_new() {
    let program = Program::small(5);
    program.run(&["backfill"]).exits(0);
    let once = program.sim.counters().requests;
    program
        .run(&["backfill", "--restart"])
        .exits(0)
        .says(&["0 rows changed"]);
    // But whose account it is, which is learned once.
    assert_eq!(program.sim.counters().requests, 2 * once - 1);
    program
        .run(&["backfill", "--restart", "--group", "sized-group-0001"])
        .exits(0);
    assert_eq!(program.differences(), NONE);
    assert_eq!(
        program.rows("SELECT count(*) FROM groups WHERE NOT history_complete"),
        ["0"]
    );
}

#[test]
fn a_group_that_cannot_be_read_is_listed_and_the_rest_is_done() {
    let program = Program::small(6);
    program.run(&["backfill"]).exits(0);
    let bad = program
        .sim
        .with_world(|world| world.groups().nth(1).unwrap().0);
    program.sim.blemish(bad, Blemish::Unreadable);
    program.run(&["sync"]).exits(3).says(&[
        "pass partly done",
        "could not be read:",
        "group sized-group-0001",
    ]);
    program
        .run(&["sync"])
        .exits(3)
        .says(&["group sized-group-0001: left out until"]);
    program
        .run(&["status"])
        .exits(0)
        .says(&["fails now:", "sized-group-0001"]);
}

#[test]
fn a_halved_network_exits_3_until_the_shrink_is_accepted() {
    let program = Program::small(7);
    program.run(&["backfill"]).exits(0);
    program.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
        groups[1..].iter().for_each(|at| world.leave_network(*at));
    });
    program.run(&["sync"]).exits(3).says(&[
        "lists 1 of the 4 groups known",
        "gatherd sync --accept-shrink",
    ]);
    program.run(&["sync", "--accept-shrink"]).exits(0);
    assert_eq!(
        program.rows("SELECT count(*) FROM groups WHERE gone_why = 'left'"),
        ["3"]
    );
}

#[test]
fn no_verbosity_shows_a_secret_or_a_name() {
    let program = Program::small(8);
    let name = program
        .sim
        .with_world(|world| world.people().last().unwrap().1.name.clone());
    let mut said = String::new();
    for args in [
        ["backfill", "-vv"].as_slice(),
        &["sync", "--sweep", "-vv", "--log-format", "json"],
        &["status", "-vv"],
        &["status", "--json"],
    ] {
        said += &program.run(args).exits(0).said();
    }
    program.sim.revoke_access_tokens();
    said += &program.run(&["sync", "-vv"]).exits(4).said();
    assert!(
        said.contains("DEBUG") || said.contains("TRACE"),
        "verbose it was"
    );
    for secret in [TRIAL_TOKEN, name.as_str(), "Bearer"] {
        assert!(!said.contains(secret), "{secret} in:\n{said}");
    }
}

#[test]
fn a_group_reached_both_ways_is_one_group_and_one_dropped_is_no_longer_sponsored() {
    let program = Program::small(9);
    program.sim.with_world(|world| {
        let last = world.groups().last().unwrap().0;
        world.leave_network(last);
    });
    let meetup = program.meetup_section("");
    let network = "[[network]]\nurlname = \"sized\"\n";
    let group = |nth: usize| format!("[[group]]\nurlname = \"sized-group-000{nth}\"\n");
    program.configure(&format!("{meetup}{network}{}{}", group(1), group(3)));
    program.run(&["backfill"]).exits(0);
    assert_eq!(program.rows("SELECT count(*) FROM groups"), ["4"]);
    program
        .run(&["sync", "--sweep"])
        .exits(0)
        .says(&["0 rows changed"]);

    let sponsored = "SELECT urlname, gone_why FROM groups WHERE gone_at IS NOT NULL ORDER BY 1";
    program.configure(&format!("{meetup}{network}{}", group(1)));
    program.run(&["sync"]).exits(0);
    assert_eq!(program.rows(sponsored), ["sized-group-0003|not configured"]);
    // Without the network its group stays by its own entry, and the others go.
    program.configure(&format!("{meetup}{}", group(1)));
    program.run(&["sync"]).exits(0);
    assert_eq!(program.rows(sponsored).len(), 3);
    program.configure(&format!("{meetup}{network}{}", group(3)));
    program.run(&["sync"]).exits(0);
    assert_eq!(program.rows(sponsored), NONE);
    let outside = ["sized-group-0003".to_owned()];
    let differences = crate::rig::differences(&program.sim, &program.mirror(), &outside, &[]);
    assert_eq!(differences, NONE);
}

#[test]
fn a_quiet_sync_says_nothing_unless_something_is_wrong() {
    let program = Program::small(13);
    program.run(&["backfill"]).exits(0);
    let ran = program.run(&["sync", "--quiet"]).exits(0);
    assert_eq!(ran.said(), "", "cron would mail it");
    let at = program
        .sim
        .with_world(|world| world.groups().next().unwrap().0);
    program.sim.blemish(at, Blemish::Unreadable);
    let ran = program.run(&["sync", "--quiet", "--sweep"]).exits(3);
    ran.says(&["sweep partly done", "could not be read"]);
}

#[test]
fn one_thing_is_counted_as_one() {
    let program = Program::small(14);
    program.run(&["backfill"]).exits(0);
    program.sim.with_world(|world| {
        let group = world.groups().next().unwrap().0;
        let event = world.events_of(group).next_back().unwrap();
        world.rename_event(event, "Another title");
    });
    program.run(&["sync"]).exits(0).says(&["; 1 row changed, "]);
    let ran = program.run(&["status"]).exits(0);
    ran.says(&["1 row changed, 0 failures"]);
}

#[test]
fn an_output_that_takes_nothing_is_told_and_a_reader_that_went_away_is_not() {
    let program = Program::small(11);
    program.run(&["backfill"]).exits(0);
    let through = |line: &str| {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", &format!("\"$0\" \"$@\" {line}"), GATHERD]);
        program.start_by(shell, &["report"]).ends()
    };
    if std::path::Path::new("/dev/full").exists() {
        through("> /dev/full")
            .exits(1)
            .says(&["the output cannot be written: "]);
    }
    let ran = through("| true").exits(0);
    assert_eq!(ran.err, "");
}
