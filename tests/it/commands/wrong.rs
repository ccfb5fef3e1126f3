//! Bad input: each a sentence with its remedy and the right exit code.

use crate::program::{Program, port};
use gatherd::demo::{Rights, World};

#[test]
fn all_configuration_problems_are_told_at_once() {
    let program = Program::small(11).without_token();
    program.configure(
        "databse = \"x.db\"\n\
         [meetup]\nendpoint = \"http://api.example.com/\"\npage_sise = 3\n\
         [[network]]\nurlname = \"sized\"\n\
         [schedule]\npoll = \"often\"\nsweep = \"0 25 * * *\"\ntimezone = \"Mars/Olympus\"\n\
         [[channel]]\nname = \"ops\"\nkind = \"slack\"\n\
         [[channel]]\nname = \"hook\"\nkind = \"webhook\"\nurl_file = \"missing\"\n",
    );
    let ran = program.run(&["sync"]).exits(5).says(&[
        "databse is not a known key",
        "did you mean database?",
        "meetup.endpoint is not https",
        "meetup.page_sise is not a known key",
        "did you mean page_size?",
        "schedule.poll",
        "schedule.sweep",
        "schedule.timezone",
        "Mars/Olympus",
        "meetup.sign-in is missing",
        "GATHERD_MEETUP_ACCESS_TOKEN",
        "ops",
        "GATHERD_CHANNEL_OPS_URL",
        "missing",
        "line 1:",
    ]);
    assert_eq!(ran.out, "", "errors go to stderr");
    assert!(!program.path("gatherd.db").exists() && !program.path("x.db").exists());
    assert_eq!(program.sim.counters().requests, 0);
    for command in ["backfill", "status", "report", "run"] {
        program
            .run(&[command])
            .exits(5)
            .says(&["schedule.timezone", "databse"]);
    }
}

#[test]
fn a_configuration_that_is_not_there_or_no_toml_is_told() {
    let program = Program::small(12);
    program
        .run(&["sync", "--config", "nowhere.toml"])
        .exits(5)
        .says(&["nowhere.toml"]);
    program.configure("[[network]\nurlname = ");
    program
        .run(&["sync"])
        .exits(5)
        .says(&["gatherd.toml", "line 1"]);
}

#[test]
fn a_wrong_command_line_exits_2() {
    let program = Program::small(13);
    for args in [
        ["frobnicate"].as_slice(),
        &["sync", "--since"],
        &["backfill", "--since", "soon"],
    ] {
        program.run(args).exits(2);
    }
}

#[test]
fn a_network_that_meetup_does_not_show_is_listed_with_its_remedy() {
    let program = Program::small(14);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[[network]]\nurlname = \"no-such\"\n\
         [[group]]\nurlname = \"nobody-here\"\n"
    ));
    for command in ["backfill", "sync"] {
        program.run(&[command]).exits(3).says(&[
            "network no-such: Meetup shows no network \"no-such\" to this account",
            "check [[network]] urlname",
            "group nobody-here: Meetup shows no group \"nobody-here\"",
            "check [[group]] urlname",
        ]);
    }
    let complete = "SELECT count(*) FROM groups WHERE history_complete AND gone_at IS NULL";
    assert_eq!(
        program.rows(complete),
        ["4"],
        "the other network is read all the same"
    );
}

#[test]
fn a_token_without_rights_sees_no_network_and_takes_nothing_away() {
    let mut program = Program::small(15);
    program.run(&["backfill"]).exits(0);
    program.sim.allow_token("feeble-token", Rights::NoNetwork);
    program.env = vec![("GATHERD_MEETUP_ACCESS_TOKEN".into(), "feeble-token".into())];
    let ran = program.run(&["sync"]).exits(3).says(&[
        "Meetup shows no network \"sized\"",
        "that the account signed in administers that network",
    ]);
    assert!(!ran.said().contains("feeble-token"));
    assert_eq!(
        program.rows("SELECT count(*) FROM groups WHERE gone_at IS NOT NULL"),
        ["0"]
    );
    program.run(&["status", "--check"]);
}

#[test]
fn nobody_at_the_address_exits_1_and_names_the_trouble() {
    // On a port that nobody else is given once it is free.
    let world = World::sized(16, 4, 40, 500, 200, chrono::Utc::now());
    let unlimited = gatherd::demo::Switches::unlimited();
    let sim = gatherd::demo::Simulated::start_on(world, unlimited, port()).unwrap();
    let mut program = Program::at(sim);
    program.run(&["backfill"]).exits(0);
    let nobody = format!("http://127.0.0.1:{}/", port());
    program
        .env
        .push(("GATHERD_MEETUP_TOKEN_ENDPOINT".into(), nobody));
    program.run(&["sync"]).exits(0);
    drop(std::mem::replace(&mut program.sim, {
        let world = World::empty(1);
        gatherd::demo::Simulated::start(world, gatherd::demo::Switches::unlimited()).unwrap()
    }));
    // The configuration still names the address of the one that stopped.
    program.run(&["sync"]).exits(1).says(&["no connection"]);
    program.run(&["status", "--check"]).exits(0);
}
