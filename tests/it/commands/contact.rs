//! The memory of contact: kept, listed, taken back, beside a running daemon too.

use crate::program::Program;
use gatherd::community::AlertKind;
use gatherd::mirror::contacts;

const GROUP: &str = "sized-group-0001";

fn known(seed: u64) -> Program {
    let program = Program::small(seed);
    program.run(&["backfill"]).exits(0);
    program
}

/// A date so many days from now.
fn day(days: i64) -> String {
    (chrono::Utc::now() + chrono::Duration::days(days))
        .date_naive()
        .to_string()
}

#[test]
fn what_is_noted_is_listed_with_ids_and_taken_back_by_them() {
    let program = known(71);
    program
        .run(&["note", GROUP, "back", "in", "spring"])
        .exits(0)
        .says(&["noted as n1"]);
    let again = day(21);
    program
        .run(&["asked", GROUP, "--whom", "Ana", "--again", "+3w"])
        .exits(0)
        .says(&["n2", &again]);
    let until = day(30);
    program
        .run(&["mute", GROUP, "--until", &until, "--alert", "restarted"])
        .exits(0)
        .says(&["m1", &until]);
    program
        .run(&["target", GROUP, "--every-months", "2"])
        .exits(0)
        .says(&["every 2 months"]);
    let listed = program.run(&["notes"]).exits(0);
    listed.says(&[
        GROUP,
        "n1",
        "note: back in spring",
        "n2",
        "asked Ana; look again on",
        "m1",
        "muted \"restarted\" until",
        "agreed: an event every 2 months",
    ]);
    let listed = program.run(&["notes", GROUP, "--json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&listed.out).unwrap();
    let group = &json["groups"][0];
    assert_eq!(group["notes"][0]["text"], "back in spring");
    assert_eq!(group["asked"][0]["again_on"], again.as_str());
    assert_eq!(group["mutes"][0]["is_in_force"], true);
    let target = group["target"]["id"].as_str().unwrap().to_owned();

    for id in ["n1", "2", "m1", target.as_str()] {
        program.run(&["notes", "--remove", id]).exits(0);
        program.run(&["notes", "--remove", id]).exits(1);
    }
    program
        .run(&["notes"])
        .exits(0)
        .says(&["nothing is noted yet"]);
    for id in ["x1", "n", "nn1", ""] {
        program.run(&["notes", "--remove", id]).exits(2);
    }
}

#[test]
fn a_group_is_found_by_its_urlname_and_a_near_miss_is_asked_back() {
    let program = known(72);
    program
        .run(&["note", "SIZED-GROUP-0001", "in capitals"])
        .exits(0);
    program
        .run(&["note", "sized-grup-0001", "a slip"])
        .exits(2)
        .says(&["did you mean sized-group-0001?"]);
    let ran = program.run(&["mute", "something-else-entirely"]).exits(2);
    ran.says(&["no group \"something-else-entirely\" is known"]);
    assert_eq!(program.rows("SELECT count(*) FROM notes"), ["1"]);
}

#[test]
fn a_group_is_found_by_what_is_pasted_by_its_name_and_by_a_part_that_only_it_has() {
    let program = known(72);
    let name = program.rows("SELECT name FROM groups WHERE urlname = 'sized-group-0002'");
    for (nth, written) in [
        "https://www.meetup.com/de-DE/sized-group-0002/events/123/?x#y",
        "www.meetup.com/sized-group-0002",
        "meetup.com/sized-group-0002/",
        &name[0],
        &name[0].to_uppercase(),
        "0002",
        "Group 0002",
    ]
    .into_iter()
    .enumerate()
    {
        let noted = format!("noted as n{} for sized-group-0002", nth + 1);
        program
            .run(&["note", written, "x"])
            .exits(0)
            .says(&[&noted]);
    }
    let several = program.run(&["mute", "group-000"]).exits(2);
    several.says(&[
        "\"group-000\" may be one of 4 groups",
        "write one of: sized-group-0000, sized-group-0001, sized-group-0002, sized-group-0003",
    ]);
    program.run(&["asked", "0001", "--whom", "Ana"]).exits(0);
    let page = program.run(&["report", "--group", "meetup.com/sized-group-0001/"]);
    page.exits(0).says(&["sized-group-0001", "asked Ana"]);
    program
        .run(&[
            "report",
            "--group",
            "0001",
            "--explain",
            "cadence.events_365",
        ])
        .exits(0);
    program.run(&["letter", "0001"]).exits(0);
    program.run(&["letter", "group-000"]).exits(2);
    program
        .run(&["report", "--group", "sized-grup-0001"])
        .exits(2)
        .says(&["did you mean sized-group-0001?"]);
}

#[test]
fn a_group_that_left_or_was_deleted_is_still_spoken_of() {
    let program = known(73);
    program.sim.with_world(|world| {
        let groups: Vec<_> = world.groups().map(|(at, _)| at).collect();
        world.leave_network(groups[0]);
        world.delete_group(groups[1]);
    });
    program.run(&["sync"]).exits(3);
    program.run(&["sync", "--accept-shrink"]).exits(0);
    for group in ["sized-group-0000", "sized-group-0001"] {
        program
            .run(&["note", group, "it was good"])
            .exits(0)
            .says(&["not sponsored any more"]);
    }
    program
        .run(&["notes"])
        .exits(0)
        .says(&["not sponsored any more"]);
}

#[test]
fn days_that_are_past_or_absurd_are_refused_with_a_sentence() {
    let program = known(74);
    let today = day(0);
    for (args, said) in [
        (vec!["asked", GROUP, "--again", "2020-01-31"], "is past"),
        (
            vec!["asked", GROUP, "--again", "9999-01-31"],
            "more than five years away",
        ),
        (
            vec!["asked", GROUP, "--again", "+9999w"],
            "more than five years away",
        ),
        (vec!["asked", GROUP, "--again", "soon"], "write a date"),
        (vec!["mute", GROUP, "--until", "2020-01-31"], "is past"),
        (vec!["mute", GROUP, "--until", &today], "is today"),
        (
            vec!["mute", GROUP, "--alert", "noise"],
            "leaderless, last_host",
        ),
        (vec!["target", GROUP, "--every-months", "5"], "5"),
    ] {
        program.run(&args).exits(2).says(&[said]);
    }
    program.run(&["asked", GROUP, "--again", &today]).exits(0);
    let kept = program.rows("SELECT kind, again_on FROM notes");
    assert_eq!(kept, [format!("asked|{today}")]);
}

#[test]
fn texts_are_bounded_and_clear_of_control_characters() {
    let program = known(75);
    program
        .run(&["note", GROUP, "a\u{1b}[31mred\u{1b}[0m\nline\u{202e}"])
        .exits(0);
    assert_eq!(program.rows("SELECT text FROM notes"), ["ared line"]);
    let long = "x".repeat(2001);
    program
        .run(&["note", GROUP, &long])
        .exits(2)
        .says(&["2000 at most"]);
    program.run(&["note", GROUP, "\u{1b}[31m"]).exits(2);
    program.run(&["asked", GROUP, "--whom", " "]).exits(2);
}

#[test]
fn muting_again_replaces_and_off_takes_back() {
    let program = known(76);
    let mutes = || program.rows("SELECT coalesce(alert, '*'), until_on FROM mutes ORDER BY 1");
    program.run(&["mute", GROUP]).exits(0);
    program.run(&["mute", GROUP, "--until", &day(9)]).exits(0);
    assert_eq!(mutes(), [format!("*|{}", day(9))]);
    program.run(&["mute", GROUP, "--alert", "floor"]).exits(0);
    program.run(&["mute", GROUP, "--alert", "quiet"]).exits(0);
    program
        .run(&["mute", GROUP, "--alert", "floor", "--off"])
        .exits(0)
        .says(&["one mute taken back"]);
    program
        .run(&["mute", GROUP, "--off"])
        .exits(0)
        .says(&["2 mutes taken back"]);
    program
        .run(&["mute", GROUP, "--off"])
        .exits(0)
        .says(&["nothing of this was muted"]);
    assert_eq!(mutes(), Vec::<String>::new());
}

#[test]
fn an_agreed_target_wins_over_the_configured_one_until_it_is_taken_back() {
    let program = known(77);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[[target]]\ngroup = \"{GROUP}\"\nevery_months = 3\n"
    ));
    let in_force = || {
        let report = program.run(&["report", "--format", "json"]).exits(0);
        let report: serde_json::Value = serde_json::from_str(&report.out).unwrap();
        let mut groups = report["groups"].as_array().unwrap().iter();
        let group = groups.find(|group| group["urlname"] == GROUP).unwrap();
        group["cadence"]["every_months"].as_i64().unwrap()
    };
    assert_eq!(in_force(), 3);
    program
        .run(&["target", GROUP, "--every-months", "2"])
        .exits(0);
    assert_eq!(in_force(), 2);
    program
        .run(&["target", GROUP, "--every-months", "4"])
        .exits(0)
        .says(&["before: every 2 months"]);
    assert_eq!(in_force(), 4);
    program.run(&["target", GROUP, "--off"]).exits(0);
    assert_eq!(in_force(), 3);
}

#[test]
fn the_memory_is_written_beside_a_running_daemon() {
    let program = known(78);
    let daemon = program.start(&["run"]);
    daemon.logs("daemon started");
    program.run(&["note", GROUP, "one"]).exits(0);
    program.run(&["mute", GROUP]).exits(0);
    daemon.signal("TERM");
    daemon.ends().exits(0);
    let contacts = program.mirror().read(contacts).unwrap();
    let today = chrono::Utc::now().date_naive();
    assert_eq!(contacts.len(), 1);
    assert!(contacts[0].is_muted(AlertKind::Leaderless, today));
    assert!(contacts[0].is_muted_whole(today));
    assert_eq!(contacts[0].notes[0].text, "one");
}

#[test]
fn a_mute_of_a_kind_that_only_a_later_version_knows_is_kept_and_silences_nothing() {
    let program = known(80);
    program.run(&["mute", GROUP, "--alert", "quiet"]).exits(0);
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute("UPDATE mute_row SET alert = 'new_moon'", [])
        .unwrap();
    let contacts = program.mirror().read(contacts).unwrap();
    let today = chrono::Utc::now().date_naive();
    let is_muted = |kind: &AlertKind| contacts[0].is_muted(*kind, today);
    assert!(!AlertKind::ALL.iter().any(is_muted));
    assert!(!contacts[0].is_muted_whole(today));
    program
        .run(&["notes"])
        .exits(0)
        .says(&["muted \"new_moon\" until taken back"]);
}

#[test]
fn without_a_database_or_a_group_it_says_what_to_do() {
    let program = Program::small(79);
    program.run(&["note", GROUP, "too early"]).exits(6);
}

#[test]
fn a_groups_own_page_has_what_is_known_of_it_by_then() {
    let program = known(78);
    program.run(&["note", GROUP, "back in spring"]).exits(0);
    let asked = ["asked", GROUP, "--whom", "Ana"];
    // Without a day it comes back after two weeks.
    program
        .run(&asked)
        .exits(0)
        .says(&["was asked; look again on", &day(14)]);
    let page = program.run(&["report", "--group", GROUP]).exits(0);
    page.says(&["Contact", "“back in spring”", "asked Ana"]);
    let page = program.run(&["report", "--group", "sized-group-0002"]);
    assert!(!page.exits(0).out.contains("note of"));
    let before = ["report", "--group", GROUP, "--as-of", &day(-1)];
    assert!(!program.run(&before).exits(0).out.contains("note of"));
}
