//! `gatherd doctor`: every line in order and out of order, with its remedy and exit code.

use super::NONE;
use crate::program::{Program, Ran, database_of};
use gatherd::demo::{
    BadToken, CLIENT_ID, CLIENT_SECRET, Drift, Fault, On, Receiver, Rights, SEED_REFRESH_TOKEN,
};
use std::time::Duration;

/// The line about something: its word and what it says.
#[track_caller]
fn line(ran: &Ran, about: &str) -> (String, String) {
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let checks = json["checks"].as_array().unwrap();
    let found = checks.iter().find(|it| it["about"] == about);
    let found = found.unwrap_or_else(|| panic!("no line about {about}:\n{}", ran.out));
    let remedy = found["remedy"].as_str().unwrap_or_default();
    let said = format!("{} | {remedy}", found["message"].as_str().unwrap());
    (found["result"].as_str().unwrap().to_owned(), said)
}

/// Ends the test unless the line has this word and says this.
#[track_caller]
fn tells(ran: &Ran, about: &str, word: &str, says: &[&str]) {
    let (found, said) = line(ran, about);
    assert_eq!(found, word, "{about}: {said}");
    for part in says {
        assert!(said.contains(part), "{about}: no {part:?} in {said:?}");
    }
}

/// With a client and its refresh token.
fn refreshing(seed: u64) -> Program {
    let mut program = Program::small(seed).without_token();
    let more = format!("client_id = \"{CLIENT_ID}\"\nrefresh_token = \"{SEED_REFRESH_TOKEN}\"\n");
    let meetup = program.meetup_section(&more);
    program.configure(&format!("{meetup}[[network]]\nurlname = \"sized\"\n"));
    program.env = vec![("GATHERD_MEETUP_CLIENT_SECRET".into(), CLIENT_SECRET.into())];
    program
}

/// A port at which nobody answers.
fn nobody() -> std::net::SocketAddr {
    let bound = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    bound.local_addr().unwrap()
}

#[test]
fn all_in_order_is_a_line_each_and_exit_0() {
    let program = refreshing(71);
    program.run(&["backfill"]).exits(0);
    let ran = program.run(&["doctor", "--json"]).exits(0);
    tells(&ran, "config", "ok", &["1 network, 0 groups, 0 channels"]);
    tells(
        &ran,
        "database",
        "ok",
        &[&format!(
            "whole, schema version {}, last read ",
            crate::kept::newest()
        )],
    );
    tells(
        &ran,
        "api",
        "ok",
        &["127.0.0.1 answers by plain http, on this machine"],
    );
    tells(&ran, "token server", "ok", &["127.0.0.1"]);
    tells(&ran, "sign-in", "ok", &["renewed by itself in", " min, at"]);
    tells(&ran, "clock", "ok", &["agrees"]);
    tells(&ran, "network sized", "ok", &["visible, 4 groups"]);
    tells(&ran, "schema", "ok", &["is there"]);
    tells(&ran, "probe", "note", &["nothing learnt", "doctor --probe"]);
    let again = program.run(&["doctor", "--format", "json"]).exits(0);
    tells(&again, "schema", "ok", &[]);
    let text = program.run(&["doctor"]).exits(0).out;
    let words: Vec<usize> = text.lines().filter_map(|it| it.find(" ok ")).collect();
    assert!(
        words.len() > 7 && words.iter().all(|at| *at == words[0]),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'), "not to a pipe");
    let coloured = program.run(&["doctor", "--color", "always"]).out;
    assert!(coloured.contains("\u{1b}[32mok"), "{coloured}");
}

#[test]
fn a_database_that_is_not_there_yet_is_worth_a_note_and_is_not_made() {
    let program = Program::small(72);
    let ran = program.run(&["doctor", "--json", "--probe"]).exits(0);
    tells(
        &ran,
        "database",
        "note",
        &["there is none yet", "gatherd backfill"],
    );
    tells(&ran, "sign-in", "note", &["within the hour"]);
    tells(&ran, "network sized", "ok", &[]);
    tells(&ran, "schema", "ok", &[]);
    assert!(!program.path("gatherd.db").exists());
}

#[test]
fn a_wrong_configuration_exits_5_and_hides_nothing() {
    let program = Program::small(73).without_token();
    let ran = program.run(&["doctor", "--json"]).exits(5);
    tells(
        &ran,
        "config",
        "error",
        &["sign-in is missing", "GATHERD_MEETUP_ACCESS_TOKEN"],
    );
    tells(&ran, "api", "ok", &[]);
    tells(
        &ran,
        "sign-in",
        "note",
        &["not checked: the configuration is wrong"],
    );
    tells(&ran, "schema", "note", &["not checked"]);
    program.configure("[meetup]\nendpoint = \"http://api.example.com/\"\n");
    let ran = program.run(&["doctor", "--json"]).exits(5);
    assert!(
        ran.out.contains("meetup.endpoint is not https"),
        "{}",
        ran.out
    );
    std::fs::remove_file(program.path("gatherd.toml")).unwrap();
    let ran = program
        .run(&["doctor", "--config", "nowhere.toml"])
        .exits(5);
    ran.says(&["config  error", "the file does not exist", "gatherd init"]);
}

#[test]
fn a_database_that_cannot_be_used_exits_6_and_hides_nothing() {
    let program = Program::small(74);
    let path = program.path("gatherd.db");
    let cases: [(&str, &dyn Fn()); 3] = [
        ("not one of gatherd's", &|| {
            database_of(&path, "CREATE TABLE t (x)");
        }),
        ("its schema is version 99", &|| {
            program.run(&["backfill"]).exits(0);
            database_of(
                &path,
                "PRAGMA journal_mode = DELETE; PRAGMA user_version = 99;",
            );
        }),
        ("damaged", &|| {
            program.run(&["backfill"]).exits(0);
            database_of(&path, "PRAGMA journal_mode = DELETE");
            let mut bytes = std::fs::read(&path).unwrap();
            let (from, to) = (bytes.len() / 2, bytes.len() / 2 + 20_000);
            bytes[from..to].fill(0xA5);
            std::fs::write(&path, bytes).unwrap();
        }),
    ];
    for (says, spoil) in cases {
        for end in ["", "-wal", "-shm"] {
            let _ = std::fs::remove_file(program.path(&format!("gatherd.db{end}")));
        }
        spoil();
        let ran = program.run(&["doctor", "--json"]).exits(6);
        tells(&ran, "database", "error", &[says]);
        tells(&ran, "network sized", "ok", &[]);
        tells(&ran, "schema", "ok", &[]);
    }
}

#[test]
fn an_address_that_does_not_answer_is_told_apart_by_how() {
    let program = Program::small(75);
    for (address, says) in [
        (
            "https://no-such-host.invalid/gql".to_owned(),
            "no such name in DNS",
        ),
        (
            format!("http://{}/gql", nobody()),
            "no connection (connection refused)",
        ),
        // Somebody is there, but does not speak TLS.
        (
            program.sim.endpoint().replace("http:", "https:"),
            "TLS fails",
        ),
    ] {
        let configured =
            format!("[meetup]\nendpoint = \"{address}\"\n[[network]]\nurlname = \"sized\"\n");
        program.configure(&configured);
        let ran = program.run(&["doctor", "--json"]).exits(1);
        tells(&ran, "api", "error", &[says]);
        tells(
            &ran,
            "sign-in",
            "note",
            &["not checked: Meetup's API cannot be reached"],
        );
        tells(&ran, "network sized", "note", &["not checked"]);
    }
}

#[test]
fn an_outage_is_no_matter_of_the_sign_in_alone_and_has_its_remedy() {
    let program = Program::small(78);
    program.run(&["backfill"]).exits(0);
    program.sim.fault(On::Next, Fault::Status(503), 100);
    let ran = program.run(&["doctor", "--json"]).exits(1);
    tells(&ran, "sign-in", "error", &["HTTP 503", "try again"]);
    tells(&ran, "network sized", "note", &["Meetup does not answer"]);
}

#[test]
fn a_failing_sign_in_exits_4_and_hides_no_other_line() {
    for bad_token in [BadToken::Status401, BadToken::AuthFail] {
        let program = Program::small(76);
        program
            .sim
            .switch(|switches| switches.bad_token = bad_token);
        program.run(&["backfill"]).exits(0);
        program.sim.revoke_access_tokens();
        let ran = program.run(&["doctor", "--json"]).exits(4);
        tells(
            &ran,
            "sign-in",
            "error",
            &["Meetup refused the sign-in", "give a new access_token"],
        );
        tells(&ran, "database", "ok", &[]);
        tells(&ran, "clock", "ok", &[]);
        tells(
            &ran,
            "network sized",
            "note",
            &["not checked: the sign-in failed"],
        );
        tells(&ran, "schema", "note", &["not checked"]);
    }
    let program = refreshing(77);
    program.sim.revoke_refresh_tokens();
    let ran = program.run(&["doctor", "--json"]).exits(4);
    tells(
        &ran,
        "sign-in",
        "error",
        &["invalid_grant", "gatherd auth login"],
    );
    assert!(!ran.said().contains(SEED_REFRESH_TOKEN) && !ran.said().contains(CLIENT_SECRET));
}

#[test]
fn rights_that_are_missing_are_told_by_network_and_group() {
    let mut program = Program::small(78);
    let group = program.sim.with_world(|world| {
        let (at, _) = world.groups().next().unwrap();
        world.group(at).urlname.clone()
    });
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[[network]]\nurlname = \"no-such\"\n\
         [[group]]\nurlname = \"{group}\"\n[[group]]\nurlname = \"nobody-here\"\n"
    ));
    let ran = program.run(&["doctor", "--json"]).exits(1);
    tells(&ran, "network sized", "ok", &[]);
    tells(
        &ran,
        "network no-such",
        "error",
        &["no such network", "check [[network]] urlname"],
    );
    tells(&ran, &format!("group {group}"), "ok", &["visible: "]);
    tells(
        &ran,
        "group nobody-here",
        "error",
        &["no such group", "check [[group]] urlname"],
    );
    program.sim.allow_token("feeble-token", Rights::NoNetwork);
    program.env = vec![("GATHERD_MEETUP_ACCESS_TOKEN".into(), "feeble-token".into())];
    let ran = program.run(&["doctor", "--json"]).exits(1);
    tells(
        &ran,
        "network sized",
        "error",
        &["administers that network"],
    );
}

#[test]
fn a_clock_that_is_minutes_off_is_a_warning() {
    for (ahead, says) in [
        (240, "is 4 min behind Meetup's"),
        (-240, "is 4 min ahead of Meetup's"),
    ] {
        let program = Program::small(79);
        program
            .sim
            .switch(|switches| switches.clock_ahead_seconds = ahead);
        let ran = program.run(&["doctor", "--json"]).exits(0);
        let (word, said) = line(&ran, "clock");
        assert_eq!(word, "warning");
        let minutes = said.replace("3 min", "4 min");
        assert!(minutes.contains(says) && said.contains("NTP"), "{said}");
    }
}

#[test]
fn drift_is_told_with_its_weight_and_errors_exit_1() {
    let program = Program::small(80);
    program.run(&["backfill"]).exits(0);
    let gone = |place: &str| Drift::Gone(place.to_owned());
    program
        .sim
        .drift(&[gone("Group.city"), Drift::New("EventStatus.LATE".into())])
        .unwrap();
    let ran = program.run(&["doctor"]).exits(0);
    ran.says(&[
        "warning  Group.city is gone",
        "note     EventStatus.LATE is a new value",
    ]);
    program.sim.drift(&[gone("Event.token")]).unwrap();
    let ran = program.run(&["doctor"]).exits(1);
    ran.says(&[
        "error    Event.token is gone from Meetup's API",
        "NetworkEvents",
        "look for a newer gatherd",
    ]);
    program.sim.drift(&[]).unwrap();
    program
        .sim
        .switch(|switches| switches.introspection_refused = true);
    let ran = program.run(&["doctor", "--json"]).exits(0);
    tells(&ran, "schema", "note", &["introspection is refused"]);
}

#[test]
fn channels_are_looked_at_and_posted_to_only_if_asked() {
    let program = Program::small(81);
    program.run(&["backfill"]).exits(0);
    let receiver = Receiver::start().unwrap();
    let meetup = program.meetup_section("");
    let channel = |name: &str, url: &str| {
        format!("[[channel]]\nname = \"{name}\"\nkind = \"slack\"\nurl = \"{url}\"\n")
    };
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n{}{}{}",
        channel("ops", &receiver.url("/secret-hook")),
        channel("dead", &format!("http://{}/secret-dead", nobody())),
        channel("lost", "https://no-such-host.invalid/secret-lost"),
    ));
    let ran = program.run(&["doctor", "--json"]).exits(1);
    tells(&ran, "channel ops", "ok", &["--post sends a test line"]);
    tells(
        &ran,
        "channel dead",
        "error",
        &[
            "cannot be reached: no connection (connection refused)",
            "compare its url",
        ],
    );
    tells(&ran, "channel lost", "error", &["not known"]);
    assert!(!ran.said().contains("secret"), "{}", ran.said());
    assert_eq!(receiver.received().len(), 0);
    let ran = program.run(&["doctor", "--json", "--post"]).exits(1);
    tells(&ran, "channel ops", "ok", &["a test line arrived"]);
    assert_eq!(receiver.received().len(), 1);
    assert_eq!(
        program.rows("SELECT * FROM deliveries"),
        NONE,
        "no delivery of a report's"
    );
}

#[test]
fn a_probe_says_whether_the_api_answers_at_its_other_address_too() {
    let program = Program::small(83);
    let there = program.sim.endpoint().replace("gql-ext", "gql2");
    let without = format!("note     {there}: does not say who is signed in (HTTP 404)");
    program
        .run(&["doctor", "--probe"])
        .exits(0)
        .says(&[&without]);
    program.sim.switch(|switches| switches.gql2 = true);
    let with = format!("ok       {there}: answers, too, as ");
    program.run(&["doctor", "--probe"]).exits(0).says(&[&with]);
    // Nobody asks there for anything else.
    assert!(!program.run(&["doctor"]).exits(0).out.contains("gql2"));
}

#[test]
fn a_probe_is_kept_shown_and_grows_stale() {
    let program = Program::small(82);
    program.run(&["backfill"]).exits(0);
    program
        .sim
        .switch(|switches| switches.date_max_inclusive = false);
    program.run(&["doctor", "--probe"]).exits(0).says(&[
        "ok       date_max_inclusive: no (tried on a past event)",
        "note     old_id_answers: not seen yet",
    ]);
    let kept = "SELECT value FROM capabilities WHERE name = 'date_max_inclusive'";
    assert_eq!(program.rows(kept), ["no"]);
    program
        .run(&["doctor"])
        .exits(0)
        .says(&["ok       date_max_inclusive: no (found 20"]);
    database_of(
        &program.path("gatherd.db"),
        "UPDATE capability_row SET found_at = found_at - 40 * 86400",
    );
    program.run(&["doctor"]).exits(0).says(&[
        "note     date_max_inclusive: no",
        "too long ago",
        "--probe` again",
    ]);
}

#[test]
fn a_doctor_waits_for_no_one_for_long() {
    let program = Program::small(83);
    program
        .sim
        .switch(|switches| switches.latency = Duration::from_millis(1));
    let fault = gatherd::demo::Fault::Status(503);
    program.sim.fault(gatherd::demo::On::Next, fault, 100);
    let ran = program.run(&["doctor", "--json"]).exits(1);
    tells(&ran, "sign-in", "error", &["HTTP 503"]);
    tells(
        &ran,
        "network sized",
        "note",
        &["not checked: Meetup does not answer"],
    );
}
